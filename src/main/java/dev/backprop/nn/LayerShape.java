package dev.backprop.nn;

/// One layer as a model card shows it.
///
/// @param type as in the spec: `dense`, `dropout`, …
public record LayerShape(String type, int inputs, int units, long parameters) {}
