package dev.backprop.engine.figures;

/// The expected calibration error: how far the probability of the likeliest class is from the share
/// of rows in which it is right (Guo, Pleiss, Sun and Weinberger 2017).
///
///     ECE = Σ_b |right_b - probability_b| / Σ weights, over 15 bins of equal width (lo, hi]
///
/// The top probability is taken for two classes too, so that bins below 1/2 are then empty.
final class CalibrationBins {

  private static final int BINS = 15;

  /// By bin: the weight of rows that are right, less their probabilities.
  private final double[] gap = new double[BINS];

  private double weight;

  /// @param probability of the likeliest class
  /// @param right whether the row is of it
  void add(double probability, boolean right, double weight) {
    int bin = Math.clamp((long) Math.ceil(probability * BINS) - 1, 0, BINS - 1);
    gap[bin] += weight * ((right ? 1 : 0) - probability);
    this.weight += weight;
  }

  double error() {
    double sum = 0;
    for (double each : gap) {
      sum += Math.abs(each);
    }
    return sum / weight;
  }
}
