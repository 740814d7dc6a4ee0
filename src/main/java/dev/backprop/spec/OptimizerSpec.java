package dev.backprop.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/// How gradients become updates. The defaults are those of PyTorch 2, but for the learning rate,
/// which is 0.001 for all (sgd and rmsprop too).
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = OptimizerSpec.Sgd.class, name = "sgd"),
  @JsonSubTypes.Type(value = OptimizerSpec.Adam.class, name = "adam"),
  @JsonSubTypes.Type(value = OptimizerSpec.AdamW.class, name = "adamw"),
  @JsonSubTypes.Type(value = OptimizerSpec.RmsProp.class, name = "rmsprop"),
})
public sealed interface OptimizerSpec {

  double DEFAULT_LEARNING_RATE = 0.001;

  double learningRate();

  /// Stochastic gradient descent with momentum (Polyak 1964) or Nesterov momentum (Sutskever et al.
  /// 2013).
  ///
  /// @param learningRate above 0
  /// @param momentum at least 0, below 1
  record Sgd(double learningRate, double momentum, boolean nesterov) implements OptimizerSpec {
    public Sgd {
      Check.positive("/learningRate", learningRate);
      Check.fraction("/momentum", momentum);
      if (nesterov && momentum == 0) {
        throw new InvalidSpecException("/momentum", "must be above 0 with nesterov, was 0");
      }
    }

    @JsonCreator
    static Sgd of(
        @Nullable Double learningRate, @Nullable Double momentum, @Nullable Boolean nesterov) {
      return new Sgd(
          or(learningRate, DEFAULT_LEARNING_RATE), or(momentum, 0), nesterov != null && nesterov);
    }
  }

  /// Adam (Kingma and Ba 2015).
  ///
  /// @param learningRate above 0
  /// @param beta1 at least 0, below 1
  /// @param beta2 at least 0, below 1
  /// @param epsilon above 0
  record Adam(double learningRate, double beta1, double beta2, double epsilon)
      implements OptimizerSpec {
    public Adam {
      checkAdam(learningRate, beta1, beta2, epsilon);
    }

    @JsonCreator
    public static Adam of(
        @Nullable Double learningRate,
        @Nullable Double beta1,
        @Nullable Double beta2,
        @Nullable Double epsilon) {
      return new Adam(
          or(learningRate, DEFAULT_LEARNING_RATE),
          or(beta1, 0.9),
          or(beta2, 0.999),
          or(epsilon, 1e-8));
    }
  }

  /// Adam with decoupled weight decay (Loshchilov and Hutter 2019). The decay shrinks weights,
  /// never biases.
  ///
  /// @param weightDecay at least 0
  record AdamW(double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
      implements OptimizerSpec {
    public AdamW {
      checkAdam(learningRate, beta1, beta2, epsilon);
      Check.notNegative("/weightDecay", weightDecay);
    }

    @JsonCreator
    static AdamW of(
        @Nullable Double learningRate,
        @Nullable Double beta1,
        @Nullable Double beta2,
        @Nullable Double epsilon,
        @Nullable Double weightDecay) {
      return new AdamW(
          or(learningRate, DEFAULT_LEARNING_RATE),
          or(beta1, 0.9),
          or(beta2, 0.999),
          or(epsilon, 1e-8),
          or(weightDecay, 0.01));
    }
  }

  /// RMSProp (Tieleman and Hinton 2012), in PyTorch's form.
  ///
  /// @param learningRate above 0
  /// @param alpha the smoothing constant, at least 0, below 1
  /// @param epsilon above 0
  /// @param momentum at least 0, below 1
  record RmsProp(double learningRate, double alpha, double epsilon, double momentum)
      implements OptimizerSpec {
    public RmsProp {
      Check.positive("/learningRate", learningRate);
      Check.fraction("/alpha", alpha);
      Check.positive("/epsilon", epsilon);
      Check.fraction("/momentum", momentum);
    }

    @JsonCreator
    static RmsProp of(
        @Nullable Double learningRate,
        @Nullable Double alpha,
        @Nullable Double epsilon,
        @Nullable Double momentum) {
      return new RmsProp(
          or(learningRate, DEFAULT_LEARNING_RATE),
          or(alpha, 0.99),
          or(epsilon, 1e-8),
          or(momentum, 0));
    }
  }

  private static double or(@Nullable Double given, double otherwise) {
    return given == null ? otherwise : given;
  }

  private static void checkAdam(double learningRate, double beta1, double beta2, double epsilon) {
    Check.positive("/learningRate", learningRate);
    Check.fraction("/beta1", beta1);
    Check.fraction("/beta2", beta2);
    Check.positive("/epsilon", epsilon);
  }
}
