package dev.backprop.nn;

/// One layer of a network as a model card shows it.
///
/// @param type `dense` or `dropout`
/// @param inputs numbers that enter for one example
/// @param units numbers that leave for one example
/// @param parameters weights, biases and learned slopes
public record LayerShape(String type, int inputs, int units, long parameters) {}
