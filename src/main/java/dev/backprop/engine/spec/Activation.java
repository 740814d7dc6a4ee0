package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// An activation function a = f(z), element by element but for [Softmax], which works on a row.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Activation.Identity.class, name = "identity"),
  @JsonSubTypes.Type(value = Activation.Sigmoid.class, name = "sigmoid"),
  @JsonSubTypes.Type(value = Activation.Tanh.class, name = "tanh"),
  @JsonSubTypes.Type(value = Activation.Relu.class, name = "relu"),
  @JsonSubTypes.Type(value = Activation.LeakyRelu.class, name = "leaky-relu"),
  @JsonSubTypes.Type(value = Activation.Prelu.class, name = "prelu"),
  @JsonSubTypes.Type(value = Activation.Elu.class, name = "elu"),
  @JsonSubTypes.Type(value = Activation.Selu.class, name = "selu"),
  @JsonSubTypes.Type(value = Activation.Gelu.class, name = "gelu"),
  @JsonSubTypes.Type(value = Activation.Silu.class, name = "silu"),
  @JsonSubTypes.Type(value = Activation.Mish.class, name = "mish"),
  @JsonSubTypes.Type(value = Activation.Softplus.class, name = "softplus"),
  @JsonSubTypes.Type(value = Activation.Exponential.class, name = "exponential"),
  @JsonSubTypes.Type(value = Activation.Softmax.class, name = "softmax"),
})
public sealed interface Activation {

  /// Whether the outputs are probabilities.
  default boolean ofProbabilities() {
    return false;
  }

  /// a = z.
  record Identity() implements Activation {}

  /// a = 1 / (1 + exp(-z)).
  record Sigmoid() implements Activation {
    @Override
    public boolean ofProbabilities() {
      return true;
    }
  }

  /// a = tanh(z).
  record Tanh() implements Activation {}

  /// a = max(0, z).
  record Relu() implements Activation {}

  /// a = z above 0, slope · z elsewhere (Maas et al. 2013).
  ///
  /// @param slope at least 0, below 1
  record LeakyRelu(@Interval("[0, 1)") @Default("0.01") double slope) implements Activation {
    public LeakyRelu {
      Check.fraction("/slope", slope);
    }
  }

  /// a = z above 0, slope · z elsewhere, the slope being learned, one for the layer (He et al.
  /// 2015, channel-shared; PyTorch's PReLU); of hidden layers only. It is neither decayed nor
  /// penalized.
  ///
  /// @param slope its first value, at least 0, below 1
  record Prelu(@Interval("[0, 1)") @Default("0.25") double slope) implements Activation {
    public Prelu {
      Check.fraction("/slope", slope);
    }
  }

  /// a = z above 0, alpha · (exp(z) - 1) elsewhere (Clevert et al. 2016).
  ///
  /// @param alpha above 0
  record Elu(@Interval("(0, ∞)") @Default("1") double alpha) implements Activation {
    public Elu {
      Check.positive("/alpha", alpha);
    }
  }

  /// a = scale · elu(z, alpha) with the self-normalizing constants of Klambauer et al. 2017.
  record Selu() implements Activation {
    public static final double ALPHA = 1.6732632423543772;
    public static final double SCALE = 1.0507009873554805;
  }

  /// a = z · Φ(z) = z/2 · (1 + erf(z/√2)), the exact form (Hendrycks and Gimpel 2016).
  record Gelu() implements Activation {}

  /// a = z · sigmoid(z) (Elfwing et al. 2018).
  record Silu() implements Activation {}

  /// a = z · tanh(ln(1 + exp(z))) (Misra 2020).
  record Mish() implements Activation {}

  /// a = ln(1 + exp(z)).
  record Softplus() implements Activation {}

  /// a = exp(z), the rate of a log rate; of the output layer only.
  record Exponential() implements Activation {}

  /// a_j = exp(z_j) / Σ exp(z_k) over the outputs of one example; of the output layer only.
  record Softmax() implements Activation {
    @Override
    public boolean ofProbabilities() {
      return true;
    }
  }
}
