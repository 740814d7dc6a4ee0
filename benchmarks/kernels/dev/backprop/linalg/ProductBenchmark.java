package dev.backprop.linalg;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Loader;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// The three products of a dense layer, by our kernels, by the plain ones, and by one bare call of
/// `cblas_sgemm` on the whole matrices.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ProductBenchmark {

  private static final MethodHandle SGEMM = sgemm();

  /// Rows of the batch, inputs, units.
  @Param({
    "32x4x16",
    "32x16x64",
    "32x784x30",
    "256x64x64",
    "128x784x256",
    "256x54x512",
    "256x512x512",
    "1024x1024x1024",
    "512x2000x2048",
    "512x2048x2048",
    "1x64x128",
    "1x784x256",
    "1x512x512"
  })
  public String shape;

  @Param({"forward", "dX", "dW"})
  public String product;

  private final OpenBlasKernels ours = OpenBlasKernels.load();
  private final JavaKernels plain = new JavaKernels();
  private Matrix x;
  private Matrix w;
  private Matrix z;

  @Setup
  public void fill() {
    String[] extents = shape.split("x");
    int n = Integer.parseInt(extents[0]);
    int p = Integer.parseInt(extents[1]);
    int q = Integer.parseInt(extents[2]);
    x = random(n, p);
    w = random(p, q);
    z = random(n, q);
  }

  private static Matrix random(int rows, int columns) {
    SplittableRandom random = new SplittableRandom(1);
    Matrix matrix = Matrix.allocate(rows, columns);
    for (int i = 0; i < matrix.size(); i++) {
      matrix.values()[i] = (float) (random.nextDouble() - 0.5) / 1024;
    }
    return matrix;
  }

  @Benchmark
  public Object ours() {
    return by(ours);
  }

  @Benchmark
  public Object plain() {
    return by(plain);
  }

  private Object by(Kernels kernels) {
    switch (product) {
      case "forward" -> kernels.addMultiplyNN(x, w, z);
      case "dX" -> kernels.multiplyNT(z, w, x);
      case "dW" -> kernels.multiplyTN(x, z, w);
      default -> throw new IllegalArgumentException(product);
    }
    return z;
  }

  @Benchmark
  public Object bare() throws Throwable {
    switch (product) {
      case "forward" -> sgemm(111, x, 111, w, x.columns(), 1, z);
      case "dX" -> sgemm(111, z, 112, w, z.columns(), 0, x);
      case "dW" -> sgemm(112, x, 111, z, x.rows(), 0, w);
      default -> throw new IllegalArgumentException(product);
    }
    return z;
  }

  private static void sgemm(int ta, Matrix a, int tb, Matrix b, int k, float beta, Matrix c)
      throws Throwable {
    SGEMM.invokeExact(
        101,
        ta,
        tb,
        c.rows(),
        c.columns(),
        k,
        1f,
        MemorySegment.ofArray(a.values()),
        a.columns(),
        MemorySegment.ofArray(b.values()),
        b.columns(),
        beta,
        MemorySegment.ofArray(c.values()),
        c.columns());
  }

  /// On the library that our kernels have loaded, and set to one thread.
  private static MethodHandle sgemm() {
    OpenBlasKernels.load();
    Path library =
        Loader.getLoadedLibraries().entrySet().stream()
            .filter(loaded -> loaded.getKey().startsWith("openblas"))
            .map(Map.Entry::getValue)
            .map(Path::of)
            .findFirst()
            .orElseThrow();
    return Linker.nativeLinker()
        .downcallHandle(
            SymbolLookup.libraryLookup(library, Arena.global()).findOrThrow("cblas_sgemm"),
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
                JAVA_INT),
            Linker.Option.critical(true));
  }
}
