package dev.backprop.engine.data;

import java.util.Arrays;

/// Quantiles of numbers, and bins between them.
public final class Quantiles {

  private Quantiles() {}

  /// The quantile between the two nearest numbers, linear as numpy has it.
  ///
  /// @param sorted ascending, at least one number
  /// @param n how many there are
  /// @param p from 0 to 1
  public static double of(double[] sorted, int n, double p) {
    double place = p * (n - 1);
    int below = Math.clamp((long) Math.floor(place), 0, n - 1);
    int above = Math.min(below + 1, n - 1);
    double share = place - below;
    double a = sorted[below];
    double b = sorted[above];
    double step = b - a;
    if (Double.isInfinite(step)) {
      return a * (1 - share) + b * share;
    }
    return share < 0.5 ? a + step * share : b - step * (1 - share);
  }

  /// The edges of at most so many bins, each with about as many rows.
  ///
  /// A value that fills a bin by itself would be the edge of several bins, and these would be lost.
  /// So it is taken as one edge, and the others are shared out over the rest of the rows. In the
  /// rest, bins are smaller, and other values may fill one: it is done until none does.
  ///
  /// @param sorted ascending, the first n of it; changed
  /// @return ascending, no two alike; all values if they are not more than the edges
  static double[] edges(double[] sorted, int n, int bins) {
    if (distinct(sorted, n) <= bins + 1) {
      return Arrays.copyOf(sorted, withoutRepeats(sorted, n));
    }
    double[] edges = new double[bins + 1];
    int spikes = 0;
    int rest = n;
    while (true) {
      // There are more values left than edges, so that not all of them can be spikes.
      double share = (double) rest / (bins - spikes);
      int before = spikes;
      int kept = 0;
      for (int from = 0, to; from < rest; from = to) {
        to = endOfRun(sorted, from, rest);
        if (to - from >= share) {
          edges[spikes++] = sorted[from];
        } else {
          System.arraycopy(sorted, from, sorted, kept, to - from);
          kept += to - from;
        }
      }
      rest = kept;
      if (spikes == before) {
        break;
      }
    }
    int others = edges.length - spikes;
    for (int i = 0; i < others; i++) {
      edges[spikes + i] = of(sorted, rest, (double) i / (others - 1));
    }
    Arrays.sort(edges);
    return Arrays.copyOf(edges, withoutRepeats(edges, edges.length));
  }

  private static int endOfRun(double[] sorted, int from, int n) {
    int to = from + 1;
    while (to < n && sorted[to] == sorted[from]) {
      to++;
    }
    return to;
  }

  private static int distinct(double[] sorted, int n) {
    int distinct = 0;
    for (int i = 0; i < n; i++) {
      distinct += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
    }
    return distinct;
  }

  /// Moves one of each value to the front.
  ///
  /// @return how many there are
  private static int withoutRepeats(double[] sorted, int n) {
    int kept = 0;
    for (int i = 0; i < n; i++) {
      if (kept == 0 || sorted[i] != sorted[kept - 1]) {
        sorted[kept++] = sorted[i];
      }
    }
    return kept;
  }
}
