package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// How gradients become updates. The defaults are those of PyTorch 2, but for the learning rate,
/// which is 0.001 (for sgd and rmsprop too) unless a record names another.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = OptimizerSpec.Sgd.class, name = "sgd"),
  @JsonSubTypes.Type(value = OptimizerSpec.Adam.class, name = "adam"),
  @JsonSubTypes.Type(value = OptimizerSpec.AdamW.class, name = "adamw"),
  @JsonSubTypes.Type(value = OptimizerSpec.RmsProp.class, name = "rmsprop"),
  @JsonSubTypes.Type(value = OptimizerSpec.Nadam.class, name = "nadam"),
  @JsonSubTypes.Type(value = OptimizerSpec.AdaGrad.class, name = "adagrad"),
  @JsonSubTypes.Type(value = OptimizerSpec.AdaDelta.class, name = "adadelta"),
  @JsonSubTypes.Type(value = OptimizerSpec.Lion.class, name = "lion"),
  @JsonSubTypes.Type(value = OptimizerSpec.Rprop.class, name = "rprop"),
  @JsonSubTypes.Type(value = OptimizerSpec.Lbfgs.class, name = "lbfgs"),
})
public sealed interface OptimizerSpec {

  double learningRate();

  /// Whether every step must see all training rows, and always the same function of the parameters.
  default boolean fullBatch() {
    return false;
  }

  /// Whether weights are decayed apart from their gradients.
  default boolean decays() {
    return switch (this) {
      case AdamW _, Lion _ -> true;
      case Sgd _, Adam _, RmsProp _, Nadam _, AdaGrad _, AdaDelta _, Rprop _, Lbfgs _ -> false;
    };
  }

  /// Stochastic gradient descent with momentum (Polyak 1964) or Nesterov momentum (Sutskever et al.
  /// 2013).
  ///
  /// @param learningRate above 0
  /// @param momentum at least 0, below 1
  record Sgd(
      @Interval("(0, ∞)") @Default("0.001") double learningRate,
      @Interval("[0, 1)") @Default("0") double momentum,
      @Default("false") boolean nesterov)
      implements OptimizerSpec {
    public Sgd {
      Check.positive("/learningRate", learningRate);
      Check.fraction("/momentum", momentum);
      if (nesterov && momentum == 0) {
        throw new InvalidSpecException("/momentum", "must be above 0 with nesterov, was 0");
      }
    }
  }

  /// Adam (Kingma and Ba 2015).
  ///
  /// @param learningRate above 0
  /// @param beta1 at least 0, below 1
  /// @param beta2 at least 0, below 1
  /// @param epsilon above 0
  record Adam(
      @Interval("(0, ∞)") @Default("0.001") double learningRate,
      @Interval("[0, 1)") @Default("0.9") double beta1,
      @Interval("[0, 1)") @Default("0.999") double beta2,
      @Interval("(0, ∞)") @Default("1e-8") double epsilon)
      implements OptimizerSpec {
    public Adam {
      checkAdam(learningRate, beta1, beta2, epsilon);
    }
  }

  /// Adam with decoupled weight decay (Loshchilov and Hutter 2019). The decay shrinks weights,
  /// never biases.
  ///
  /// @param weightDecay at least 0
  record AdamW(
      @Interval("(0, ∞)") @Default("0.001") double learningRate,
      @Interval("[0, 1)") @Default("0.9") double beta1,
      @Interval("[0, 1)") @Default("0.999") double beta2,
      @Interval("(0, ∞)") @Default("1e-8") double epsilon,
      @Interval("[0, ∞)") @Default("0.01") double weightDecay)
      implements OptimizerSpec {
    public AdamW {
      checkAdam(learningRate, beta1, beta2, epsilon);
      Check.notNegative("/weightDecay", weightDecay);
    }
  }

