package dev.backprop.engine.linalg;

/// As OpenBLAS's kernels for AVX-512 are, those that multiply in place and the others. They compute
/// all rows alike, but for the last columns of B if these do not fill a vector. They are multiplied
/// apart, one or two as a [ColumnProduct] if that is alike too, others with zeros behind them.
final class ProductAsItLies implements AlikeKernels.Product {

  private static final int VECTOR = 16;

  /// In place, so many columns behind the last whole vector are alike again, ...
  private static final int MANY = 9;

  /// ... and fewer are at less depth than this.
  private static final int DEEP = 32;

  /// Rows that are multiplied with a vector of columns at once: small enough to be done in place.
  private static final int ROWS = 192;

  private static final int DEPTH = 256;

  private final OpenBlasKernels library;
  private final boolean byColumns;
  private final Lender<Scratch> scratches = new Lender<>(Scratch::new);
  private final ColumnProduct fewColumns = new ColumnProduct();

  /// @param byColumns whether one or two columns are multiplied as a [ColumnProduct], which is
  ///   faster, but alike with fewer of the library's kernels
  ProductAsItLies(OpenBlasKernels library, boolean byColumns) {
    this.library = library;
    this.byColumns = byColumns;
  }

  @Override
  public void add(Matrix a, Matrix b, Matrix c) {
    OpenBlasKernels.Piece limit = library.pieceFor(b);
    int n = c.columns();
    int rest = n % VECTOR;
    if (rest == 0 || (OpenBlasKernels.inPlace(limit) && (rest >= MANY || a.columns() < DEEP))) {
      OpenBlasKernels.addPieces(0, c.rows(), n, a, b, c, limit);
      return;
    }
    if (n > rest) {
      OpenBlasKernels.addPieces(0, c.rows(), n - rest, a, b, c, limit);
    }
    if (byColumns && rest <= ColumnProduct.FEW && a.columns() >= DEEP) {
      fewColumns.add(n - rest, a, b, c);
    } else {
      Scratch scratch = scratches.borrow();
      addLastColumns(n - rest, a, b, c, limit, scratch);
      scratches.giveBack(scratch);
    }
  }

  /// @param first of the columns
  private static void addLastColumns(
      int first, Matrix a, Matrix b, Matrix c, OpenBlasKernels.Piece limit, Scratch scratch) {
    int k = a.columns();
    int n = c.columns();
    int pieces = Cut.pieces(k, limit.k());
    float[] s = scratch.c.values();
    float[] z = c.values();
    for (int piece = 0; piece < pieces; piece++) {
      int r = Cut.tile(piece, k, pieces);
      int depth = Cut.tile(piece + 1, k, pieces) - r;
      scratch.copy(b, r, depth, first);
      for (int i = 0; i < c.rows(); i += ROWS) {
        int rows = Math.min(ROWS, c.rows() - i);
        OpenBlas.sgemm(rows, VECTOR, depth, a, i * k + r, scratch.b, 0, 0, scratch.c, 0);
        for (int row = 0; row < rows; row++) {
          int at = c.offset() + (i + row) * n + first;
          for (int j = 0; j < n - first; j++) {
            z[at + j] += s[row * VECTOR + j];
          }
        }
      }
    }
  }

  private static final class Scratch {

    private final Matrix b = Matrix.allocate(DEPTH, VECTOR);
    private final Matrix c = Matrix.allocate(ROWS, VECTOR);

    /// The columns from `first` on, and zeros.
    void copy(Matrix from, int firstRow, int count, int first) {
      int n = from.columns();
      for (int r = 0; r < count; r++) {
        int at = from.offset() + (firstRow + r) * n;
        for (int j = 0; j < VECTOR; j++) {
          b.values()[r * VECTOR + j] = first + j < n ? from.values()[at + first + j] : 0;
        }
      }
    }
  }
}
