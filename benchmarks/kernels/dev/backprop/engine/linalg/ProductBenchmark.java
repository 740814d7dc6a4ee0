package dev.backprop.engine.linalg;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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

  // Of CBLAS.
  private static final int AS_IS = 111;
  private static final int TRANSPOSED = 112;

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
  public Object bare() {
    int n = x.rows();
    int p = x.columns();
    int q = z.columns();
    switch (product) {
      case "forward" -> OpenBlas.sgemm(AS_IS, AS_IS, n, q, p, x, 0, w, 0, 1, z, 0);
      case "dX" -> OpenBlas.sgemm(AS_IS, TRANSPOSED, n, p, q, z, 0, w, 0, 0, x, 0);
      case "dW" -> OpenBlas.sgemm(TRANSPOSED, AS_IS, p, q, n, x, 0, z, 0, 0, w, 0);
      default -> throw new IllegalArgumentException(product);
    }
    return z;
  }
}
