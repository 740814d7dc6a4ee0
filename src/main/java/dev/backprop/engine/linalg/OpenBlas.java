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
  static final Library LIBRARY = Library.load();

  private OpenBlas() {}

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
  static void addRow(int k, Matrix a, int fromA, Matrix b, int fromB, Matrix c) {
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

  /// The loaded library, or why there is none.
  ///
  /// @param inPlace whether it multiplies small matrices without packing them
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