  /// RMSProp (Tieleman and Hinton 2012), in PyTorch's form.
  ///
  /// @param learningRate above 0
  /// @param alpha the smoothing constant, at least 0, below 1
  /// @param epsilon above 0
  /// @param momentum at least 0, below 1
  record RmsProp(
      @Interval("(0, ∞)") @Default("0.001") double learningRate,
      @Interval("[0, 1)") @Default("0.99") double alpha,
      @Interval("(0, ∞)") @Default("1e-8") double epsilon,
      @Interval("[0, 1)") @Default("0") double momentum)
      implements OptimizerSpec {
    public RmsProp {
      Check.positive("/learningRate", learningRate);
      Check.fraction("/alpha", alpha);
      Check.positive("/epsilon", epsilon);
      Check.fraction("/momentum", momentum);
    }
  }

  /// Adam with Nesterov momentum (Dozat 2016), in PyTorch's form.
  ///
  /// @param learningRate above 0; PyTorch's 0.002 by default
  /// @param beta1 at least 0, below 1
  /// @param beta2 at least 0, below 1
  /// @param epsilon above 0
  /// @param momentumDecay how fast the momentum warms up to beta1, at least 0
  record Nadam(
      @Interval("(0, ∞)") @Default("0.002") double learningRate,
      @Interval("[0, 1)") @Default("0.9") double beta1,
      @Interval("[0, 1)") @Default("0.999") double beta2,
      @Interval("(0, ∞)") @Default("1e-8") double epsilon,
      @Interval("[0, ∞)") @Default("0.004") double momentumDecay)
      implements OptimizerSpec {
    public Nadam {
      checkAdam(learningRate, beta1, beta2, epsilon);
      Check.notNegative("/momentumDecay", momentumDecay);
    }
  }

  /// AdaGrad (Duchi et al. 2011).
  ///
  /// @param learningRate above 0; PyTorch's 0.01 by default
  /// @param initialAccumulator the first value of the sums of squares, at least 0
  /// @param epsilon above 0
  record AdaGrad(
      @Interval("(0, ∞)") @Default("0.01") double learningRate,
      @Interval("[0, ∞)") @Default("0") double initialAccumulator,
      @Interval("(0, ∞)") @Default("1e-10") double epsilon)
      implements OptimizerSpec {
    public AdaGrad {
      Check.positive("/learningRate", learningRate);
      Check.notNegative("/initialAccumulator", initialAccumulator);
      Check.positive("/epsilon", epsilon);
    }
  }

  /// AdaDelta (Zeiler 2012).
  ///
  /// @param learningRate a factor on the update, above 0; PyTorch's 1 by default, the paper's
  ///   algorithm
  /// @param rho the smoothing constant, at least 0, below 1
  /// @param epsilon above 0
  record AdaDelta(
      @Interval("(0, ∞)") @Default("1") double learningRate,
      @Interval("[0, 1)") @Default("0.9") double rho,
      @Interval("(0, ∞)") @Default("1e-6") double epsilon)
      implements OptimizerSpec {
    public AdaDelta {
      Check.positive("/learningRate", learningRate);
      Check.fraction("/rho", rho);
      Check.positive("/epsilon", epsilon);
    }
  }

  /// Lion, the sign of an interpolated momentum (Chen et al. 2023). The decay is decoupled and
  /// shrinks weights, never biases.
  ///
  /// @param learningRate above 0; 0.0001 by default, as in the authors' code
  /// @param beta1 of the interpolation, at least 0, below 1
  /// @param beta2 of the momentum, at least 0, below 1
  /// @param weightDecay at least 0
  record Lion(
      @Interval("(0, ∞)") @Default("0.0001") double learningRate,
      @Interval("[0, 1)") @Default("0.9") double beta1,
      @Interval("[0, 1)") @Default("0.99") double beta2,
      @Interval("[0, ∞)") @Default("0") double weightDecay)
      implements OptimizerSpec {
    public Lion {
      Check.positive("/learningRate", learningRate);
      Check.fraction("/beta1", beta1);
      Check.fraction("/beta2", beta2);
      Check.notNegative("/weightDecay", weightDecay);
    }
  }

