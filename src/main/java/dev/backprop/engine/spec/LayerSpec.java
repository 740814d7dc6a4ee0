package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A hidden layer.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = LayerSpec.Dense.class, name = "dense"),
  @JsonSubTypes.Type(value = LayerSpec.Dropout.class, name = "dropout"),
  @JsonSubTypes.Type(value = LayerSpec.LayerNorm.class, name = "layer-norm"),
  @JsonSubTypes.Type(value = LayerSpec.BatchNorm.class, name = "batch-norm"),
  @JsonSubTypes.Type(value = LayerSpec.Residual.class, name = "residual"),
})
public sealed interface LayerSpec {

  /// Z = X W + b, A = activation(Z).
  ///
  /// @param units 1 … 65,536
  /// @param initializer if left out the one made for the activation: he-normal for relu and its
  ///   kin, lecun-normal for selu, glorot-uniform for the others
  /// @param learningRateFactor on the learning rate of this layer's parameters, at least 0; 0
  ///   leaves them as they start (Caffe's lr_mult)
  /// @param decayFactor on the penalties and the decay of this layer's weights, at least 0 (Caffe's
  ///   decay_mult)
  /// @param parametric whether each unit learns how much of the activation it takes, A = Z + w *
  ///   (activation(Z) - Z) with a w of its own that starts at 1 (RealMLP, Holzmüller et al. 2024).
  ///   It is neither decayed nor penalized
  record Dense(
      @Interval("[1, 65536]") int units,
      @Default("relu") Activation activation,
      Initializer initializer,
      @Default("zeros") Initializer biasInitializer,
      @Interval("[0, ∞)") @Default("1") double learningRateFactor,
      @Interval("[0, ∞)") @Default("1") double decayFactor,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) @Default("false") boolean parametric)
      implements LayerSpec {

    public static final int MAX_UNITS = 65_536;

    public Dense {
      if (initializer == null) { // left out in a request
        initializer = initializerFor(activation);
      }
      Check.range("/units", units, 1, MAX_UNITS);
      Check.notNegative("/learningRateFactor", learningRateFactor);
      Check.notNegative("/decayFactor", decayFactor);
      if (activation instanceof Activation.Softmax) {
        throw outputOnly("softmax");
      }
      if (activation instanceof Activation.Exponential) {
        throw outputOnly("exponential");
      }
      if (parametric) {
        checkParametric(activation);
      }
    }

    /// With the rate and the decay of the training.
    public Dense(
        int units, Activation activation, Initializer initializer, Initializer biasInitializer) {
      this(units, activation, initializer, biasInitializer, 1, 1, false);
    }

    private static void checkParametric(Activation activation) {
      if (activation instanceof Activation.Identity) {
        throw new InvalidSpecException(
            "/parametric", "must be false with identity, of which there is nothing to learn");
      }
      if (activation instanceof Activation.Prelu) {
        throw new InvalidSpecException(
            "/parametric", "must be false with prelu, which learns a slope already");
      }
    }

    /// Unless it is parametric, as it was before there was a choice: checkpoints of before know the
    /// network by it.
    @Override
    public String toString() {
      return "Dense[units=%s, activation=%s, initializer=%s, biasInitializer=%s, learningRateFactor=%s, decayFactor=%s%s]"
          .formatted(
              units,
              activation,
              initializer,
              biasInitializer,
              learningRateFactor,
              decayFactor,
              parametric ? ", parametric=true" : "");
    }

    private static InvalidSpecException outputOnly(String activation) {
      return new InvalidSpecException(
          "/activation",
          activation + " is an activation of the output layer only, was given to a hidden layer");
    }

    static Initializer initializerFor(Activation activation) {
      return switch (activation) {
        case Activation.Relu _,
            Activation.LeakyRelu _,
            Activation.Prelu _,
            Activation.Elu _,
            Activation.Gelu _,
            Activation.Silu _,
            Activation.Mish _ ->
            new Initializer.HeNormal();
        case Activation.Selu _ -> new Initializer.LecunNormal();
        case Activation.Identity _,
            Activation.Sigmoid _,
            Activation.Tanh _,
            Activation.Softplus _,
            Activation.Exponential _,
            Activation.Softmax _ ->
            new Initializer.GlorotUniform();
      };
    }
  }

  /// Inverted dropout (Srivastava et al. 2014): in training each activation is zeroed with
  /// probability `rate` and the others are divided by 1 - rate; in prediction nothing happens.
  ///
  /// @param rate at least 0, below 1
  /// @param schedule of a factor on the rate; null if that is constant
  record Dropout(
      @Interval("[0, 1)") double rate,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable FactorSchedule schedule)
      implements LayerSpec {

    public Dropout {
      Check.fraction("/rate", rate);
      schedule = schedule == FactorSchedule.CONSTANT ? null : schedule;
    }

    /// With a constant rate.
    public Dropout(double rate) {
      this(rate, null);
    }

    /// The rate of a step.
    ///
    /// @param t progress of the training, from 0 to 1
    public double rate(double t) {
      return schedule == null ? rate : rate * schedule.factor(t);
    }

    /// If the rate is constant, as it was before there was a choice: checkpoints of before know the
    /// network by it.
    @Override
    public String toString() {
      return "Dropout[rate=%s%s]".formatted(rate, schedule == null ? "" : ", schedule=" + schedule);
    }
  }

  /// Layer normalization (Ba et al. 2016): each example by the mean and the variance of its own
  /// units. A learned gain and bias for each unit follow, which start at 1 and 0 and are never
  /// decayed.
  ///
  /// @param epsilon added to the variance, above 0
  record LayerNorm(@Interval("(0, ∞)") @Default("1e-5") double epsilon) implements LayerSpec {

    public LayerNorm {
      Check.positive("/epsilon", epsilon);
    }
  }

  /// Batch normalization (Ioffe and Szegedy 2015): each unit by its mean and its variance over the
  /// examples of the mini-batch, in prediction by running ones of the training. A learned gain and
  /// bias for each unit follow, which start at 1 and 0 and are never decayed.
  ///
  /// @param epsilon added to the variance, above 0
  /// @param momentum what a mini-batch weighs in the running statistics, above 0, at most 1; as in
  ///   PyTorch. Keras' momentum is what the statistics before it weigh
  record BatchNorm(
      @Interval("(0, ∞)") @Default("1e-5") double epsilon,
      @Interval("(0, 1]") @Default("0.1") double momentum)
      implements LayerSpec {

    public BatchNorm {
      Check.positive("/epsilon", epsilon);
      Check.factor("/momentum", momentum);
    }
  }

  /// A residual block (He et al. 2015, equations 1 and 2): y = f(x) + x, f being layers of its own,
  /// or y = f(x) + W x.
  ///
  /// @param layers of the block, at least 1; blocks nest at most 8 deep
  /// @param projection whether x is multiplied by weights W of its own, without a bias; needed if x
  ///   and f(x) differ in width
  record Residual(@Required List<LayerSpec> layers, @Default("false") boolean projection)
      implements LayerSpec {

    public static final int MAX_DEPTH = 8;

    public Residual {
      if (layers == null) { // left out in a request
        throw new InvalidSpecException("/layers", "is required");
      }
      checkGiven(layers);
      layers = List.copyOf(layers);
      if (layers.isEmpty()) {
        throw new InvalidSpecException("/layers", "must have at least 1 layer, had 0");
      }
      int depth = depth(layers);
      if (depth > MAX_DEPTH) {
        throw new InvalidSpecException(
            "/layers",
            "residual blocks must be nested at most %d deep, were %d".formatted(MAX_DEPTH, depth));
      }
    }

    /// Of a block that has these layers.
    private static int depth(List<LayerSpec> layers) {
      int inner = 0;
      for (LayerSpec layer : layers) {
        if (layer instanceof Residual block) {
          inner = Math.max(inner, depth(block.layers));
        }
      }
      return 1 + inner;
    }
  }

  /// Refuses a list that has nulls.
  static void checkGiven(List<LayerSpec> layers) {
    for (int l = 0; l < layers.size(); l++) {
      if (layers.get(l) == null) {
        throw new InvalidSpecException("/layers/" + l, "must be a layer, was null");
      }
    }
  }
}
