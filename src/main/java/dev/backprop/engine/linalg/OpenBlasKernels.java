package dev.backprop.engine.linalg;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.jspecify.annotations.Nullable;

/// The products by OpenBLAS's `cblas_sgemm` and `cblas_sgemv`, called on heap arrays without
/// copying them.
///
/// OpenBLAS runs on the calling thread alone: with threads of its own it corrupts the process when
/// many Java threads call it. While a call runs on heap arrays no thread of the process reaches a
/// safepoint, so a long product is cut into calls of less than a millisecond. The cuts follow from
/// the shapes and the library only.
///
/// If the library multiplies small matrices as they lie, without packing them first, pieces are
/// made that small. It is at the processor's limit then, which packing keeps it from.
public final class OpenBlasKernels implements Kernels {

  private static final int ROW_MAJOR = 101;
  private static final int NO_TRANSPOSE = 111;
  private static final int TRANSPOSE = 112;

  /// Largest piece of a product that OpenBLAS packs: about 0.5 ms.
  private static final Piece PACKED = new Piece(512, 256, 256);

  /// Largest piece of a product that OpenBLAS computes in place, below its limit of 10^6
  /// multiply-adds.
  private static final Piece IN_PLACE = new Piece(96, 64, 128);

  /// The same of few rows, in fewer calls.
  private static final Piece IN_PLACE_FEW_ROWS = new Piece(24, 256, 128);

  /// Multiply-adds from which a product is worth sharing, about 0.1 ms. Below, what the threads
  /// have computed moves between the caches of their cores, here and wherever it is used next, and
  /// that takes longer than what is won.
  private static final long SHARED = 1L << 23;

  /// Elements of the matrix on the right beyond which it leaves the caches: packing pays off.
  private static final int IN_CACHE = 1 << 21;

  /// Elements of the matrix that one call multiplies with a vector: about 0.2 ms.
  private static final int ROW_PIECE = 1 << 21;

  /// Pieces begin at multiples of this, the widest tile of the library's kernels.
  private static final int TILE = 16;

  /// Whose builds have kernels that multiply in place (interface/gemm.c and
  /// kernel/x86_64/sgemm_small_kernel_permit_skylakex.c of OpenBLAS; not for A Bᵀ).
  private static final List<String> CORES_IN_PLACE =
      List.of("SkylakeX", "Cooperlake", "SapphireRapids");

  /// Variables that have the library take the processor, or its second-level cache, for another: it
  /// then computes with other kernels or other blocks, and comes to other bits.
  private static final List<String> PRETENCES = List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE");

  private static final FunctionDescriptor SGEMM =
      FunctionDescriptor.ofVoid(
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_FLOAT,
          ADDRESS,
          JAVA_INT,
          ADDRESS,
          JAVA_INT,
          JAVA_FLOAT,
          ADDRESS,
          JAVA_INT);

  private static final FunctionDescriptor SGEMV =
      FunctionDescriptor.ofVoid(
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_FLOAT,
          ADDRESS,
          JAVA_INT,
          ADDRESS,
          JAVA_INT,
          JAVA_FLOAT,
          ADDRESS,
          JAVA_INT);

  private static final MemoryLayout BYTES =
      MemoryLayout.sequenceLayout(Integer.MAX_VALUE, JAVA_BYTE);

  /// A static final handle in a record is a constant to the just-in-time compiler, which therefore
  /// inlines the call.
  private static final Library LIBRARY = Library.load();

  private final Team team;
  private final boolean inPlace;

  /// Scratch for a product that the team shares; none while one is computed.
  private final AtomicReference<@Nullable Product> idle = new AtomicReference<>();

  private OpenBlasKernels(Team team, boolean inPlace) {
    this.team = team;
    this.inPlace = inPlace;
  }

  /// The kernels of the library, which is loaded by the first call.
  ///
  /// @throws IllegalStateException if it can't be loaded; the message says why
  static OpenBlasKernels load() {
    return load(LIBRARY.inPlace());
  }

