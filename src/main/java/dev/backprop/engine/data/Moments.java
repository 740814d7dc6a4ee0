package dev.backprop.engine.data;

import java.io.Serializable;
import java.util.function.IntToDoubleFunction;

/// Statistics of numbers; all zero if there are none.
///
/// @param count how many numbers were not missing
/// @param std of the population; 0 exactly if all numbers are the same
public record Moments(int count, double min, double max, double mean, double std)
    implements Serializable {

  /// Statistics of the numbers at 0 … n - 1. Three passes; the numbers are brought to at most 1 in
  /// magnitude by a power of two, so that the squares of 1e300 do not overflow.
  ///
  /// @param numbers each finite, or NaN for a missing one
  public static Moments of(int n, IntToDoubleFunction numbers) {
    int count = 0;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      double value = numbers.applyAsDouble(i);
      if (!Double.isNaN(value)) {
        count++;
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
    }
    if (count == 0) {
      return new Moments(0, 0, 0, 0, 0);
    }
    if (min == max) {
      return new Moments(count, min, max, min, 0);
    }
    int exponent = Math.getExponent(Math.max(Math.abs(min), Math.abs(max))) + 1;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double value = numbers.applyAsDouble(i);
      sum += Double.isNaN(value) ? 0 : scaled(value, exponent);
    }
    double mean = sum / count;
    double squares = 0;
    double rest = 0; // what rounding left in the mean
    for (int i = 0; i < n; i++) {
      double value = numbers.applyAsDouble(i);
      double deviation = Double.isNaN(value) ? 0 : scaled(value, exponent) - mean;
      squares += deviation * deviation;
      rest += deviation;
    }
    double std = Math.sqrt(Math.max(0, (squares - rest * rest / count) / count));
    // Rounding may have taken either a little too far, even beyond all numbers.
    return new Moments(
        count,
        min,
        max,
        Math.clamp(Math.scalb(mean, exponent), min, max),
        Math.min(Double.MAX_VALUE, Math.scalb(std, exponent)));
  }

  /// The statistics of these numbers and others together, by the formulas of Chan, Golub and
  /// LeVeque (1979). The same parts in the same order give the same bits.
  ///
  /// @throws ArithmeticException if they are more than 2^31 - 1 numbers
  public Moments merged(Moments other) {
    if (count == 0 || other.count == 0) {
      return count == 0 ? other : this;
    }
    int n = Math.addExact(count, other.count);
    double low = Math.min(min, other.min);
    double high = Math.max(max, other.max);
    if (low == high) {
      return new Moments(n, low, high, low, 0);
    }
    int exponent = Math.getExponent(Math.max(Math.abs(low), Math.abs(high))) + 1;
    double apart = scaled(other.mean, exponent) - scaled(mean, exponent);
    double ofMean = scaled(mean, exponent) + apart * other.count / n;
    double squares =
        squares(exponent)
            + other.squares(exponent)
            + apart * apart * ((double) count / n * other.count);
    return new Moments(
        n,
        low,
        high,
        Math.clamp(Math.scalb(ofMean, exponent), low, high),
        Math.min(Double.MAX_VALUE, Math.scalb(Math.sqrt(squares / n), exponent)));
  }

  /// The sum of squared deviations from the mean, of numbers divided by 2^exponent.
  private double squares(int exponent) {
    double deviation = scaled(std, exponent);
    return deviation * deviation * count;
  }

  /// `value / 2^exponent`, in two steps because 2^-exponent alone may not be a normal number.
  private static double scaled(double value, int exponent) {
    int half = exponent / 2;
    return value * Math.scalb(1.0, -half) * Math.scalb(1.0, half - exponent);
  }
}
