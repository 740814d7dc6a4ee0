package dev.backprop.engine.optim;

import dev.backprop.platform.json.StrictJson;
import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.RegularizationSpec;
import dev.backprop.engine.spec.Task;
import java.util.List;
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

/// A step of each optimizer over 2^16 parameters, by the parameter.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(OptimizerBenchmark.PARAMETERS)
public class OptimizerBenchmark {

  static final int PARAMETERS = 1 << 16;

  @Param({
    "sgd", "adam", "adamw", "rmsprop", "nadam", "adagrad", "adadelta", "lion", "rprop"
  })
  public String optimizer;

  private Optimizer by;
  private Parameters parameters;
  private Parameters gradient;

  @Setup
  public void fill() {
    NetworkSpec spec = NetworkSpec.of(List.of(), null, null).resolve(Task.REGRESSION);
    parameters =
        Network.of(spec, PARAMETERS - 1, 1, new float[PARAMETERS], new JavaKernels()).parameters();
    gradient = parameters.like();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < PARAMETERS; i++) {
      gradient.values()[i] = (float) random.nextDouble() - 0.5f;
    }
    OptimizerSpec told =
        StrictJson.mapper().readValue('"' + optimizer + '"', OptimizerSpec.class);
    by = Optimizer.of(told, RegularizationSpec.NONE, parameters);
  }

  @Benchmark
  public Object step() {
    by.step(parameters, gradient, 1e-6);
    return parameters;
  }
}