  /// @param inPlace whether to cut products as for a library that multiplies small matrices without
  ///   packing them; results are right with any library
  static OpenBlasKernels load(boolean inPlace) {
    if (LIBRARY.failure() != null) {
      throw new IllegalStateException(LIBRARY.failure());
    }
    return new OpenBlasKernels(Team.ALONE, inPlace);
  }

  /// Which library this is, such as "libopenblas 0.3.31, core Haswell, 1 thread"; and what the
  /// environment has told it about the processor.
  String description() {
    return LIBRARY.description();
  }

  /// What an environment tells the library about the processor, such as "; the environment says
  /// OPENBLAS_CORETYPE=Haswell"; empty if the library looks for itself.
  static String pretences(Map<String, String> environment) {
    return PRETENCES.stream()
        .filter(environment::containsKey)
        .map(variable -> variable + "=" + environment.get(variable))
        .reduce((one, other) -> one + " and " + other)
        .map(said -> "; the environment says " + said)
        .orElse("");
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

  /// Tried once: what the library does depends on the machine only.
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
    multiply(NO_TRANSPOSE, a, NO_TRANSPOSE, b, k, 1, c, pieceFor(b));
  }

  @Override
  public void multiplyTN(Matrix a, Matrix b, Matrix c) {
    int k = a.rows();
    Kernels.checkShapes(a.columns(), k, b.rows(), b.columns(), c);
    multiply(TRANSPOSE, a, NO_TRANSPOSE, b, k, 0, c, pieceFor(b));
  }

  @Override
  public void multiplyNT(Matrix a, Matrix b, Matrix c) {
    int k = a.columns();
    Kernels.checkShapes(a.rows(), k, b.columns(), b.rows(), c);
    multiply(NO_TRANSPOSE, a, TRANSPOSE, b, k, 0, c, PACKED);
  }

