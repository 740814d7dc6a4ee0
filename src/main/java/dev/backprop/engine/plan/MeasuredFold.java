package dev.backprop.engine.plan;

import dev.backprop.engine.scoring.Evaluation;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A fold of a cross-validation that has ended, with what the result tells of it together with the
/// others only.
///
/// @param parts see [Evaluation#parts()]
/// @param kept null if its network will not be served
record MeasuredFold(
    CrossValidationResult.Fold figures,
    Map<String, Map<String, Double>> parts,
    @Nullable KeptFit kept) {

  /// @param fold from 1
  /// @param kept whether its network will be served
  static MeasuredFold of(int fold, TrainingResult.Trained trained, boolean kept) {
    Learned learned = trained.learned();
    Evaluation evaluation = Objects.requireNonNull(learned.evaluations().get("validation"));
    return new MeasuredFold(
        new CrossValidationResult.Fold(
            fold, evaluation.rows(), learned.epochs(), learned.bestEpoch(), evaluation.figures()),
        evaluation.parts(),
        kept ? KeptFit.of(trained) : null);
  }
}
