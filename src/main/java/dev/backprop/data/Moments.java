package dev.backprop.data;

/// Statistics of numbers; all zero where there are none.
///
/// @param count how many numbers were not missing
/// @param std of the population; 0 exactly where all numbers are the same
public record Moments(int count, double min, double max, double mean, double std, double median) {

  /// Two passes over numbers that are brought to at most 1 in magnitude by a power of two, so that
  /// squares of 1e300 do not overflow.
  ///
  /// @param values finite, or NaN for a missing one; reordered
  public static Moments of(double[] values) {
    int n = 0;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      if (!Double.isNaN(value)) {
        values[n++] = value;
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
    }
    if (n == 0) {
      return new Moments(0, 0, 0, 0, 0, 0);
    }
    if (min == max) {
      return new Moments(n, min, max, min, 0, min);
    }
    int exponent = Math.getExponent(Math.max(Math.abs(min), Math.abs(max))) + 1;
    double mean = mean(values, n, exponent);
    double std = std(values, n, exponent, mean);
    return new Moments(
        n, min, max, Math.scalb(mean, exponent), Math.scalb(std, exponent), median(values, n));
  }

  private static double mean(double[] values, int n, int exponent) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += scaled(values[i], exponent);
    }
    return sum / n;
  }

  private static double std(double[] values, int n, int exponent, double mean) {
    double squares = 0;
    double rest = 0;
    for (int i = 0; i < n; i++) {
      double deviation = scaled(values[i], exponent) - mean;
      squares += deviation * deviation;
      rest += deviation;
    }
    return Math.sqrt(Math.max(0, (squares - rest * rest / n) / n));
  }

  /// `value / 2^exponent`, in two steps because 2^-exponent alone may not be a normal number.
  private static double scaled(double value, int exponent) {
    int half = exponent / 2;
    return value * Math.scalb(1.0, -half) * Math.scalb(1.0, half - exponent);
  }

  private static double median(double[] values, int n) {
    double upper = select(values, n, n / 2);
    if (n % 2 == 1) {
      return upper;
    }
    double lower = values[0];
    for (int i = 1; i < n / 2; i++) {
      lower = Math.max(lower, values[i]);
    }
    return lower + (upper / 2 - lower / 2);
  }

  /// The k-th smallest of the first n values, which afterwards stands at k with none greater before
  /// it (Hoare's Find, median of three).
  private static double select(double[] values, int n, int k) {
    int low = 0;
    int high = n - 1;
    while (low < high) {
      double a = values[low];
      double b = values[(low + high) >>> 1];
      double c = values[high];
      double pivot = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
      int i = low;
      int j = high;
      while (i <= j) {
        while (values[i] < pivot) {
          i++;
        }
        while (values[j] > pivot) {
          j--;
        }
        if (i <= j) {
          double swapped = values[i];
          values[i++] = values[j];
          values[j--] = swapped;
        }
      }
      if (k <= j) {
        high = j;
      } else if (k >= i) {
        low = i;
      } else {
        break;
      }
    }
    return values[k];
  }
}
