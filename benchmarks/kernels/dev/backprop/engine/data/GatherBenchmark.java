package dev.backprop.engine.data;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.table.ByteBudget;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Gathers shuffled rows into a batch of 128, from 2^23 floats of bare numbers; beside it the same
/// floats copied as one run.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class GatherBenchmark {

  private static final int FLOATS = 1 << 23;
  private static final int BATCH = 128;

  @Param({"8", "54", "784", "2000"})
  public int inputs;

  private BareExamples examples;
  private float[] run;
  private int[] order;
  private Matrix x;
  private Matrix y;
  private int from;

  @Setup
  public void fill() {
    int rows = FLOATS / inputs / BATCH * BATCH;
    DenseRows.Builder xs = new DenseRows.Builder(ByteBudget.unbounded());
    DenseRows.Builder ys = new DenseRows.Builder(ByteBudget.unbounded());
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < inputs; j++) {
        xs.add(random.nextDouble());
      }
      xs.endRow();
      ys.add(1);
      ys.endRow();
    }
    examples = new BareExamples(xs.build(), ys.build());
    run = new float[FLOATS];
    order = new Batches(IntStream.range(0, rows).toArray(), BATCH, 1, 1).order(1);
    x = Matrix.allocate(BATCH, inputs);
    y = Matrix.allocate(BATCH, 1);
  }

  @Benchmark
  public Object gather() {
    from = from + BATCH == order.length ? 0 : from + BATCH;
    examples.encode(order, from, BATCH, x, y);
    return x;
  }

  @Benchmark
  public Object copy() {
    from = from + BATCH == order.length ? 0 : from + BATCH;
    System.arraycopy(run, from * inputs, x.values(), 0, BATCH * inputs);
    return x;
  }
}
