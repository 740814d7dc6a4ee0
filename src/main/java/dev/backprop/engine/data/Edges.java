package dev.backprop.engine.data;

import java.util.Arrays;
import java.util.List;

/// The edges of bins.
public final class Edges {

  private final double[] edges;

  /// @param edges ascending, kept and not copied
  Edges(double[] edges) {
    this.edges = edges;
  }

  /// @param edges ascending
  static Edges of(List<Double> edges) {
    return new Edges(edges.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /// Edges of at most so many bins, each with about as many of the numbers. A number that fills a
  /// bin by itself is an edge.
  ///
  /// @param numbers NaN for missing ones, which do not count; not changed
  /// @return ascending, no two alike; the least and the greatest number among them, none if there
  ///   are no numbers
  public static double[] quantiles(double[] numbers, int bins) {
    double[] sorted =
        Arrays.stream(numbers).filter(number -> !Double.isNaN(number)).sorted().toArray();
    return sorted.length == 0 ? sorted : Quantiles.edges(sorted, sorted.length, bins);
  }

  public int count() {
    return edges.length;
  }

  public List<Double> list() {
    return Arrays.stream(edges).boxed().toList();
  }

  /// Writes a component for each bin from `x[at]` on: how much of the bin lies below the value.
  ///
  /// @param x zero in the places of the bins
  void encode(double value, float[] x, int at) {
    int below = atMost(edges, value);
    if (below == 0) {
      return;
    }
    Arrays.fill(x, at, at + below - 1, 1);
    if (below < edges.length) {
      x[at + below - 1] = (float) share(value, edges[below - 1], edges[below]);
    }
  }

  /// How many of the numbers are at most the value.
  ///
  /// @param sorted ascending
  static int atMost(double[] sorted, double value) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] <= value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// How much of the way from the low number to the high one the value has come.
  static double share(double value, double low, double high) {
    double width = high - low;
    return width < Double.POSITIVE_INFINITY
        ? (value - low) / width
        : (value / 2 - low / 2) / (high / 2 - low / 2);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Edges same && Arrays.equals(edges, same.edges);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(edges);
  }

  @Override
  public String toString() {
    return Arrays.toString(edges);
  }
}
