package dev.backprop.engine.linalg;

import java.util.ArrayList;
import java.util.List;

/// The last columns of C += A B, one or two, as products of A with a vector. OpenBLAS sums up their
/// rows in groups of four, and all groups alike: so the last rows are filled up to a group.
final class ColumnProduct {

  /// Columns that are multiplied sooner one by one than side by side.
  static final int FEW = 2;

  private static final int GROUP = 4;

  private final Lender<Scratch> scratches = new Lender<>(Scratch::new);

  /// @param first of the columns up to the last: one or two
  void add(int first, Matrix a, Matrix b, Matrix c) {
    int k = a.columns();
    int n = c.columns();
    int rest = c.rows() % GROUP;
    int whole = c.rows() - rest;
    if (whole > 0) {
      addColumns(n - first, whole, a, b, c);
    }
    if (rest > 0) {
      Scratch scratch = scratches.borrow();
      Matrix rows = scratch.rows.of(k);
      Matrix sums = scratch.sums.of(n);
      System.arraycopy(a.values(), a.offset() + whole * k, rows.values(), 0, rest * k);
      System.arraycopy(c.values(), c.offset() + whole * n, sums.values(), 0, rest * n);
      addColumns(n - first, GROUP, rows, b, sums);
      for (int j = first; j < n; j++) {
        for (int i = 0; i < rest; i++) {
          c.values()[c.offset() + (whole + i) * n + j] = sums.values()[i * n + j];
        }
      }
      scratches.giveBack(scratch);
    }
  }

  private static void addColumns(int count, int rows, Matrix a, Matrix b, Matrix c) {
    if (count == FEW) {
      OpenBlas.addLastButOne(rows, a, b, c);
    }
    OpenBlas.addLastColumn(rows, a, b, c);
  }

  /// A group of rows, which are alike whatever stands in the other rows, and their sums.
  private static final class Scratch {

    private final Groups rows = new Groups();
    private final Groups sums = new Groups();
  }

  /// Groups of rows of the widths that were asked for last. The layers of a network ask for theirs
  /// again and again.
  private static final class Groups {

    private static final int WIDTHS = 16;

    private final List<Matrix> kept = new ArrayList<>(WIDTHS);
    private int next;

    Matrix of(int width) {
      for (int i = 0; i < kept.size(); i++) {
        if (kept.get(i).columns() == width) {
          return kept.get(i);
        }
      }
      Matrix made = Matrix.allocate(GROUP, width);
      if (kept.size() < WIDTHS) {
        kept.add(made);
      } else {
        kept.set(next, made);
        next = (next + 1) % WIDTHS;
      }
      return made;
    }
  }
}
