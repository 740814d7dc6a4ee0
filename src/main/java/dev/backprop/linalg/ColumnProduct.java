package dev.backprop.linalg;

/// A few columns of C += A B as products of A with a vector. OpenBLAS sums up their rows in groups
/// of four, and all groups alike: so the last rows are filled up to a group, with zeros.
final class ColumnProduct {

  /// Columns that are multiplied sooner one by one than side by side.
  static final int FEW = 2;

  private static final int GROUP = 4;

  private ColumnProduct() {}

  /// @param first of the columns up to the last
  static void add(int first, Matrix a, Matrix b, Matrix c) {
    int k = a.columns();
    int n = c.columns();
    int rest = c.rows() % GROUP;
    int whole = c.rows() - rest;
    if (whole > 0) {
      for (int j = first; j < n; j++) {
        OpenBlasKernels.addColumn(j, whole, a, b, c);
      }
    }
    if (rest > 0) {
      Matrix rows = Matrix.allocate(GROUP, k);
      Matrix sums = Matrix.allocate(GROUP, n);
      System.arraycopy(a.values(), a.offset() + whole * k, rows.values(), 0, rest * k);
      System.arraycopy(c.values(), c.offset() + whole * n, sums.values(), 0, rest * n);
      for (int j = first; j < n; j++) {
        OpenBlasKernels.addColumn(j, GROUP, rows, b, sums);
        for (int i = 0; i < rest; i++) {
          c.values()[c.offset() + (whole + i) * n + j] = sums.values()[i * n + j];
        }
      }
    }
  }
}