  /// Resilient backpropagation (Riedmiller and Braun 1993) without weight backtracking, the iRprop-
  /// of Igel and Hüsken 2000 and the form of PyTorch. Each parameter has a step size of its own, so
  /// that no schedule applies; made for whole batches.
  ///
  /// @param learningRate the first value of every step size, above 0; PyTorch's 0.01 by default
  /// @param shrink factor after a change of sign, above 0, below 1
  /// @param grow factor after an equal sign, above 1
  /// @param minimumStep above 0
  /// @param maximumStep at least the minimum
  record Rprop(
      @Interval("(0, ∞)") @Default("0.01") double learningRate,
      @Interval("(0, 1)") @Default("0.5") double shrink,
      @Interval("(1, ∞)") @Default("1.2") double grow,
      @Interval("(0, ∞)") @Default("1e-6") double minimumStep,
      @Interval("(0, ∞)") @Default("50") double maximumStep)
      implements OptimizerSpec {
    public Rprop {
      Check.positive("/learningRate", learningRate);
      if (!(shrink > 0 && shrink < 1)) {
        throw new InvalidSpecException("/shrink", "must be above 0 and below 1, was " + shrink);
      }
      if (!(grow > 1) || Double.isInfinite(grow)) {
        throw new InvalidSpecException("/grow", "must be a finite number above 1, was " + grow);
      }
      Check.positive("/minimumStep", minimumStep);
      Check.positive("/maximumStep", maximumStep);
      if (maximumStep < minimumStep) {
        throw new InvalidSpecException(
            "/maximumStep",
            "must be at least the minimumStep %s, was %s".formatted(minimumStep, maximumStep));
      }
    }

    @Override
    public boolean fullBatch() {
      return true;
    }
  }

  /// Limited-memory BFGS with a line search for the strong Wolfe conditions (Nocedal and Wright
  /// 2006, algorithms 7.4, 7.5, 3.5 and 3.6). An epoch is an iteration, which makes one step over
  /// all training rows. It finds the length of that by itself, so that there is no learning rate
  /// and no schedule. Defaults are those of SciPy's L-BFGS-B for the history and the tolerance, of
  /// PyTorch's LBFGS for the others.
  ///
  /// @param history steps that the curvature is estimated from, 1 … 100
  /// @param tolerance on the largest absolute element of the gradient, which is that of the mean
  ///   loss with its penalty, at least 0
  /// @param changeTolerance on how much a step changes the mean loss with its penalty, relative to
  ///   the larger of that and 1, at least 0; 0 for none
  /// @param maxEvaluations of the loss in one line search, 1 … 100
  record Lbfgs(
      @Interval("[1, 100]") @Default("10") int history,
      @Interval("[0, ∞)") @Default("1e-5") double tolerance,
      @Interval("[0, ∞)") @Default("1e-9") double changeTolerance,
      @Interval("[1, 100]") @Default("25") int maxEvaluations)
      implements OptimizerSpec {

    private static final int MOST = 100;

    public Lbfgs {
      Check.range("/history", history, 1, MOST);
      Check.notNegative("/tolerance", tolerance);
      Check.notNegative("/changeTolerance", changeTolerance);
      Check.range("/maxEvaluations", maxEvaluations, 1, MOST);
    }

    /// Full steps are tried first.
    @Override
    public double learningRate() {
      return 1;
    }

    @Override
    public boolean fullBatch() {
      return true;
    }
  }

  private static void checkAdam(double learningRate, double beta1, double beta2, double epsilon) {
    Check.positive("/learningRate", learningRate);
    Check.fraction("/beta1", beta1);
    Check.fraction("/beta2", beta2);
    Check.positive("/epsilon", epsilon);
  }
}
