package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonInclude;
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
  @JsonSubTypes.Type(value = ScheduleSpec.CosineRestarts.class, name = "cosine-restarts"),
  @JsonSubTypes.Type(value = ScheduleSpec.OneCycle.class, name = "one-cycle"),
  @JsonSubTypes.Type(value = ScheduleSpec.CosLog4.class, name = "coslog4"),
  @JsonSubTypes.Type(value = ScheduleSpec.FlatCos.class, name = "flat-cos"),
  @JsonSubTypes.Type(value = ScheduleSpec.ExponentialWarmup.class, name = "exponential-warmup"),
  @JsonSubTypes.Type(value = ScheduleSpec.ReduceOnPlateau.class, name = "reduce-on-plateau"),
})
public sealed interface ScheduleSpec {

  /// Whether the factor depends on how many epochs will run.
  default boolean dependsOnEpochs() {
    return switch (this) {
      case Cosine _, OneCycle _, CosLog4 _, FlatCos _ -> true;
      case Constant _,
          Step _,
          Exponential _,
          CosineRestarts _,
          ExponentialWarmup _,
          ReduceOnPlateau _ ->
          false;
    };
  }

  /// 1.
  record Constant() implements ScheduleSpec {}

  /// factor^⌊epoch / every⌋ (PyTorch's StepLR).
  ///
  /// @param every epochs between two steps, at least 1
  /// @param factor above 0, at most 1
  record Step(@Interval("[1, 10000]") int every, @Interval("(0, 1]") @Default("0.1") double factor)
      implements ScheduleSpec {
    public Step {
      Check.range("/every", every, 1, TrainingSpec.MAX_EPOCHS);
      Check.factor("/factor", factor);
    }
  }

  /// factor^epoch (PyTorch's ExponentialLR).
  ///
  /// @param factor above 0, at most 1
  record Exponential(@Interval("(0, 1]") double factor) implements ScheduleSpec {
    public Exponential {
      Check.factor("/factor", factor);
    }
  }

  /// A linear rise over the warm-up, then half a cosine from 1 to `minimumFactor` (Loshchilov and
  /// Hutter 2017, without restarts), moving with every batch.
  ///
  /// @param warmupEpochs at least 0, below the number of epochs
  /// @param minimumFactor at least 0, below 1
  record Cosine(
      @Interval("[0, 10000)") @Default("0") int warmupEpochs,
      @Interval("[0, 1)") @Default("0") double minimumFactor)
      implements ScheduleSpec {
    public Cosine {
      Check.range("/warmupEpochs", warmupEpochs, 0, TrainingSpec.MAX_EPOCHS - 1);
      Check.fraction("/minimumFactor", minimumFactor);
    }
  }

  /// Half a cosine from 1 to `minimumFactor`, again and again, each as many times longer as
  /// `multiplier` says (SGDR, Loshchilov and Hutter 2017; PyTorch's CosineAnnealingWarmRestarts),
  /// moving with every batch.
  ///
  /// @param period epochs of the first cosine, at least 1; 10 by default
  /// @param multiplier 1 … 100
  /// @param minimumFactor at least 0, below 1
  record CosineRestarts(
      @Interval("[1, 10000]") @Default("10") int period,
      @Interval("[1, 100]") @Default("1") int multiplier,
      @Interval("[0, 1)") @Default("0") double minimumFactor)
      implements ScheduleSpec {
    public CosineRestarts {
      Check.range("/period", period, 1, TrainingSpec.MAX_EPOCHS);
      Check.range("/multiplier", multiplier, 1, 100);
      Check.fraction("/minimumFactor", minimumFactor);
    }
  }

  /// Half a cosine up from 1 / initialDivisor to 1, then half a cosine down to 1 / (initialDivisor
  /// · finalDivisor) at the last batch of the last epoch. Smith and Topin 2018; PyTorch's
  /// OneCycleLR with its defaults, without its cycle of the momentum.
  ///
  /// @param warmupFraction share of the steps that rise, above 0, below 1
  /// @param initialDivisor at least 1
  /// @param finalDivisor at least 1
  record OneCycle(
      @Interval("(0, 1)") @Default("0.3") double warmupFraction,
      @Interval("[1, ∞)") @Default("25") double initialDivisor,
      @Interval("[1, ∞)") @Default("1e4") double finalDivisor)
      implements ScheduleSpec {
    public OneCycle {
      Check.positive("/warmupFraction", warmupFraction);
      Check.fraction("/warmupFraction", warmupFraction);
      Check.atLeastOne("/initialDivisor", initialDivisor);
      Check.atLeastOne("/finalDivisor", finalDivisor);
    }
  }

  /// ½ (1 - cos(2π log2(1 + 15t))), t the share of the steps that have been made: four waves from 0
  /// to 1 and back, each about twice as long as the one before it. It moves with every batch
  /// (`coslog4` of RealMLP, Holzmüller et al. 2024). The first step has a learning rate of 0.
  record CosLog4() implements ScheduleSpec {}

  /// 1 for the first half of the steps, then half a cosine down to 0, moving with every batch, see
  /// [FactorSchedule#FLAT_COS].
  record FlatCos() implements ScheduleSpec {}

  /// 1 - exp(-t / steps) at step t = 1, 2, … of the training (Ma and Yarats 2021, whose rule for
  /// Adam is steps = 1 / (1 - beta2), 1,000 with its default).
  ///
  /// @param steps above 0
  record ExponentialWarmup(@Interval("(0, ∞)") @Default("1000") double steps)
      implements ScheduleSpec {
    public ExponentialWarmup {
      Check.positive("/steps", steps);
    }
  }

  /// Starts at 1 and is multiplied by `factor` whenever the loss that it watches has not fallen by
  /// more than `minDelta` for `patience` epochs (the rule of Keras' ReduceLROnPlateau). Needs
  /// validation rows.
  ///
  /// @param factor above 0, below 1
  /// @param patience epochs, at least 1; 5 by default, so that it acts before early stopping does
  /// @param minDelta at least 0
  /// @param minimumFactor the least that remains, at least 0, below 1
  /// @param monitor as [EarlyStoppingSpec.Patience] has it
  record ReduceOnPlateau(
      @Interval("(0, 1)") @Default("0.1") double factor,
      @Interval("[1, 10000]") @Default("5") int patience,
      @Interval("[0, ∞)") @Default("0") double minDelta,
      @Interval("[0, 1)") @Default("0") double minimumFactor,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Monitor monitor)
      implements ScheduleSpec {
    public ReduceOnPlateau {
      Check.positive("/factor", factor);
      Check.fraction("/factor", factor);
      Check.range("/patience", patience, 1, TrainingSpec.MAX_EPOCHS);
      Check.notNegative("/minDelta", minDelta);
      Check.fraction("/minimumFactor", minimumFactor);
    }

    ReduceOnPlateau watching(@Nullable Monitor other) {
      return new ReduceOnPlateau(factor, patience, minDelta, minimumFactor, other);
    }

    /// As [EarlyStoppingSpec.Patience] has it.
    @Override
    public String toString() {
      return "ReduceOnPlateau[factor=%s, patience=%s, minDelta=%s, minimumFactor=%s%s]"
          .formatted(factor, patience, minDelta, minimumFactor, Monitor.text(monitor));
    }
  }
}
