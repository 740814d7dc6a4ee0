package dev.backprop.engine.optim;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Adam as its paper writes it, in double precision, to stand beside [OptimizerBenchmark].
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(OptimizerBenchmark.PARAMETERS)
public class PlainAdamBenchmark {

  private final double[] w = new double[OptimizerBenchmark.PARAMETERS];
  private final double[] g = new double[OptimizerBenchmark.PARAMETERS];
  private final double[] m = new double[OptimizerBenchmark.PARAMETERS];
  private final double[] v = new double[OptimizerBenchmark.PARAMETERS];
  private int t;

  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < g.length; i++) {
      g[i] = random.nextDouble() - 0.5;
    }
  }

  @Benchmark
  public Object step() {
    t++;
    double meanShare = 1 - Math.pow(0.9, t);
    double squareShare = 1 - Math.pow(0.999, t);
    for (int i = 0; i < w.length; i++) {
      m[i] = 0.9 * m[i] + 0.1 * g[i];
      v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
      double mean = m[i] / meanShare;
      double square = v[i] / squareShare;
      w[i] -= 1e-6 * mean / (Math.sqrt(square) + 1e-8);
    }
    return w;
  }
}
