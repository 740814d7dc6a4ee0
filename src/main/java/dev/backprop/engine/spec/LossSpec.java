package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What is minimized: the mean over examples of the loss of one example, whose outputs are a_1 …
/// a_q and whose targets are y_1 … y_q.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = LossSpec.CrossEntropy.class, name = "cross-entropy"),
  @JsonSubTypes.Type(value = LossSpec.SquaredError.class, name = "squared-error"),
  @JsonSubTypes.Type(value = LossSpec.Quadratic.class, name = "quadratic"),
  @JsonSubTypes.Type(value = LossSpec.AbsoluteError.class, name = "absolute-error"),
  @JsonSubTypes.Type(value = LossSpec.Huber.class, name = "huber"),
  @JsonSubTypes.Type(value = LossSpec.Quantile.class, name = "quantile"),
  @JsonSubTypes.Type(value = LossSpec.Focal.class, name = "focal"),
  @JsonSubTypes.Type(value = LossSpec.Poisson.class, name = "poisson"),
})
public sealed interface LossSpec {

  /// Whether numeric targets are standardized for this loss; counts stay as they are.
  default boolean standardizesTargets() {
    return true;
  }

  /// Whether it compares probabilities, and so needs a sigmoid or softmax output.
  default boolean ofProbabilities() {
    return false;
  }

  /// Softmax outputs: -Σ t ln a. Sigmoid outputs: -Σ [t ln a + (1 - t) ln(1 - a)]. Computed from
  /// the logits. The targets are smoothed (Szegedy et al. 2016, section 7), s = labelSmoothing.
  /// Among the q outputs of a softmax t = (1 - s) y + s/q (PyTorch's label_smoothing). For a
  /// sigmoid t = (1 - s) y + s/2 (Keras' BinaryCrossentropy).
  ///
  /// @param labelSmoothing at least 0, below 1
  record CrossEntropy(@Interval("[0, 1)") @Default("0") double labelSmoothing) implements LossSpec {
    public CrossEntropy {
      Check.fraction("/labelSmoothing", labelSmoothing);
    }

    /// Without smoothing: t = y.
    public CrossEntropy() {
      this(0);
    }

    @Override
    public boolean ofProbabilities() {
      return true;
    }
  }

  /// Cross-entropy that weighs down what is already right (Lin et al. 2017, without their alpha).
  /// Softmax outputs: -Σ y (1 - a)^gamma ln a. Sigmoid outputs: -Σ [y (1 - a)^gamma ln a + (1 - y)
  /// a^gamma ln(1 - a)]. Computed from the logits.
  ///
  /// @param gamma at least 0; 0 is cross-entropy
  record Focal(@Interval("[0, ∞)") @Default("2") double gamma) implements LossSpec {
    public Focal {
      Check.notNegative("/gamma", gamma);
    }

    @Override
    public boolean ofProbabilities() {
      return true;
    }
  }

  /// Mean over the outputs of a - y ln a, the negative logarithm of the likelihood of counts y at
  /// rates a, without the part that a does not change. Computed from the log rates: the output is
  /// exponential (PyTorch's PoissonNLLLoss on log input).
  record Poisson() implements LossSpec {
    @Override
    public boolean standardizesTargets() {
      return false;
    }
  }

  /// Mean over the outputs of (a - y)².
  record SquaredError() implements LossSpec {}

  /// 1/2 Σ (a - y)² (Nielsen, chapter 1).
  record Quadratic() implements LossSpec {}

  /// Mean over the outputs of |a - y|.
  record AbsoluteError() implements LossSpec {}

  /// Mean over the outputs of (a - y)²/2 if |a - y| <= delta, else of delta (|a - y| - delta/2)
  /// (Huber 1964; the form of PyTorch's HuberLoss).
  ///
  /// @param delta above 0
  record Huber(@Interval("(0, ∞)") @Default("1") double delta) implements LossSpec {
    public Huber {
      Check.positive("/delta", delta);
    }
  }

  /// Mean over the outputs of tau (y - a) if y > a, else of (1 - tau) (a - y), which is least at
  /// the quantile tau of y (Koenker and Bassett 1978). With `taus` each output has its own, and the
  /// outputs are quantiles of one number.
  ///
  /// @param tau of all outputs, above 0, below 1; null if there are taus
  /// @param taus one for each output, 1 … 99 of them, each above the one before; null if there is
  ///   one tau for all
  record Quantile(@Interval("(0, 1)") @Nullable Double tau, @Nullable List<Double> taus)
      implements LossSpec {

    public static final int MAX_TAUS = 99;

    public Quantile {
      if (tau != null) {
        checkTau("/tau", tau);
      }
      if (taus != null) {
        if (tau != null) {
          throw new InvalidSpecException(
              "/taus", "must not stand beside tau, which is given too: " + tau);
        }
        checkTaus(taus);
        taus = List.copyOf(taus);
      } else if (tau == null) {
        throw new InvalidSpecException("/tau", "is required where there are no taus");
      }
    }

    public Quantile(double tau) {
      this(tau, null);
    }

    @JsonCreator
    static Quantile of(@Nullable Double tau, @Nullable List<Double> taus) {
      return new Quantile(tau == null && taus == null ? Double.valueOf(0.5) : tau, taus);
    }

    private static void checkTau(String pointer, double tau) {
      Check.positive(pointer, tau);
      Check.fraction(pointer, tau);
    }

    private static void checkTaus(List<Double> taus) {
      if (taus.isEmpty() || taus.size() > MAX_TAUS) {
        throw new InvalidSpecException(
            "/taus", "must be from 1 to %d numbers, were %d".formatted(MAX_TAUS, taus.size()));
      }
      double before = 0;
      for (int i = 0; i < taus.size(); i++) {
        Double tau = taus.get(i);
        if (tau == null) {
          throw new InvalidSpecException("/taus/" + i, "must be a number, was null");
        }
        checkTau("/taus/" + i, tau);
        if (tau <= before) {
          throw new InvalidSpecException(
              "/taus/" + i, "must be above the one before, %s, was %s".formatted(before, tau));
        }
        before = tau;
      }
    }

    /// The tau of an output.
    public double tauOf(int output) {
      return tau != null ? tau : Objects.requireNonNull(taus).get(output);
    }
  }
}
