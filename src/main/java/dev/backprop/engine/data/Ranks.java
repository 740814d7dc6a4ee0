package dev.backprop.engine.data;

import java.util.Arrays;
import java.util.List;

/// Where a number stands among quantiles, from 0 to 1.
///
/// A number that is several quantiles stands in the middle of them. Between two quantiles the rank
/// is linear. If no quantiles are equal, this is what scikit-learn's QuantileTransformer answers.
/// That one takes the smallest number for rank 0 and the largest for rank 1, however often they are
/// quantiles. A column of many zeros would have its usual value at the end of the range.
public final class Ranks {

  private final double[] quantiles;

  /// The quantiles without repeats, and the rank of each.
  private final double[] values;

  private final double[] ranks;

  /// @param quantiles ascending, equally far apart in rank; kept and not copied
  Ranks(double[] quantiles) {
    this.quantiles = quantiles;
    int n = quantiles.length;
    double[] distinct = new double[n];
    double[] middles = new double[n];
    int count = 0;
    for (int from = 0, to; from < n; from = to) {
      to = from + 1;
      while (to < n && quantiles[to] == quantiles[from]) {
        to++;
      }
      distinct[count] = quantiles[from];
      middles[count++] = n == 1 ? 0.5 : (from + to - 1) / 2.0 / (n - 1);
    }
    values = Arrays.copyOf(distinct, count);
    ranks = Arrays.copyOf(middles, count);
  }

  /// @param quantiles ascending
  static Ranks of(List<Double> quantiles) {
    return new Ranks(quantiles.stream().mapToDouble(Double::doubleValue).toArray());
  }

  public List<Double> quantiles() {
    return Arrays.stream(quantiles).boxed().toList();
  }

  /// The rank of a number, 0 or 1 outside the quantiles; the middle if there are none.
  double of(double value) {
    int n = values.length;
    if (n == 0) {
      return 0.5;
    }
    if (value < values[0]) {
      return 0;
    }
    if (value > values[n - 1]) {
      return 1;
    }
    int below = Edges.atMost(values, value) - 1;
    return below == n - 1
        ? ranks[below]
        : ranks[below]
            + (ranks[below + 1] - ranks[below])
                * Edges.share(value, values[below], values[below + 1]);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Ranks same && Arrays.equals(quantiles, same.quantiles);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(quantiles);
  }

  @Override
  public String toString() {
    return Arrays.toString(quantiles);
  }
}
