package dev.backprop.engine.plan;

import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.Signal;

/// Watches over a training: says whether it may go on, keeps its checkpoints, hears of its epochs,
/// lends it memory.
@FunctionalInterface
public interface Supervisor extends Checkpoints, SpareMemory {

  /// Called after each epoch of the network that will be kept, on the thread that trains.
  void onEpoch(EpochReport report);

  /// Called after each epoch of a fold of a cross-validation, on the threads that train the folds:
  /// by several at once.
  ///
  /// @param fold from 1
  default void onFoldEpoch(int fold, EpochReport report) {}

  /// Called for every fold that has ended well, likewise.
  default void onFold(CrossValidationResult.Fold fold) {}

  /// Called for every fold that comes to nothing because the numbers of its member overflow in this
  /// or another fold, likewise.
  ///
  /// @param fold from 1
  default void onFoldLeft(int fold) {}

  /// Whether nothing further is to begin: no epoch, no fold, no candidate. What there is then is
  /// served. Asked by several threads at once. Once it says so it goes on to.
  default boolean finishes() {
    return false;
  }

  @Override
  default Signal signal() {
    return Signal.GO_ON;
  }

  @Override
  default void save(Checkpoint checkpoint) {}
}
