package dev.backprop.engine.linalg;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The products by [OpenBlas]. While a call runs on heap arrays no thread of the process reaches a
/// safepoint, so a long product is cut into calls of less than a millisecond. The cuts follow only
/// from the shapes and the library.
///
/// If the library multiplies small matrices in place, without packing them first, products are cut
/// into pieces that small. It then reaches the processor's limit, because packing takes time.
public final class OpenBlasKernels implements Kernels {

  /// Largest piece of a product that OpenBLAS packs: about 0.5 ms.
  private static final Piece PACKED = new Piece(512, 256, 256);

  /// Largest piece of a product that OpenBLAS computes in place, below its limit of 10^6
  /// multiply-adds.
  private static final Piece IN_PLACE = new Piece(96, 64, 128);

  /// The same for few rows, which needs fewer calls.
  private static final Piece IN_PLACE_FEW_ROWS = new Piece(24, 256, 128);

  /// With so many multiply-adds or more, about 0.1 ms, sharing a product pays off. For a smaller
  /// product the threads' results move between the caches of their cores, now and when they are
  /// used next. That takes longer than sharing saves.
  private static final long SHARED = 1L << 23;

  /// A matrix on the right with more elements does not fit into the caches, so packing it pays off.
  private static final int IN_CACHE = 1 << 21;

  /// The most elements of a matrix that one call multiplies with a vector: about 0.2 ms.
  private static final int ROW_PIECE = 1 << 21;

  private final Team team;
  private final boolean inPlace;

  /// Scratch for a product that the team shares; null while such a product is computed.
  private final AtomicReference<@Nullable Product> idle = new AtomicReference<>();

  private OpenBlasKernels(Team team, boolean inPlace) {
    this.team = team;
    this.inPlace = inPlace;
  }

  /// The kernels of the library. The first call loads it.
  ///
  /// @throws IllegalStateException if it can't be loaded; the message says why
  static OpenBlasKernels load() {
    return load(OpenBlas.LIBRARY.inPlace());
  }

  /// @param inPlace whether to cut products as for a library that multiplies small matrices without
  ///   packing them; results are right with any library
  static OpenBlasKernels load(boolean inPlace) {
    String failure = OpenBlas.LIBRARY.failure();
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
    return new OpenBlasKernels(Team.ALONE, inPlace);
  }

  /// Names the library, such as "libopenblas 0.3.31, core Haswell, 1 thread", and what the
  /// environment has told it about the processor.
  String description() {
    return OpenBlas.LIBRARY.description();
  }

  @Override
  public String name() {
    return "openblas";
  }

  @Override
  public Kernels with(Team others) {
    return new OpenBlasKernels(others, inPlace);
  }

  @Override
  public Kernels alike() {
    return inPlace ? Alike.IN_PLACE : Alike.PACKED;
  }

  /// Tried out once, because what the library does depends only on the machine.
  private static final class Alike {
    private static final AlikeKernels IN_PLACE =
        AlikeKernels.of(new OpenBlasKernels(Team.ALONE, true));
    private static final AlikeKernels PACKED =
        AlikeKernels.of(new OpenBlasKernels(Team.ALONE, false));
  }

  @Override
  public void addMultiplyNN(Matrix a, Matrix b, Matrix c) {
    int k = a.columns();
    Kernels.checkShapes(a.rows(), k, b.rows(), b.columns(), c);
    if (a.rows() == 1) {
      addMultiplyRow(a, b, c);
      return;
    }
    multiply(OpenBlas.NO_TRANSPOSE, a, OpenBlas.NO_TRANSPOSE, b, k, 1, c, pieceFor(b));
  }

  @Override
  public void multiplyTN(Matrix a, Matrix b, Matrix c) {
    int k = a.rows();
    Kernels.checkShapes(a.columns(), k, b.rows(), b.columns(), c);
    multiply(OpenBlas.TRANSPOSE, a, OpenBlas.NO_TRANSPOSE, b, k, 0, c, pieceFor(b));
  }

  @Override
  public void multiplyNT(Matrix a, Matrix b, Matrix c) {
    int k = a.columns();
    Kernels.checkShapes(a.rows(), k, b.columns(), b.rows(), c);
    multiply(OpenBlas.NO_TRANSPOSE, a, OpenBlas.TRANSPOSE, b, k, 0, c, PACKED);
  }

  /// c += a B of single rows a and c. This is a product with a vector, for which the library has a
  /// faster function.
  private static void addMultiplyRow(Matrix a, Matrix b, Matrix c) {
    int k = b.rows();
    int pieces = Cut.pieces(b.size(), ROW_PIECE);
    for (int p = 0; p < pieces; p++) {
      int r = Cut.tile(p, k, pieces);
      OpenBlas.addRow(Cut.tile(p + 1, k, pieces) - r, a, r, b, r * b.columns(), c);
    }
  }

  Piece pieceFor(Matrix b) {
    return inPlace && b.size() <= IN_CACHE ? IN_PLACE : PACKED;
  }

  /// Whether the library computes such pieces in place.
  static boolean inPlace(Piece piece) {
    return piece.equals(IN_PLACE);
  }

