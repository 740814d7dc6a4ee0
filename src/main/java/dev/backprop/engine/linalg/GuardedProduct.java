package dev.backprop.engine.linalg;

import java.util.Arrays;

/// As OpenBLAS's kernels for Haswell and Zen are (kernel/x86_64/sgemm_kernel_8x4_haswell_2.c). Rows
/// are taken in groups of twelve. For some rows of a group, the even and the odd terms of the first
/// and the last eight columns are summed up apart. Eight columns on either side of B take their
/// places, whose sums nobody looks at, and rows are filled up to twelve.
final class GuardedProduct implements AlikeKernels.Product {

  private static final int GUARD = 8;
  private static final int GROUP = 12;

  /// With fewer columns than this ...
  private static final int NARROW = 16;

  /// ... or less depth than this, no guards are needed; a little more is halved.
  private static final int SHALLOW = 8;

  /// Up to so many rows behind the last whole group are alike.
  private static final int FEW_ROWS = 3;

  private static final int ROWS = 21 * GROUP;
  private static final int COLUMNS = 256;
  private static final int DEPTH = 256;
  private static final int WIDTH = GUARD + COLUMNS + GUARD;

  private final OpenBlasKernels library;
  private final Lender<Scratch> scratches = new Lender<>(Scratch::new);
  private final ColumnProduct fewColumns = new ColumnProduct();

  GuardedProduct(OpenBlasKernels library) {
    this.library = library;
  }

  @Override
  public void add(Matrix a, Matrix b, Matrix c) {
    OpenBlasKernels.Piece limit = library.pieceFor(b);
    int m = c.rows();
    if (c.columns() <= ColumnProduct.FEW) {
      fewColumns.add(0, a, b, c);
      return;
    }
    if (a.columns() <= 2 * (SHALLOW - 1)) {
      addShallow(a, b, c);
      return;
    }
    if (m == 1) {
      addRow(a, b, c, limit.k());
      return;
    }
    if (m <= FEW_ROWS) {
      OpenBlasKernels.addPieces(0, m, c.columns(), a, b, c, limit);
      return;
    }
    int rest = m % GROUP;
    addGroups(m - rest, a, b, c, limit);
    if (rest > FEW_ROWS) {
      Matrix rows = Matrix.allocate(GROUP, a.columns());
      Matrix sums = Matrix.allocate(GROUP, c.columns());
      copyRows(a, m - rest, rest, rows, 0);
      copyRows(c, m - rest, rest, sums, 0);
      addGroups(GROUP, rows, b, sums, limit);
      copyRows(sums, 0, rest, c, m - rest);
    } else if (rest > 0) {
      OpenBlasKernels.addPieces(m - rest, rest, c.columns(), a, b, c, limit);
    }
  }

  private static void addShallow(Matrix a, Matrix b, Matrix c) {
    int k = a.columns();
    int n = c.columns();
    int depth = k < SHALLOW ? k : Math.ceilDiv(k, 2);
    for (int i = 0; i < c.rows(); i += ROWS) {
      int rows = Math.min(ROWS, c.rows() - i);
      for (int r = 0; r < k; r += depth) {
        OpenBlas.sgemm(rows, n, Math.min(depth, k - r), a, i * k + r, b, r * n, 1, c, i * n);
      }
    }
  }

  /// A single row, in the order of the library's sums: of each piece of the depth
  ///
  ///     s <- 0,  s <- fma(a_r, b_r, s) for each r in turn,  c <- c + s
  ///
  /// The library would first pack all of B. Takes four rows of B at a time, so that a sum is loaded
  /// and stored once for four terms.
  private static void addRow(Matrix a, Matrix b, Matrix c, int limit) {
    int k = a.columns();
    int n = b.columns();
    float[] s = new float[n];
    float[] x = a.values();
    int xo = a.offset();
    int pieces = Cut.pieces(k, limit);
    for (int piece = 0; piece < pieces; piece++) {
      int r = Cut.tile(piece, k, pieces);
      int end = Cut.tile(piece + 1, k, pieces);
      Arrays.fill(s, 0);
      for (; r + 4 <= end; r += 4) {
        addFour(x[xo + r], x[xo + r + 1], x[xo + r + 2], x[xo + r + 3], b, r, s);
      }
      for (; r < end; r++) {
        addOne(x[xo + r], b, r, s);
      }
      for (int j = 0; j < n; j++) {
        c.values()[c.offset() + j] += s[j];
      }
    }
  }

