package dev.backprop.engine.explain;

/// Why a row is answered as it is: `baseline + Σ contributions + residual = answer`.
///
/// @param baseline what is explained, at the typical row: ln(p / (1 - p)) of a class or label, or a
///   number in the units of the training data before it is clamped
/// @param answer the same at the row
/// @param contributions one for each cell of the row, in the order of the features
/// @param residual what the rule of integration leaves over
/// @param clamped whether the model answers another number, within the range of the training part
/// @param points of the way at which the derivatives were taken
@SuppressWarnings("ArrayRecordComponent") // belongs to whoever asked
public record Explanation(
    double baseline,
    double answer,
    double[] contributions,
    double residual,
    boolean clamped,
    int points) {}
