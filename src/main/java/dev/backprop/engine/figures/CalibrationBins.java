package dev.backprop.engine.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/// The expected calibration error: how far the probability of the likeliest class is from the share
/// of rows in which it is right (Guo, Pleiss, Sun and Weinberger 2017).
///
///     ECE = Σ_b |right_b - probability_b| / Σ weights, over 15 bins of equal width (lo, hi]
///
/// The top probability is taken for two classes too, so that bins below 1/2 are then empty.
public final class CalibrationBins {

  private static final int BINS = 15;

  private final int[] rows = new int[BINS];
  private final double[] weights = new double[BINS];

  /// By bin: the sum of the probabilities, and the weight of the rows that are right.
  private final double[] probabilities = new double[BINS];

  private final double[] rights = new double[BINS];

  /// @param probability of the likeliest class
  /// @param right whether the row is of it
  void add(double probability, boolean right, double weight) {
    int bin = Math.clamp((long) Math.ceil(probability * BINS) - 1, 0, BINS - 1);
    rows[bin]++;
    weights[bin] += weight;
    probabilities[bin] += weight * probability;
    rights[bin] += right ? weight : 0;
  }

  double error() {
    double sum = 0;
    for (int bin = 0; bin < BINS; bin++) {
      sum += Math.abs(rights[bin] - probabilities[bin]);
    }
    return sum / DoubleStream.of(weights).sum();
  }

  /// A bin that has rows. If the answers are what they seem, both means are alike.
  ///
  /// @param from below the probabilities in it
  /// @param to the largest probability that is in it
  /// @param probability the mean probability of the likeliest class
  /// @param accuracy the share of rows that are of that class
  public record Bin(double from, double to, int rows, double probability, double accuracy) {}

  /// By rising probability.
  List<Bin> bins() {
    List<Bin> bins = new ArrayList<>();
    for (int bin = 0; bin < BINS; bin++) {
      if (weights[bin] > 0) {
        bins.add(
            new Bin(
                (double) bin / BINS,
                (bin + 1.0) / BINS,
                rows[bin],
                probabilities[bin] / weights[bin],
                rights[bin] / weights[bin]));
      }
    }
    return bins;
  }
}
