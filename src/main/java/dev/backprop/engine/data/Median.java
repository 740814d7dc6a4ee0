package dev.backprop.engine.data;

/// The median of numbers.
final class Median {

  private Median() {}

  /// The middle number, or the middle between the two; 0 if there are none.
  ///
  /// @param values finite, or NaN for a missing one; reordered, those that are not missing first
  static double of(double[] values) {
    int n = 0;
    for (double value : values) {
      if (!Double.isNaN(value)) {
        values[n++] = value;
      }
    }
    return n == 0 ? 0 : median(values, n);
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
