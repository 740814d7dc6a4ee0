package dev.backprop.engine.plan;

import dev.backprop.engine.scoring.Predictor;
import org.jspecify.annotations.Nullable;

/// What a training came to.
public sealed interface TrainingResult {

  /// A model that can answer.
  record Trained(Predictor predictor, Learned learned) implements TrainingResult {}

  /// @param epoch the epoch that was under way, from 1
  record Cancelled(int epoch) implements TrainingResult {}

  /// It may go on from its last checkpoint.
  record Suspended() implements TrainingResult {}

  /// @param member of an ensemble that did, from 1; null if there is none
  /// @param fold the fold that did, from 1; null for the fit that was to be kept
  /// @param epoch the epoch in which the numbers overflowed, from 1
  record Diverged(@Nullable Integer member, @Nullable Integer fold, int epoch, String detail)
      implements TrainingResult {

    /// What the texts of problems name.
    public String what() {
      return member != null
          ? "fold %d of member %d".formatted(fold, member)
          : fold == null ? "the training" : "fold " + fold;
    }

    Diverged(int epoch, String detail) {
      this(null, null, epoch, detail);
    }
  }
}
