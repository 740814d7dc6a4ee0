package dev.backprop.engine.nn;

/// One layer of a network as a model card shows it.
///
/// @param type of the spec's layer, `input` if inputs are scaled or embedded, `periodic` that takes
///   cosines of numbers, `members` at which these part, or `activation` for a parametric one,
///   behind its dense layer. The layers of a residual block stand between a `residual` and a
///   `residual-end`, which has what the block has beside them
/// @param inputs numbers that enter for one example
/// @param units numbers that leave for one example
/// @param parameters weights, biases, learned slopes, shares of activations, gains, embeddings and
///   factors of inputs
public record LayerShape(String type, int inputs, int units, long parameters) {

  /// The type of the layer that scales or embeds inputs.
  public static final String INPUT = "input";

  /// The type of the layer that takes cosines of numbers.
  public static final String PERIODIC = "periodic";

  /// The type of the layer in which members part.
  public static final String MEMBERS = "members";

  /// The type of an activation that is learned apart from its dense layer.
  public static final String ACTIVATION = "activation";
}
