package dev.backprop.engine.figures;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// A [Sample] of numeric answers. A row takes 16 bytes, and 12 for each output.
final class NumberSample implements Sample {

  private static final List<String> NAMES =
      List.of("rmse", "mae", "r2", "mape", "pinball", "coverage");

  private final double[] units;
  private final int rows;

  /// Row after row; targets and errors in deviations of the training part.
  private final float[] targets;

  private final float[] errors;
  private final float[] shares;
  private final float[] pinball;
  private final float[] covered;
  private final double[] weights;
  private int seen;
  private int kept;

  /// @param units of each output: what a deviation is in original units
  /// @param rows how many will come
  NumberSample(double[] units, int rows) {
    this.units = units;
    this.rows = rows;
    int n = Sample.kept(rows, units.length);
    targets = new float[n * units.length];
    errors = new float[n * units.length];
    shares = new float[n * units.length];
    pinball = new float[n];
    covered = new float[n];
    weights = new double[n];
  }

  void add(NumberRow row, double weight) {
    if (Sample.keeps(seen++, rows, weights.length)) {
      int q = units.length;
      for (int j = 0; j < q; j++) {
        targets[kept * q + j] = (float) row.targets()[j];
        errors[kept * q + j] = (float) row.errors()[j];
        shares[kept * q + j] = (float) row.shares()[j];
      }
      pinball[kept] = (float) row.pinball();
      covered[kept] = (float) row.covered();
      weights[kept++] = weight;
    }
  }

  @Override
  public List<String> names() {
    return NAMES;
  }

  @Override
  public double[] weights() {
    return weights;
  }

  @Override
  public double[] figures(double[] weights) {
    double[] sums = new double[NAMES.size()];
    int q = units.length;
    for (int j = 0; j < q; j++) {
      double mean = mean(targets, j, q, weights);
      double squared = 0;
      double absolute = 0;
      double deviation = 0;
      double weight = 0;
      for (int i = 0; i < weights.length; i++) {
        double error = errors[i * q + j];
        double fromMean = targets[i * q + j] - mean;
        squared += weights[i] * error * error;
        absolute += weights[i] * Math.abs(error);
        deviation += weights[i] * fromMean * fromMean;
        weight += weights[i];
      }
      sums[0] += Math.sqrt(squared / weight) * units[j] / q;
      sums[1] += absolute / weight * units[j] / q;
      sums[2] += (deviation > 0 ? 1 - squared / deviation : Double.NaN) / q;
      sums[3] += mean(shares, j, q, weights) / q;
    }
    sums[4] = mean(pinball, 0, 1, weights);
    sums[5] = mean(covered, 0, 1, weights);
    return sums;
  }

  /// Quantiles of the errors of each output; none if one is no finite number.
  List<List<ErrorQuantile>> errorQuantiles() {
    List<List<ErrorQuantile>> all = new ArrayList<>();
    for (int j = 0; j < units.length; j++) {
      List<ErrorQuantile> quantiles = errorQuantiles(j);
      if (!quantiles.stream().allMatch(each -> Double.isFinite(each.error()))) {
        return List.of();
      }
      all.add(quantiles);
    }
    return all;
  }

  private List<ErrorQuantile> errorQuantiles(int output) {
    int q = units.length;
    int[] order =
        IntStream.range(0, kept)
            .filter(i -> weights[i] > 0)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> errors[i * q + output]))
            .mapToInt(Integer::intValue)
            .toArray();
    double total = IntStream.of(order).mapToDouble(i -> weights[i]).sum();
    List<ErrorQuantile> quantiles = new ArrayList<>();
    double below = 0;
    int next = 0;
    for (double at : ErrorQuantile.TOLD) {
      while (next < order.length - 1 && below + weights[order[next]] < at * total) {
        below += weights[order[next++]];
      }
      quantiles.add(
          new ErrorQuantile(at, (double) errors[order[next] * q + output] * units[output]));
    }
    return quantiles;
  }

  /// Not a number if it is of any row that counts.
  private static double mean(float[] of, int column, int columns, double[] weights) {
    double sum = 0;
    double weight = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        sum += weights[i] * of[i * columns + column];
        weight += weights[i];
      }
    }
    return sum / weight;
  }
}
