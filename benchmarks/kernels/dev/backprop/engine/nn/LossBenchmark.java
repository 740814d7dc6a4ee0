package dev.backprop.engine.nn;

import dev.backprop.platform.json.StrictJson;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.Task;
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

/// The losses of 256 examples with 10 outputs, by the output: the outputs from the logits, the sum
/// of the losses, and its derivative.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(LossBenchmark.ROWS * LossBenchmark.OUTPUTS)
public class LossBenchmark {

  static final int ROWS = 256;
  static final int OUTPUTS = 10;

  @Param({
    "softmax cross-entropy",
    "sigmoid cross-entropy",
    "softmax focal",
    "sigmoid focal",
    "exponential poisson",
    "identity quantile",
    "identity squared-error",
    "sigmoid quadratic",
    "identity absolute-error",
    "identity huber"
  })
  public String loss;

  private LossFunction function;
  private final Matrix z = Matrix.allocate(ROWS, OUTPUTS);
  private final Matrix a = Matrix.allocate(ROWS, OUTPUTS);
  private final Matrix y = Matrix.allocate(ROWS, OUTPUTS);
  private final Matrix dz = Matrix.allocate(ROWS, OUTPUTS);

  @Setup
  public void fill() {
    String[] names = loss.split(" ");
    NetworkSpec spec =
        StrictJson.mapper()
            .readValue(
                "{\"output\": {\"activation\": \"%s\"}, \"loss\": \"%s\"}"
                    .formatted(names[0], names[1]),
                NetworkSpec.class)
            .resolve(Task.BARE);
    function = new LossFunction(spec.outputActivation(), spec.resolvedLoss());
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < z.size(); i++) {
      z.values()[i] = (float) random.nextDouble() * 4 - 2;
    }
    for (int i = 0; i < ROWS; i++) {
      y.values()[i * OUTPUTS + random.nextInt(OUTPUTS)] = 1;
    }
    function.outputs(z, a);
  }

  @Benchmark
  public Object outputs() {
    function.outputs(z, a);
    return a;
  }

  @Benchmark
  public double sum() {
    return function.sum(z, a, y);
  }

  @Benchmark
  public Object delta() {
    function.delta(z, a, y, ROWS, dz);
    return dz;
  }
}
