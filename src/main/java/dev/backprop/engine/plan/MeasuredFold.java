package dev.backprop.engine.plan;

import dev.backprop.engine.scoring.Evaluation;
import java.util.Map;
import java.util.Objects;

/// A fold of a cross-validation that has ended, with what the result tells of it together with the
/// others only.
///
/// @param parts see [Evaluation#parts()]
record MeasuredFold(CrossValidationResult.Fold figures, Map<String, Map<String, Double>> parts) {

  /// @param fold from 1
  static MeasuredFold of(int fold, Learned learned) {
    Evaluation evaluation = Objects.requireNonNull(learned.evaluations().get("validation"));
    return new MeasuredFold(
        new CrossValidationResult.Fold(
            fold, evaluation.rows(), learned.epochs(), learned.bestEpoch(), evaluation.figures()),
        evaluation.parts());
  }
}
