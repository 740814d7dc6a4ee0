package dev.backprop.engine.plan;

import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.optim.Optimizer;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.RegularizationSpec;
import dev.backprop.engine.spec.Task;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Measures what a machine takes to compute, in about a third of a second on the calling thread.
///
/// @param nanos a clock
/// @param mayGoOn asked twice a millisecond
public record MachineMeasurement(Kernels kernels, LongSupplier nanos, BooleanSupplier mayGoOn) {

  private static final int ROWS = 64;
  private static final int ELEMENTS = 1 << 12;

  /// Of one figure.
  private static final int ROUNDS = 64;

  private static final long ROUND_NANOS = 500_000;
  private static final long MOST_NANOS = 2 * ROUNDS * ROUND_NANOS;

  /// @return null if it may not go on
  public @Nullable MachineFigures measure() {
    double narrow = product(MachineFigures.NARROW);
    double middle = product(MachineFigures.MIDDLE);
    double wide = product(MachineFigures.WIDE);
    double element = element();
    double parameter = parameter();
    double all = narrow + middle + wide + element + parameter;
    return Double.isFinite(all)
        ? new MachineFigures(narrow, middle, wide, element, parameter)
        : null;
  }

  private double product(int width) {
    Matrix a = Matrix.allocate(ROWS, width);
    Matrix b = Matrix.allocate(width, width);
    Matrix c = Matrix.allocate(ROWS, width);
    return seconds((double) ROWS * width * width, () -> kernels.addMultiplyNN(a, b, c));
  }

  private double element() {
    float[] x = new float[ELEMENTS];
    float[] y = new float[ELEMENTS];
    Arrays.fill(x, 0.5f);
    return seconds(ELEMENTS, () -> add(x, y));
  }

  private static void add(float[] x, float[] y) {
    for (int i = 0; i < x.length; i++) {
      y[i] = 0.5f * y[i] + Math.max(0, x[i]);
    }
  }

  private double parameter() {
    NetworkSpec spec = NetworkSpec.of(null, null, null).resolve(Task.REGRESSION);
    Network network = Network.initialize(spec, MachineFigures.MIDDLE, 1, new int[0], 0, kernels);
    Parameters w = network.parameters();
    Parameters g = w.like();
    Optimizer adam =
        Optimizer.of(new OptimizerSpec.Adam(1e-3, 0.9, 0.999, 1e-8), RegularizationSpec.NONE, w);
    return seconds(
        w.size(),
        () -> {
          adam.begin(1e-3);
          adam.update(w, g, 0, w.size());
        });
  }

  /// The median of the later half: loops are compiled while they run.
  ///
  /// @param parts of an action
  /// @return seconds of one part; not a number if it may not go on
  private double seconds(double parts, Runnable action) {
    double[] rates = new double[ROUNDS];
    int times = 1;
    int round = 0;
    long begun = nanos.getAsLong();
    for (long now = begun; round < ROUNDS && now - begun < MOST_NANOS; round++) {
      if (!mayGoOn.getAsBoolean()) {
        return Double.NaN;
      }
      for (int i = 0; i < times; i++) {
        action.run();
      }
      long then = nanos.getAsLong();
      long took = then - now;
      rates[round] = took / 1e9 / (times * parts);
      times =
          took < ROUND_NANOS / 2 ? 2 * times : took > ROUND_NANOS ? Math.max(1, times / 2) : times;
      now = then;
    }
    double[] later = Arrays.copyOfRange(rates, round / 2, round);
    Arrays.sort(later);
    return later[later.length / 2];
  }
}
