package dev.backprop.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/// How the learning rate moves: rate = base rate · factor(epoch). Epochs count from 0 in the
/// formulas.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ScheduleSpec.Constant.class, name = "constant"),
  @JsonSubTypes.Type(value = ScheduleSpec.Step.class, name = "step"),
  @JsonSubTypes.Type(value = ScheduleSpec.Exponential.class, name = "exponential"),
  @JsonSubTypes.Type(value = ScheduleSpec.Cosine.class, name = "cosine"),
})
public sealed interface ScheduleSpec {

  /// 1.
  record Constant() implements ScheduleSpec {}

  /// factor^⌊epoch / every⌋ (PyTorch's StepLR).
  ///
  /// @param every epochs between two steps, at least 1
  /// @param factor above 0, at most 1
  record Step(int every, double factor) implements ScheduleSpec {
    public Step {
      Check.range("/every", every, 1, TrainingSpec.MAX_EPOCHS);
      Check.factor("/factor", factor);
    }

    @JsonCreator
    static Step of(@Nullable Integer every, @Nullable Double factor) {
      if (every == null) {
        throw new InvalidSpecException("/every", "is required");
      }
      return new Step(every, factor == null ? 0.1 : factor);
    }
  }

  /// factor^epoch (PyTorch's ExponentialLR).
  ///
  /// @param factor above 0, at most 1
  record Exponential(double factor) implements ScheduleSpec {
    public Exponential {
      Check.factor("/factor", factor);
    }

    @JsonCreator
    static Exponential of(@Nullable Double factor) {
      if (factor == null) {
        throw new InvalidSpecException("/factor", "is required");
      }
      return new Exponential(factor);
    }
  }

  /// A linear rise over the warm-up, then half a cosine from 1 to `minimumFactor` (Loshchilov and
  /// Hutter 2017, without restarts), moving with every batch.
  ///
  /// @param warmupEpochs at least 0, below the number of epochs
  /// @param minimumFactor at least 0, below 1
  record Cosine(int warmupEpochs, double minimumFactor) implements ScheduleSpec {
    public Cosine {
      Check.range("/warmupEpochs", warmupEpochs, 0, TrainingSpec.MAX_EPOCHS - 1);
      Check.fraction("/minimumFactor", minimumFactor);
    }

    @JsonCreator
    static Cosine of(@Nullable Integer warmupEpochs, @Nullable Double minimumFactor) {
      return new Cosine(
          warmupEpochs == null ? 0 : warmupEpochs, minimumFactor == null ? 0 : minimumFactor);
    }
  }
}
