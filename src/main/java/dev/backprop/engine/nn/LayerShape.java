package dev.backprop.engine.nn;

/// One layer of a network as a model card shows it.
///
/// @param type of the spec's layer, or `input` if inputs are scaled or embedded. The layers of a
///   residual block stand between a `residual` and a `residual-end`, which has what the block has
///   beside them
/// @param inputs numbers that enter for one example
/// @param units numbers that leave for one example
/// @param parameters weights, biases, learned slopes, gains, embeddings and factors of inputs
public record LayerShape(String type, int inputs, int units, long parameters) {

  /// The type of the layer that scales or embeds inputs.
  public static final String INPUT = "input";
}
