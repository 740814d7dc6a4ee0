package dev.backprop.engine.nn;

import org.jspecify.annotations.Nullable;

/// How one layer fared in one mini-batch and the step that it led to. What is not defined, or no
/// finite number, is null.
///
/// @param layer as the names of its parameters begin: `layers.0`, `layers.2.layers.0`, `output`;
///   `input` if inputs are scaled or embedded. A residual block has the figures of its sum
/// @param updateToWeight log10 of ‖Δθ‖₂ / ‖θ‖₂, θ all parameters of the layer before the step, Δθ
///   what the step changed. Null without parameters, if they did not move, or if they were 0
/// @param mean of the outputs of its units over the rows; of the output layer those before its
///   activation
/// @param std the standard deviation of the same, in the population
/// @param dead the share of units whose output is exactly 0 in every row
public record LayerFigures(
    String layer,
    @Nullable Double updateToWeight,
    @Nullable Double mean,
    @Nullable Double std,
    @Nullable Double dead) {}
