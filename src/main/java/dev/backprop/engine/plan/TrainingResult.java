package dev.backprop.engine.plan;

import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Predictor;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a training came to.
public sealed interface TrainingResult {

  /// A model that can answer.
  ///
  /// @param epochs how many ran
  /// @param bestEpoch the epoch whose parameters the predictor holds, from 1
  /// @param evaluations by part: `validation` and `test` where there are such rows, `training`
  ///   where there is neither
  /// @param converged whether the optimizer met its tolerances
  /// @param crossValidation null where there was none
  /// @param warnings what only the split and the run could tell
  record Trained(
      Predictor predictor,
      int epochs,
      int bestEpoch,
      boolean stoppedEarly,
      boolean stoppedByTime,
      boolean converged,
      Map<String, Evaluation> evaluations,
      @Nullable CrossValidationResult crossValidation,
      List<String> warnings)
      implements TrainingResult {

    /// The same, cross-validated.
    Trained with(CrossValidationResult result, List<String> more) {
      return new Trained(
          predictor,
          epochs,
          bestEpoch,
          stoppedEarly,
          stoppedByTime,
          converged,
          evaluations,
          result,
          Stream.concat(more.stream(), warnings.stream()).toList());
    }
  }

  /// @param epoch the epoch that was under way, from 1
  record Cancelled(int epoch) implements TrainingResult {}

  /// Its last checkpoint is where it may go on from.
  record Suspended() implements TrainingResult {}

  /// @param fold the fold of a cross-validation that did, from 1; null for the fit that was to be
  ///   kept
  /// @param epoch the epoch in which the numbers overflowed, from 1
  record Diverged(@Nullable Integer fold, int epoch, String detail) implements TrainingResult {

    Diverged(int epoch, String detail) {
      this(null, epoch, detail);
    }
  }
}
