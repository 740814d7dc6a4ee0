package dev.backprop.engine.data;

import dev.backprop.engine.table.Column;

/// How many different numbers a column has.
public final class DistinctNumbers {

  private DistinctNumbers() {}

  /// Counts up to a bound, and looks no further then.
  ///
  /// @param most at least 1
  public static int of(Column column, int most) {
    double[] table = new double[Integer.highestOneBit(most) * 4];
    boolean[] used = new boolean[table.length];
    int count = 0;
    for (int row = 0; row < column.rows() && count < most; row++) {
      double value = column.cell(row) + 0.0; // one zero only
      if (!Double.isNaN(value)) {
        int at = place(value, table, used);
        if (!used[at]) {
          used[at] = true;
          table[at] = value;
          count++;
        }
      }
    }
    return count;
  }

  private static int place(double value, double[] table, boolean[] used) {
    int at = Long.hashCode(Double.doubleToLongBits(value) * 0x9E3779B97F4A7C15L);
    at &= table.length - 1;
    while (used[at] && table[at] != value) {
      at = (at + 1) & (table.length - 1);
    }
    return at;
  }
}
