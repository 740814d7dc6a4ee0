package dev.backprop.engine.figures;

/// What a threshold comes to: a point of the ROC curve, which is `recall` over `falsePositiveRate`,
/// and of the curve of `precision` over `recall`.
///
/// @param threshold that parts these rows so, from 0 to 1; it lies between the probabilities of two
///   rows
/// @param falsePositiveRate share of the negative rows that would be answered as positive
/// @param recall share of the positive rows that would be
/// @param precision share of positive ones among the rows that would be
public record CurvePoint(
    double threshold, double falsePositiveRate, double recall, double precision) {

  /// Points of a curve at most. One that is left out is less than 0.021 from a later one, in
  /// `falsePositiveRate` and `recall` added up.
  public static final int MOST = 100;
}
