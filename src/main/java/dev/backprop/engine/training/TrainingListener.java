package dev.backprop.engine.training;

/// Hears of every epoch, on the thread that trains.
@FunctionalInterface
public interface TrainingListener {
  void onEpoch(EpochReport report);

  /// Hears of every epoch of the folds of a cross-validation, whose last fit is [#onEpoch]'s, on
  /// the threads that train them: several at once.
  ///
  /// @param fold from 1
  default void onFoldEpoch(int fold, EpochReport report) {}

  /// Hears of every fold that has ended well, likewise.
  default void onFold(CrossValidationResult.Fold fold) {}
}
