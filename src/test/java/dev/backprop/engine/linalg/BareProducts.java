package dev.backprop.engine.linalg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// What trainings would reach if they were nothing but their matrix products, each one call of
/// `cblas_sgemm`. Of every layer these are the forward product, the gradient of its weights and,
/// but for the first layer, that of its inputs. Threads share nothing: each computes the products
/// of a training of its own. For `benchmarks/training/run`.
public final class BareProducts {

  // Of CBLAS.
  private static final int AS_IS = 111;
  private static final int TRANSPOSED = 112;

  private BareProducts() {}

  /// @param args seconds, threads, and networks with their batches, such as `784-30-10:32`
  public static void main(String[] args) throws InterruptedException, ExecutionException {
    double seconds = Double.parseDouble(args[0]);
    int threads = Integer.parseInt(args[1]);
    OpenBlasKernels.load();
    for (String network : List.of(args).subList(2, args.length)) {
      String[] parts = network.split(":", 2);
      int batch = Integer.parseInt(parts[1]);
      Callable<Double> products =
          () -> {
            List<Layer> layers = layers(parts[0], batch);
            rate(layers, seconds / 2);
            return rate(layers, seconds);
          };
      double steps = 0;
      try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
        for (Future<Double> each : pool.invokeAll(Collections.nCopies(threads, products))) {
          steps += each.get();
        }
      }
      System.out.printf(
          Locale.ROOT, "bare,%s,%d,%d,%.0f,%n", parts[0], batch, threads, batch * steps);
    }
  }

  /// @param dw the gradient of the weights
  /// @param dx that of the inputs; null if nobody needs it
  private record Layer(Matrix x, Matrix w, Matrix z, Matrix dw, @Nullable Matrix dx) {

    static Layer of(int batch, int inputs, int units, boolean first) {
      return new Layer(
          random(batch, inputs),
          random(inputs, units),
          Matrix.allocate(batch, units),
          Matrix.allocate(inputs, units),
          first ? null : Matrix.allocate(batch, inputs));
    }

    void multiply() {
      int n = x.rows();
      int p = x.columns();
      int q = z.columns();
      OpenBlas.sgemm(AS_IS, AS_IS, n, q, p, x, 0, w, 0, 0, z, 0);
      OpenBlas.sgemm(TRANSPOSED, AS_IS, p, q, n, x, 0, z, 0, 0, dw, 0);
      if (dx != null) {
        OpenBlas.sgemm(AS_IS, TRANSPOSED, n, p, q, z, 0, w, 0, 0, dx, 0);
      }
    }
  }

  /// One step of such a network.
  ///
  /// @param network such as `784-30-10`
  public static Runnable steps(String network, int batch) {
    OpenBlasKernels.load();
    List<Layer> layers = layers(network, batch);
    return () -> layers.forEach(Layer::multiply);
  }

  private static List<Layer> layers(String network, int batch) {
    int[] widths = Arrays.stream(network.split("-", -1)).mapToInt(Integer::parseInt).toArray();
    List<Layer> layers = new ArrayList<>();
    for (int l = 1; l < widths.length; l++) {
      layers.add(Layer.of(batch, widths[l - 1], widths[l], l == 1));
    }
    return layers;
  }

  private static Matrix random(int rows, int columns) {
    SplittableRandom random = new SplittableRandom(1);
    Matrix matrix = Matrix.allocate(rows, columns);
    for (int i = 0; i < matrix.size(); i++) {
      matrix.values()[i] = (float) (random.nextDouble() - 0.5);
    }
    return matrix;
  }

  /// Steps a second.
  private static double rate(List<Layer> layers, double seconds) {
    long begun = System.nanoTime();
    long steps = 0;
    long now;
    do {
      layers.forEach(Layer::multiply);
      steps++;
      now = System.nanoTime();
    } while (now - begun < seconds * 1e9);
    return steps / ((now - begun) / 1e9);
  }
}
