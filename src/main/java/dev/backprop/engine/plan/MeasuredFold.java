package dev.backprop.engine.plan;

import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.training.EpochReport;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A fit to a fold that has ended, with what the result tells of it together with the others only.
///
/// @param task from 1; the number of the fold, if there is one candidate
/// @param parts see [Evaluation#parts()]
/// @param kept null if its network will not be served
record MeasuredFold(
    int task,
    CrossValidationResult.Fold figures,
    Map<String, Map<String, Double>> parts,
    @Nullable KeptFit kept) {

  /// @param task from 1
  /// @param member from 1; null if there is one candidate
  /// @param fold from 1
  /// @param kept whether its network will be served
  static MeasuredFold of(
      int task, @Nullable Integer member, int fold, TrainingResult.Trained trained, boolean kept) {
    Learned learned = trained.learned();
    Evaluation evaluation = Objects.requireNonNull(learned.evaluations().get("validation"));
    return new MeasuredFold(
        task,
        new CrossValidationResult.Fold(
            member,
            fold,
            evaluation.rows(),
            learned.epochs(),
            learned.bestEpoch(),
            evaluation.figures()),
        evaluation.parts(),
        kept ? KeptFit.of(trained) : null);
  }

  /// What its epochs took together; 0 if they are not kept.
  double seconds() {
    return kept == null ? 0 : kept.history().stream().mapToDouble(EpochReport::seconds).sum();
  }
}