  /// C += A B of some rows, and of the first `n` columns of B and C, piece by piece.
  static void addPieces(
      int firstRow, int rows, int n, Matrix a, Matrix b, Matrix c, Piece largest) {
    int k = a.columns();
    // Of a piece's extents, only the depth changes the bits.
    Piece limit =
        largest.equals(IN_PLACE) && rows <= IN_PLACE_FEW_ROWS.m ? IN_PLACE_FEW_ROWS : largest;
    int piecesOfM = Cut.pieces(rows, limit.m);
    int piecesOfN = Cut.pieces(n, limit.n);
    int piecesOfK = Cut.pieces(k, limit.k);
    if (rows == c.rows() && n == c.columns() && piecesOfM * piecesOfN * piecesOfK == 1) {
      OpenBlas.sgemm(OpenBlas.NO_TRANSPOSE, OpenBlas.NO_TRANSPOSE, a, b, k, 1, c);
      return;
    }
    for (int pm = 0; pm < piecesOfM; pm++) {
      int i = firstRow + Cut.tile(pm, rows, piecesOfM);
      int m = firstRow + Cut.tile(pm + 1, rows, piecesOfM) - i;
      for (int pn = 0; pn < piecesOfN; pn++) {
        int j = Cut.tile(pn, n, piecesOfN);
        int columns = Cut.tile(pn + 1, n, piecesOfN) - j;
        for (int pk = 0; pk < piecesOfK; pk++) {
          int r = Cut.tile(pk, k, piecesOfK);
          int depth = Cut.tile(pk + 1, k, piecesOfK) - r;
          OpenBlas.sgemm(
              m, columns, depth, a, i * k + r, b, r * b.columns() + j, 1, c, i * c.columns() + j);
        }
      }
    }
  }

  /// C = op(A) op(B) + beta C, in one call or piece by piece.
  private void multiply(
      int transposeA,
      Matrix a,
      int transposeB,
      Matrix b,
      int k,
      float beta,
      Matrix c,
      Piece limit) {
    int m = c.rows();
    int n = c.columns();
    if (m <= limit.m && n <= limit.n && k <= limit.k) {
      OpenBlas.sgemm(transposeA, transposeB, a, b, k, beta, c);
      return;
    }
    int pieces = Cut.pieces(m, limit.m) * Cut.pieces(n, limit.n);
    if ((long) m * n * k < SHARED || !team.isIdle()) {
      // If the team is at work, several of its threads may each compute a product of their own.
      for (int p = 0; p < pieces; p++) {
        piece(p, transposeA, a, transposeB, b, k, beta, c, limit);
      }
      return;
    }
    Product product = idle.getAndSet(null);
    if (product == null) {
      product = new Product();
    }
    product.set(transposeA, a, transposeB, b, k, beta, c, limit);
    team.run(pieces, product);
    product.forget();
    idle.set(product);
  }

  /// A product whose pieces the team shares. The object is used again and again, so that a product
  /// allocates nothing.
  private static final class Product implements IntConsumer {

    private static final Matrix NONE = Matrix.allocate(0, 0);

    private int transposeA;
    private int transposeB;
    private Matrix a = NONE;
    private Matrix b = NONE;
    private Matrix c = NONE;
    private int k;
    private float beta;
    private Piece limit = PACKED;

    void set(
        int transposeA,
        Matrix a,
        int transposeB,
        Matrix b,
        int k,
        float beta,
        Matrix c,
        Piece limit) {
      this.transposeA = transposeA;
      this.transposeB = transposeB;
      this.a = a;
      this.b = b;
      this.c = c;
      this.k = k;
      this.beta = beta;
      this.limit = limit;
    }

    void forget() {
      a = NONE;
      b = NONE;
      c = NONE;
    }

    @Override
    public void accept(int piece) {
      piece(piece, transposeA, a, transposeB, b, k, beta, c, limit);
    }
  }

  /// A block of C of at most `limit`, summed over blocks of k.
  private static void piece(
      int piece,
      int transposeA,
      Matrix a,
      int transposeB,
      Matrix b,
      int k,
      float beta,
      Matrix c,
      Piece limit) {
    int piecesOfM = Cut.pieces(c.rows(), limit.m);
    int piecesOfN = Cut.pieces(c.columns(), limit.n);
    int piecesOfK = Cut.pieces(k, limit.k);
    int pm = piece / piecesOfN;
    int pn = piece % piecesOfN;
    int i = Cut.tile(pm, c.rows(), piecesOfM);
    int rows = Cut.tile(pm + 1, c.rows(), piecesOfM) - i;
    int j = Cut.tile(pn, c.columns(), piecesOfN);
    int columns = Cut.tile(pn + 1, c.columns(), piecesOfN) - j;
    for (int pk = 0; pk < piecesOfK; pk++) {
      int r = Cut.tile(pk, k, piecesOfK);
      OpenBlas.sgemm(
          transposeA,
          transposeB,
          rows,
          columns,
          Cut.tile(pk + 1, k, piecesOfK) - r,
          a,
          transposeA == OpenBlas.TRANSPOSE ? r * a.columns() + i : i * a.columns() + r,
          b,
          transposeB == OpenBlas.TRANSPOSE ? j * b.columns() + r : r * b.columns() + j,
          pk == 0 ? beta : 1,
          c,
          i * c.columns() + j);
    }
  }

  /// The extents of a piece of a product: rows and columns of C, and the depth of the sum, all
  /// multiples of a tile.
  record Piece(int m, int n, int k) {}
}
