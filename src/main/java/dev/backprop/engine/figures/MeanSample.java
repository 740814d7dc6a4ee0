package dev.backprop.engine.figures;

import java.util.List;

/// A [Sample] of figures that are means over the rows, as those of several yes-or-no answers are. A
/// row takes 8 bytes, and 4 for each figure.
public final class MeanSample implements Sample {

  private final List<String> names;
  private final int rows;
  private final float[] values;
  private final double[] weights;
  private int seen;
  private int kept;

  /// @param rows how many will come
  public MeanSample(List<String> names, int rows) {
    this.names = List.copyOf(names);
    this.rows = rows;
    int n = Sample.kept(rows, names.size());
    values = new float[n * names.size()];
    weights = new double[n];
  }

  /// @param of the row, in the order of the names
  public void add(double[] of, double weight) {
    if (Sample.keeps(seen++, rows, weights.length)) {
      for (int f = 0; f < of.length; f++) {
        values[kept * of.length + f] = (float) of[f];
      }
      weights[kept++] = weight;
    }
  }

  @Override
  public List<String> names() {
    return names;
  }

  @Override
  public double[] weights() {
    return weights;
  }

  @Override
  public double[] figures(double[] weights) {
    double[] sums = new double[names.size()];
    double weight = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        for (int f = 0; f < sums.length; f++) {
          sums[f] += weights[i] * values[i * sums.length + f];
        }
        weight += weights[i];
      }
    }
    for (int f = 0; f < sums.length; f++) {
      sums[f] /= weight;
    }
    return sums;
  }
}
