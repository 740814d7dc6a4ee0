package dev.backprop.engine.data;

import dev.backprop.engine.spec.NumberEncodingSpec;
import java.util.Arrays;

/// Fits a [NumberCode] to numbers.
final class NumberFit {

  private NumberFit() {}

  /// @param moments of the numbers
  /// @param values the numbers, those that are missing behind the others; or fewer that stand for
  ///   them; reordered
  static NumberCode of(NumberEncodingSpec spec, Moments moments, double median, double[] values) {
    int n = Math.min(moments.count(), values.length);
    return switch (spec) {
      case NumberEncodingSpec.Standardize _ ->
          new NumberCode.Standardized(moments.mean(), moments.std() == 0 ? 1 : moments.std());
      case NumberEncodingSpec.Robust _ -> {
        sort(values, n);
        yield robust(moments, median, values, n);
      }
      case NumberEncodingSpec.Periodic _ -> {
        sort(values, n);
        yield new NumberCode.Periodic(robust(moments, median, values, n));
      }
      case NumberEncodingSpec.PiecewiseLinear(int bins) -> {
        sort(values, n);
        NumberCode.Robust number = robust(moments, median, values, n);
        yield new NumberCode.PiecewiseLinear(
            number, bins, new Edges(Quantiles.edges(values, n, bins)));
      }
      case NumberEncodingSpec.QuantileNormal(int quantiles) -> {
        sort(values, n);
        double[] found = new double[Math.min(quantiles, n)];
        for (int i = 0; i < found.length; i++) {
          found[i] = Quantiles.of(values, n, found.length == 1 ? 0 : i / (found.length - 1.0));
        }
        Arrays.sort(found); // rounding may have put one above the next
        yield new NumberCode.QuantileNormal(new Ranks(found));
      }
    };
  }

  /// Sorts the first n numbers, with one zero only.
  private static void sort(double[] values, int n) {
    for (int i = 0; i < n; i++) {
      values[i] += 0.0;
    }
    Arrays.sort(values, 0, n);
  }

  /// The scale is the distance of the quartiles, half the range if there is none, and 1 if all
  /// numbers are the same.
  private static NumberCode.Robust robust(Moments moments, double median, double[] sorted, int n) {
    double scale = 0;
    if (n > 0) {
      scale = Quantiles.of(sorted, n, 0.75) - Quantiles.of(sorted, n, 0.25);
    }
    if (scale == 0) {
      scale = moments.max() / 2 - moments.min() / 2;
    }
    return new NumberCode.Robust(median, scale > 0 ? Math.min(Double.MAX_VALUE, scale) : 1);
  }
}