  /// c += a B of single rows a and c: a product with a vector, which the library has a faster
  /// function for.
  private static void addMultiplyRow(Matrix a, Matrix b, Matrix c) {
    int k = b.rows();
    int pieces = pieces(b.size(), ROW_PIECE);
    for (int p = 0; p < pieces; p++) {
      int r = start(p, k, pieces);
      addRow(start(p + 1, k, pieces) - r, a, r, b, r * b.columns(), c);
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
    // The depth of a piece alone is seen in the bits.
    Piece limit =
        largest.equals(IN_PLACE) && rows <= IN_PLACE_FEW_ROWS.m ? IN_PLACE_FEW_ROWS : largest;
    int piecesOfM = pieces(rows, limit.m);
    int piecesOfN = pieces(n, limit.n);
    int piecesOfK = pieces(k, limit.k);
    if (rows == c.rows() && n == c.columns() && piecesOfM * piecesOfN * piecesOfK == 1) {
      sgemm(NO_TRANSPOSE, NO_TRANSPOSE, a, b, k, 1, c);
      return;
    }
    for (int pm = 0; pm < piecesOfM; pm++) {
      int i = firstRow + start(pm, rows, piecesOfM);
      int m = firstRow + start(pm + 1, rows, piecesOfM) - i;
      for (int pn = 0; pn < piecesOfN; pn++) {
        int j = start(pn, n, piecesOfN);
        int columns = start(pn + 1, n, piecesOfN) - j;
        for (int pk = 0; pk < piecesOfK; pk++) {
          int r = start(pk, k, piecesOfK);
          int depth = start(pk + 1, k, piecesOfK) - r;
          sgemm(m, columns, depth, a, i * k + r, b, r * b.columns() + j, 1, c, i * c.columns() + j);
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
      sgemm(transposeA, transposeB, a, b, k, beta, c);
      return;
    }
    int pieces = pieces(m, limit.m) * pieces(n, limit.n);
    if ((long) m * n * k < SHARED || !team.isIdle()) {
      // Several threads of a team that is at work may each compute a product.
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

  /// A product whose pieces the team shares. Is used again and again, so that a product allocates
  /// nothing.
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
    int piecesOfM = pieces(c.rows(), limit.m);
    int piecesOfN = pieces(c.columns(), limit.n);
    int piecesOfK = pieces(k, limit.k);
    int pm = piece / piecesOfN;
    int pn = piece % piecesOfN;
    int i = start(pm, c.rows(), piecesOfM);
    int rows = start(pm + 1, c.rows(), piecesOfM) - i;
    int j = start(pn, c.columns(), piecesOfN);
    int columns = start(pn + 1, c.columns(), piecesOfN) - j;
    for (int pk = 0; pk < piecesOfK; pk++) {
      int r = start(pk, k, piecesOfK);
      sgemm(
          transposeA,
          transposeB,
          rows,
          columns,
          start(pk + 1, k, piecesOfK) - r,
          a,
          transposeA == TRANSPOSE ? r * a.columns() + i : i * a.columns() + r,
          b,
          transposeB == TRANSPOSE ? j * b.columns() + r : r * b.columns() + j,
          pk == 0 ? beta : 1,
          c,
          i * c.columns() + j);
    }
  }

  /// Pieces of at most `limit` that `extent` is cut into.
  static int pieces(int extent, int limit) {
    return Math.max(1, Math.ceilDiv(extent, limit));
  }

  /// The begin of piece `p` of `pieces` of about equal size; the piece before it ends there.
  static int start(int p, int extent, int pieces) {
    long tiles = Math.ceilDiv(extent, TILE);
    return (int) Math.min(extent, p * tiles / pieces * TILE);
  }

  /// C = op(A) op(B) + beta C.
  private static void sgemm(
      int transposeA, int transposeB, Matrix a, Matrix b, int k, float beta, Matrix c) {
    try {
      LIBRARY
          .sgemm()
          .invokeExact(
              ROW_MAJOR,
              transposeA,
              transposeB,
              c.rows(),
              c.columns(),
              k,
              1f,
              a.segment(),
              a.columns(),
              b.segment(),
              b.columns(),
              beta,
              c.segment(),
              c.columns());
    } catch (Throwable e) {
      throw new IllegalStateException("cblas_sgemm could not be called", e);
    }
  }

  /// C = A B + beta C of parts of matrices that begin at these elements.
  static void sgemm(
      int m,
      int n,
      int k,
      Matrix a,
      int fromA,
      Matrix b,
      int fromB,
      float beta,
      Matrix c,
      int fromC) {
    sgemm(NO_TRANSPOSE, NO_TRANSPOSE, m, n, k, a, fromA, b, fromB, beta, c, fromC);
  }

  private static MemorySegment part(Matrix matrix, int element) {
    return MemorySegment.ofArray(matrix.values())
        .asSlice((long) (matrix.offset() + element) * Float.BYTES);
  }

  /// C = op(A) op(B) + beta C of parts of matrices that begin at these elements. Makes the segments
  /// itself: beside the call the compiler keeps them in registers, unless the caller lies so deep
  /// that it stops inlining.
  static void sgemm(
      int transposeA,
      int transposeB,
      int m,
      int n,
      int k,
      Matrix a,
      int fromA,
      Matrix b,
      int fromB,
      float beta,
      Matrix c,
      int fromC) {
    try {
      LIBRARY
          .sgemm()
          .invokeExact(
              ROW_MAJOR,
              transposeA,
              transposeB,
              m,
              n,
              k,
              1f,
              part(a, fromA),
              a.columns(),
              part(b, fromB),
              b.columns(),
              beta,
              part(c, fromC),
              c.columns());
    } catch (Throwable e) {
      throw new IllegalStateException("cblas_sgemm could not be called", e);
    }
  }

  /// Column `j` of C += A B, of the first `rows` rows.
  static void addColumn(int j, int rows, Matrix a, Matrix b, Matrix c) {
    int k = a.columns();
    int n = b.columns();
    if (j == 0) {
      sgemv(NO_TRANSPOSE, rows, k, a.segment(), b.segment(), n, c.segment(), n);
    } else {
      sgemv(NO_TRANSPOSE, rows, k, a.segment(), part(b, j), n, part(c, j), n);
    }
  }

  /// c += a B of a row a of k elements from `fromA` on and the k rows of B that begin at `fromB`.
  private static void addRow(int k, Matrix a, int fromA, Matrix b, int fromB, Matrix c) {
    int n = b.columns();
    if (fromA == 0) {
      sgemv(TRANSPOSE, k, n, b.segment(), a.segment(), 1, c.segment(), 1);
    } else {
      sgemv(TRANSPOSE, k, n, part(b, fromB), part(a, fromA), 1, c.segment(), 1);
    }
  }

  /// y += op(A) x. Whoever can gives the segments that matrices keep: those that are made for a
  /// call become objects if the caller lies so deep that the compiler stops inlining.
  private static void sgemv(
      int transposeA,
      int rows,
      int columns,
      MemorySegment a,
      MemorySegment x,
      int stepX,
      MemorySegment y,
      int stepY) {
    try {
      LIBRARY
          .sgemv()
          .invokeExact(
              ROW_MAJOR, transposeA, rows, columns, 1f, a, columns, x, stepX, 1f, y, stepY);
    } catch (Throwable e) {
      throw new IllegalStateException("cblas_sgemv could not be called", e);
    }
  }

  /// The extents of a piece of a product: rows and columns of C, and the depth of the sum, all
  /// multiples of a tile.
  record Piece(int m, int n, int k) {}

  /// The loaded library, or why there is none.
  ///
  /// @param inPlace whether it multiplies small matrices without packing them
  private record Library(
      MethodHandle sgemm,
      MethodHandle sgemv,
      boolean inPlace,
      String description,
      @Nullable String failure) {

    static Library load() {
      try {
        profileSegments();
        Linker linker = Linker.nativeLinker();
        SymbolLookup symbols = SymbolLookup.libraryLookup(extracted(), Arena.global());
        linker
            .downcallHandle(
                symbols.findOrThrow("openblas_set_num_threads"),
                FunctionDescriptor.ofVoid(JAVA_INT))
            .invokeExact(1);
        String version = text(linker, symbols, "openblas_get_config").split(" ", 3)[1];
        String core = text(linker, symbols, "openblas_get_corename");
        return new Library(
            linker.downcallHandle(
                symbols.findOrThrow("cblas_sgemm"), SGEMM, Linker.Option.critical(true)),
            linker.downcallHandle(
                symbols.findOrThrow("cblas_sgemv"), SGEMV, Linker.Option.critical(true)),
            CORES_IN_PLACE.contains(core),
            "libopenblas %s, core %s, 1 thread".formatted(version, core)
                + pretences(System.getenv()),
            null);
      } catch (Throwable e) {
        return new Library(
            MethodHandles.empty(SGEMM.toMethodType()),
            MethodHandles.empty(SGEMV.toMethodType()),
            false,
            "",
            reason(e));
      }
    }

    /// Has the virtual machine see often what makes a segment, before the first product. The
    /// segments of a call need no objects only if the compiler inlines all of that, and it inlines
    /// what its profile says is called often. If only the first products fill the profile, it
    /// depends on the machine's load whether they have when the compiler looks. If they have not,
    /// every product allocates for as long as the process runs.
    private static void profileSegments() {
      float[] values = new float[16];
      long bytes = 0;
      for (int i = 0; i < 50_000; i++) {
        bytes += MemorySegment.ofArray(values).asSlice(i % 16).byteSize();
      }
      if (bytes == 0) {
        throw new IllegalStateException("a segment has no bytes");
      }
    }

    /// The shared library beside its JavaCPP binding, which brings along what it depends on.
    private static Path extracted() {
      Loader.load(openblas_nolapack.class);
      return Loader.getLoadedLibraries().entrySet().stream()
          .filter(library -> library.getKey().startsWith("openblas"))
          .map(library -> Path.of(library.getValue()))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no library of OpenBLAS was extracted"));
    }

    private static String text(Linker linker, SymbolLookup symbols, String function)
        throws Throwable {
      MemorySegment text =
          (MemorySegment)
              linker
                  .downcallHandle(
                      symbols.findOrThrow(function),
                      FunctionDescriptor.of(ADDRESS.withTargetLayout(BYTES)))
                  .invokeExact();
      return text.getString(0);
    }

    private static String reason(Throwable e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      return root.getClass().getSimpleName() + ": " + root.getMessage();
    }
  }
}
