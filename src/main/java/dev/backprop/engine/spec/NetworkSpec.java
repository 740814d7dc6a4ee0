package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A feed-forward network: how inputs enter it, the hidden layers in order, then the output layer,
/// and the loss.
///
/// @param layers at most 100, those of residual blocks and the blocks themselves counted
/// @param embeddings by categorical column; together at most 1,048,576 units
/// @param inputScale whether each encoded input x has a learned factor s of its own, x' = s x, that
///   starts at 1 and is never decayed. Embedded columns, whose vectors are learned themselves, have
///   none
/// @param members networks that share all weights but for a factor on each input and their output
///   layers, 2 … 64 (TabM-mini, Gorishniy et al. 2024); their outputs are averaged. Null for one
///   network, which 1 means too
/// @param scaling of the weights of dense layers; null for standard, which is the same
/// @param output null until [#resolve(Task)] unless given
/// @param loss null until [#resolve(Task)] unless given
public record NetworkSpec(
    List<LayerSpec> layers,
    Map<String, EmbeddingSpec> embeddings,
    @Default("false") boolean inputScale,
    @Interval("[1, 64]") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer members,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Scaling scaling,
    @Nullable OutputSpec output,
    @Nullable LossSpec loss) {

  public static final int MAX_LAYERS = 100;

  public static final int MAX_MEMBERS = 64;

  /// Of all embeddings together.
  public static final int MAX_EMBEDDING_UNITS = 1 << 20;

  public NetworkSpec {
    layers = List.copyOf(layers);
    int count = pointers(layers, "").size();
    if (count > MAX_LAYERS) {
      throw new InvalidSpecException(
          "/layers", "must have at most " + MAX_LAYERS + " layers, had " + count);
    }
    embeddings = Collections.unmodifiableMap(new LinkedHashMap<>(embeddings));
    long units = 0;
    for (EmbeddingSpec embedding : embeddings.values()) {
      units += embedding.units() == null ? 1 : embedding.units();
    }
    if (units > MAX_EMBEDDING_UNITS) {
      throw new InvalidSpecException(
          "/embeddings",
          "must have at most %d units together, had %d".formatted(MAX_EMBEDDING_UNITS, units));
    }
    if (members != null && Check.range("/members", members, 1, MAX_MEMBERS) == 1) {
      members = null;
    }
    scaling = scaling == Scaling.STANDARD ? null : scaling;
  }

  /// With inputs as they are encoded.
  public NetworkSpec(List<LayerSpec> layers, @Nullable OutputSpec output, @Nullable LossSpec loss) {
    this(layers, Map.of(), false, null, null, output, loss);
  }

  @JsonCreator
  static NetworkSpec read(
      @Nullable List<LayerSpec> layers,
      @Nullable Map<String, EmbeddingSpec> embeddings,
      @Nullable Boolean inputScale,
      @Nullable Integer members,
      @Nullable Scaling scaling,
      @Nullable OutputSpec output,
      @Nullable LossSpec loss) {
    if (embeddings != null) {
      embeddings.forEach(NetworkSpec::checkGiven);
    }
    return new NetworkSpec(
        of(layers, output, loss).layers,
        embeddings == null ? Map.of() : embeddings,
        inputScale != null && inputScale,
        members,
        scaling,
        output,
        loss);
  }

  private static void checkGiven(String column, @Nullable EmbeddingSpec embedding) {
    if (embedding == null) {
      throw new InvalidSpecException(
          "/embeddings/" + InvalidSpecException.part(column), "must be an embedding, was null");
    }
  }

  /// Layers left out are two dense layers of 64 relu units; inputs enter as they are encoded.
  public static NetworkSpec of(
      @Nullable List<LayerSpec> layers, @Nullable OutputSpec output, @Nullable LossSpec loss) {
    if (layers == null) {
      LayerSpec dense = Defaults.fill(LayerSpec.Dense.class, 64);
      return new NetworkSpec(List.of(dense, dense), output, loss);
    }
    LayerSpec.checkGiven(layers);
    return new NetworkSpec(layers, output, loss);
  }

  /// All layers by their JSON pointers, in order: a residual block, then the layers inside it.
  public Map<String, LayerSpec> layersByPointer() {
    return pointers(layers, "");
  }

  /// The fewest examples that a mini-batch may have: the variance of one is none.
  public int smallestBatch() {
    return layersByPointer().values().stream().anyMatch(LayerSpec.BatchNorm.class::isInstance)
        ? 2
        : 1;
  }

  private static Map<String, LayerSpec> pointers(List<LayerSpec> layers, String prefix) {
    Map<String, LayerSpec> pointers = new LinkedHashMap<>();
    for (int l = 0; l < layers.size(); l++) {
      String pointer = prefix + "/layers/" + l;
      pointers.put(pointer, layers.get(l));
      if (layers.get(l) instanceof LayerSpec.Residual block) {
        pointers.putAll(pointers(block.layers(), pointer));
      }
    }
    return pointers;
  }

  /// The same network with these embeddings.
  public NetworkSpec withEmbeddings(Map<String, EmbeddingSpec> embeddings) {
    return SpecCopy.of(this).with("embeddings", embeddings).spec();
  }

  /// The same network with a learned factor on each encoded input.
  public NetworkSpec withInputScale() {
    return SpecCopy.of(this).with("inputScale", true).spec();
  }

  /// So many of the same network, which share weights.
  public NetworkSpec withMembers(int count) {
    return SpecCopy.of(this).with("members", count).spec();
  }

  /// The same network, its weights scaled so.
  public NetworkSpec withScaling(Scaling scaling) {
    return SpecCopy.of(this).with("scaling", scaling).spec();
  }

  /// How weights are scaled.
  public Scaling resolvedScaling() {
    return scaling == null ? Scaling.STANDARD : scaling;
  }

  /// How many networks share weights, 1 if there is but one.
  public int networks() {
    return members == null ? 1 : members;
  }

  /// The same network with its output activation and loss decided.
  ///
  /// @throws InvalidSpecException if the given output or loss does not suit the task
  public NetworkSpec resolve(Task task) {
    OutputSpec given = output == null ? Defaults.fill(OutputSpec.class) : output;
    Activation usual = defaultActivation(task);
    if (loss instanceof LossSpec.Poisson && usual instanceof Activation.Identity) {
      usual = new Activation.Exponential();
    }
    Activation activation = given.activation() == null ? usual : given.activation();
    if (task != Task.BARE && !activation.equals(usual)) {
      throw new InvalidSpecException(
          "/output/activation",
          "must be %s for this target, was %s"
              .formatted(TypeName.of(usual), TypeName.of(activation)));
    }
    if (activation instanceof Activation.Prelu) {
      throw new InvalidSpecException(
          "/output/activation",
          "prelu is an activation of hidden layers only, was given to the output layer");
    }
    LossSpec resolvedLoss = loss == null ? defaultLoss(activation) : loss;
    if (resolvedLoss.ofProbabilities() && !defaultLoss(activation).ofProbabilities()) {
      throw new InvalidSpecException(
          "/loss",
          "%s needs a sigmoid or softmax output, the output is %s"
              .formatted(TypeName.of(resolvedLoss), TypeName.of(activation)));
    }
    if (resolvedLoss instanceof LossSpec.Poisson
        && !(activation instanceof Activation.Exponential)) {
      throw new InvalidSpecException(
          "/loss", "poisson needs an exponential output, the output is " + TypeName.of(activation));
    }
    return SpecCopy.of(this)
        .with("output", SpecCopy.of(given).with("activation", activation).spec())
        .with("loss", resolvedLoss)
        .spec();
  }

  /// Checkpoints know a training by it. Without members and scaling it is the text of former
  /// versions.
  @Override
  public String toString() {
    return "NetworkSpec[layers=%s, embeddings=%s, inputScale=%s%s%s, output=%s, loss=%s]"
        .formatted(
            layers,
            embeddings,
            inputScale,
            members == null ? "" : ", members=" + members,
            scaling == null ? "" : ", scaling=" + scaling,
            output,
            loss);
  }

  /// The output activation of a resolved network.
  public Activation outputActivation() {
    if (output == null || output.activation() == null) {
      throw new IllegalStateException("the network is not resolved");
    }
    return output.activation();
  }

  /// The output layer of a resolved network as a dense layer of that many units; its activation may
  /// be softmax.
  public OutputSpec resolvedOutput() {
    if (output == null) {
      throw new IllegalStateException("the network is not resolved");
    }
    return output;
  }

  /// The loss of a resolved network.
  public LossSpec resolvedLoss() {
    if (loss == null) {
      throw new IllegalStateException("the network is not resolved");
    }
    return loss;
  }

  private static Activation defaultActivation(Task task) {
    return switch (task) {
      case BINARY_CLASSIFICATION, MULTILABEL_CLASSIFICATION -> new Activation.Sigmoid();
      case MULTICLASS_CLASSIFICATION -> new Activation.Softmax();
      case REGRESSION, BARE -> new Activation.Identity();
    };
  }

  private static LossSpec defaultLoss(Activation activation) {
    return switch (activation) {
      case Activation.Sigmoid _, Activation.Softmax _ -> new LossSpec.CrossEntropy();
      case Activation.Exponential _ -> new LossSpec.Poisson();
      case Activation.Identity _,
          Activation.Tanh _,
          Activation.Relu _,
          Activation.LeakyRelu _,
          Activation.Prelu _,
          Activation.Elu _,
          Activation.Selu _,
          Activation.Gelu _,
          Activation.Silu _,
          Activation.Mish _,
          Activation.Softplus _ ->
          new LossSpec.SquaredError();
    };
  }
}
