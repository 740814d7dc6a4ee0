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
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.jspecify.annotations.Nullable;

/// The library OpenBLAS, and its functions `cblas_sgemm` and `cblas_sgemv`, called on heap arrays
/// without copying them. It runs on the calling thread alone: with threads of its own it corrupts
/// the process when many Java threads call it.
final class OpenBlas {

  private static final int ROW_MAJOR = 101;
  static final int NO_TRANSPOSE = 111;
  static final int TRANSPOSE = 112;

  /// The processors for which OpenBLAS has kernels that multiply in place (interface/gemm.c and
  /// kernel/x86_64/sgemm_small_kernel_permit_skylakex.c of OpenBLAS; not for A Bᵀ).
  private static final List<String> CORES_IN_PLACE =
      List.of("SkylakeX", "Cooperlake", "SapphireRapids");

  /// Environment variables that make the library take the processor, or its second-level cache, for
  /// another. It then computes with other kernels or other blocks, and comes to other bits.
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

  /// The handles are in a static final record, because the just-in-time compiler then takes them
  /// for constants and inlines the calls.
  static final Library LIBRARY = Library.load();

  private OpenBlas() {}

  /// What the environment tells the library about the processor, such as "; the environment says
  /// OPENBLAS_CORETYPE=Haswell"; empty if the library finds out for itself.
  static String pretences(Map<String, String> environment) {
    return PRETENCES.stream()
        .filter(environment::containsKey)
        .map(variable -> variable + "=" + environment.get(variable))
        .reduce((one, other) -> one + " and " + other)
        .map(said -> "; the environment says " + said)
        .orElse("");
  }

  /// C = op(A) op(B) + beta C.
  static void sgemm(
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

  /// C = op(A) op(B) + beta C of parts of matrices that begin at these elements. This method makes
  /// the segments itself, right beside the call, so that the compiler keeps them in registers. It
  /// cannot if the caller is so deep that inlining stops.
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

  /// The last column of C += A B, of the first `rows` rows.
  static void addLastColumn(int rows, Matrix a, Matrix b, Matrix c) {
    int n = b.columns();
    sgemv(NO_TRANSPOSE, rows, a.columns(), a.segment(), b.lastColumn(), n, c.lastColumn(), n);
  }

  /// The last column but one of it.
  static void addLastButOne(int rows, Matrix a, Matrix b, Matrix c) {
    int n = b.columns();
    sgemv(NO_TRANSPOSE, rows, a.columns(), a.segment(), b.lastButOne(), n, c.lastButOne(), n);
  }

  /// c += a B of a row a of k elements from `fromA` on and the k rows of B that begin at `fromB`.
  static void addRow(int k, Matrix a, int fromA, Matrix b, int fromB, Matrix c) {
    int n = b.columns();
    if (fromA == 0) {
      sgemv(TRANSPOSE, k, n, b.segment(), a.segment(), 1, c.segment(), 1);
    } else {
      sgemv(TRANSPOSE, k, n, part(b, fromB), part(a, fromA), 1, c.segment(), 1);
    }
  }

  /// y += op(A) x. Callers pass the segments that matrices keep if they can. A segment that is made
  /// for a call becomes an object if the caller is so deep that the compiler stops inlining.
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

  /// The loaded library, or why there is none.
  ///
  /// @param inPlace whether the library multiplies small matrices without packing them
  record Library(
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

    /// Makes many segments before the first product, so that the compiler's profile shows these
    /// calls as frequent. The compiler inlines frequent calls only, and only inlined ones make
    /// segments without objects. The first products may not fill the profile before the compiler
    /// reads it. Every product would then allocate for as long as the process runs.
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

    /// The shared library, extracted by its JavaCPP binding together with the libraries that it
    /// depends on.
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
