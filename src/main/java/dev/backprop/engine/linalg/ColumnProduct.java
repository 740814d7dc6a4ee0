package dev.backprop.engine.linalg;

/// A few columns of C += A B as products of A with a vector. OpenBLAS sums up their rows in groups
/// of four, and all groups alike: so the last rows are filled up to a group.
final class ColumnProduct {

  /// Columns that are multiplied sooner one by one than side by side.
  static final int FEW = 2;

  private static final int GROUP = 4;

  private final Lender<Scratch> scratches = new Lender<>(Scratch::new);

  /// @param first of the columns up to the last
  void add(int first, Matrix a, Matrix b, Matrix c) {
    int k = a.columns();
    int n = c.columns();
    int rest = c.rows() % GROUP;
    int whole = c.rows() - rest;
    if (whole > 0) {
      for (int j = first; j < n; j++) {
        OpenBlas.addColumn(j, whole, a, b, c);
      }
    }
    if (rest > 0) {
      Scratch scratch = scratches.borrow();
      scratch.fit(k, n);
      Matrix rows = scratch.rows;
      Matrix sums = scratch.sums;
      System.arraycopy(a.values(), a.offset() + whole * k, rows.values(), 0, rest * k);
      System.arraycopy(c.values(), c.offset() + whole * n, sums.values(), 0, rest * n);
      for (int j = first; j < n; j++) {
        OpenBlas.addColumn(j, GROUP, rows, b, sums);
        for (int i = 0; i < rest; i++) {
          c.values()[c.offset() + (whole + i) * n + j] = sums.values()[i * n + j];
        }
      }
      scratches.giveBack(scratch);
    }
  }

  /// A group of rows, which are alike whatever stands in the other rows. Mostly the next product
  /// has the same shape.
  private static final class Scratch {

    private Matrix rows = Matrix.allocate(GROUP, 1);
    private Matrix sums = Matrix.allocate(GROUP, 1);

    void fit(int depth, int columns) {
      rows = rows.columns() == depth ? rows : Matrix.allocate(GROUP, depth);
      sums = sums.columns() == columns ? sums : Matrix.allocate(GROUP, columns);
    }
  }
}
