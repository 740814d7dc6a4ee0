package dev.backprop.engine.plan;

import dev.backprop.engine.training.Ending;
import dev.backprop.engine.training.EpochReport;
import java.util.List;
import java.util.stream.Stream;

/// What the networks that are served together came to.
///
/// @param folds in their order
public record BaggingResult(List<Fold> folds) {

  /// A network that learned from the other folds.
  ///
  /// @param result of the fold, with the figures on its rows
  /// @param history every epoch, oldest first
  public record Fold(CrossValidationResult.Fold result, Ending ending, List<EpochReport> history) {

    public Fold {
      history = List.copyOf(history);
    }

    /// The same of a network that is served as if there had been no ensemble.
    Fold ofNoMember() {
      return new Fold(result.ofNoMember(), ending, history);
    }
  }

  public BaggingResult {
    folds = List.copyOf(folds);
  }

  /// How many epochs ran in all folds.
  int epochs() {
    return folds.stream().mapToInt(fold -> fold.history().size()).sum();
  }

  /// The median of the folds' best epochs, of two medians the lower.
  int bestEpoch() {
    return CrossValidationResult.epochs(folds.stream().map(Fold::result).toList());
  }

  /// By time if any fold was, else early if any fold stopped early.
  Ending ending() {
    return Stream.of(Ending.STOPPED_BY_TIME, Ending.STOPPED_EARLY)
        .filter(ending -> folds.stream().anyMatch(fold -> fold.ending() == ending))
        .findFirst()
        .orElse(folds.getFirst().ending());
  }
}