  private static void addOne(float x, Matrix b, int r, float[] s) {
    float[] w = b.values();
    int at = b.offset() + r * s.length;
    for (int j = 0; j < s.length; j++) {
      s[j] = Math.fma(x, w[at + j], s[j]);
    }
  }

  private static void addFour(float x0, float x1, float x2, float x3, Matrix b, int r, float[] s) {
    float[] w = b.values();
    int n = s.length;
    int at0 = b.offset() + r * n;
    int at1 = at0 + n;
    int at2 = at1 + n;
    int at3 = at2 + n;
    for (int j = 0; j < n; j++) {
      float sum = Math.fma(x1, w[at1 + j], Math.fma(x0, w[at0 + j], s[j]));
      s[j] = Math.fma(x3, w[at3 + j], Math.fma(x2, w[at2 + j], sum));
    }
  }

  private static void copyRows(Matrix from, int row, int count, Matrix to, int toRow) {
    System.arraycopy(
        from.values(),
        from.offset() + row * from.columns(),
        to.values(),
        to.offset() + toRow * to.columns(),
        count * from.columns());
  }

  /// The first `count` rows, which are whole groups.
  private void addGroups(int count, Matrix a, Matrix b, Matrix c, OpenBlasKernels.Piece limit) {
    if (c.columns() < NARROW) {
      OpenBlasKernels.addPieces(0, count, c.columns(), a, b, c, limit);
      return;
    }
    int n = c.columns();
    int pieces = Cut.pieces(n, COLUMNS);
    Scratch scratch = scratches.borrow();
    for (int piece = 0; piece < pieces; piece++) {
      int j = Cut.tile(piece, n, pieces);
      int columns = Cut.tile(piece + 1, n, pieces) - j;
      for (int i = 0; i < count; i += ROWS) {
        addBetweenGuards(i, Math.min(ROWS, count - i), j, columns, a, b, c, limit.k(), scratch);
      }
    }
    scratches.giveBack(scratch);
  }

  private static void addBetweenGuards(
      int i,
      int rows,
      int j,
      int columns,
      Matrix a,
      Matrix b,
      Matrix c,
      int limit,
      Scratch scratch) {
    int k = a.columns();
    int pieces = Cut.pieces(k, limit);
    int width = GUARD + Math.ceilDiv(columns, GUARD) * GUARD + GUARD;
    copy(c, i, rows, j, scratch.c, 0, GUARD, columns);
    for (int piece = 0; piece < pieces; piece++) {
      int r = Cut.tile(piece, k, pieces);
      int depth = Cut.tile(piece + 1, k, pieces) - r;
      copy(b, r, depth, j, scratch.b, 0, GUARD, columns);
      OpenBlas.sgemm(rows, width, depth, a, i * k + r, scratch.b, 0, 1, scratch.c, 0);
    }
    copy(scratch.c, 0, rows, GUARD, c, i, j, columns);
  }

  private static void copy(
      Matrix from,
      int fromRow,
      int count,
      int fromColumn,
      Matrix to,
      int toRow,
      int toColumn,
      int columns) {
    for (int i = 0; i < count; i++) {
      System.arraycopy(
          from.values(),
          from.offset() + (fromRow + i) * from.columns() + fromColumn,
          to.values(),
          to.offset() + (toRow + i) * to.columns() + toColumn,
          columns);
    }
  }

  /// Guards are what was there before.
  private static final class Scratch {

    private final Matrix b = Matrix.allocate(DEPTH, WIDTH);
    private final Matrix c = Matrix.allocate(ROWS, WIDTH);
  }
}
