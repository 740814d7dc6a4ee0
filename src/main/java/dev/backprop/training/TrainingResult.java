package dev.backprop.training;

import dev.backprop.scoring.Evaluation;
import dev.backprop.scoring.Predictor;
import java.util.List;
import java.util.Map;

/// What a training came to.
public sealed interface TrainingResult {

  /// A model that can answer.
  ///
  /// @param epochs how many ran
  /// @param bestEpoch the epoch whose parameters the predictor holds, from 1
  /// @param evaluations by part: `validation` and `test` where there are such rows, `training`
  ///   where there is neither
  /// @param warnings what only the split could tell
  record Trained(
      Predictor predictor,
      int epochs,
      int bestEpoch,
      boolean stoppedEarly,
      boolean stoppedByTime,
      Map<String, Evaluation> evaluations,
      List<String> warnings)
      implements TrainingResult {}

  /// @param epoch the epoch that was under way, from 1
  record Cancelled(int epoch) implements TrainingResult {}

  /// @param epoch the epoch in which the numbers overflowed, from 1
  record Diverged(int epoch, String detail) implements TrainingResult {}
}
