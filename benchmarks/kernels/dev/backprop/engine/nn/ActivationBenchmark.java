package dev.backprop.engine.nn;

import dev.backprop.platform.json.StrictJson;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.Activation;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// The activation functions, forward and back, on 256 rows of 128 units, by the element. Beside
/// them stands the tests' reference: plain Java with the functions of `Math` in double precision.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(ActivationBenchmark.ROWS * ActivationBenchmark.UNITS)
public class ActivationBenchmark {

  static final int ROWS = 256;
  static final int UNITS = 128;

  @Param({
    "identity",
    "sigmoid",
    "tanh",
    "relu",
    "leaky-relu",
    "elu",
    "selu",
    "gelu",
    "silu",
    "mish",
    "softplus",
    "exponential",
    "softmax"
  })
  public String function;

  private Activation f;
  private final Matrix z = Matrix.allocate(ROWS, UNITS);
  private final Matrix a = Matrix.allocate(ROWS, UNITS);
  private final Matrix d = Matrix.allocate(ROWS, UNITS);
  private final double[][] rows = new double[ROWS][UNITS];
  private final double[][] outs = new double[ROWS][UNITS];
  private final double[] ones = new double[UNITS];
  private final float[] floatOnes = new float[ROWS * UNITS];

  @Setup
  public void fill() {
    f = StrictJson.mapper().readValue('"' + function + '"', Activation.class);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < UNITS; j++) {
        rows[i][j] = random.nextDouble() * 8 - 4;
        z.values()[i * UNITS + j] = (float) rows[i][j];
      }
    }
    Arrays.fill(ones, 1);
    Arrays.fill(floatOnes, 1);
    Activations.forward(f, z, a);
    plainForward();
  }

  @Benchmark
  public Object forward() {
    Activations.forward(f, z, a);
    return a;
  }

  /// With a copy of dJ/da first, which it overwrites.
  @Benchmark
  public Object backward() {
    System.arraycopy(floatOnes, 0, d.values(), 0, floatOnes.length);
    Activations.backward(f, z, a, d);
    return d;
  }

  @Benchmark
  public final Object plainForward() {
    for (int i = 0; i < ROWS; i++) {
      if (f instanceof Activation.Softmax) {
        plainSoftmax(rows[i], outs[i]);
      } else {
        for (int j = 0; j < UNITS; j++) {
          outs[i][j] = ReferenceActivation.f(f, rows[i], j, 0);
        }
      }
    }
    return outs;
  }

  private static void plainSoftmax(double[] z, double[] a) {
    double sum = 0;
    for (int j = 0; j < UNITS; j++) {
      a[j] = Math.exp(z[j]);
      sum += a[j];
    }
    for (int j = 0; j < UNITS; j++) {
      a[j] /= sum;
    }
  }

  @Benchmark
  public double plainBackward() {
    double last = 0;
    for (int i = 0; i < ROWS; i++) {
      last = ReferenceActivation.delta(f, rows[i], outs[i], ones, 0)[UNITS - 1];
    }
    return last;
  }
}
