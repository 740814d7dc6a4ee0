import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// The training of `TrainingBenchmark` for a library written for Java: the same data in memory,
/// shuffled every epoch, and the same clock.
///
/// Arguments: seconds to measure, threads, then networks such as `784-256-128-10:128`. Prints a
/// line of CSV for each.
abstract class Peer {

  private static final long DATA_FLOATS = 1 << 23;
  private static final int MAX_ROWS = 65_536;

  final int[] widths;
  final int batch;

  /// Rows of inputs.
  final float[][] x;

  /// Of each row: the class if there are several outputs, else the number.
  final int[] classes;

  final float[] numbers;

  Peer(String argument) {
    String[] parts = argument.split(":");
    widths = Arrays.stream(parts[0].split("-")).mapToInt(Integer::parseInt).toArray();
    batch = Integer.parseInt(parts[1]);
    int rows = (int) Math.min(MAX_ROWS, Math.max(4L * batch, DATA_FLOATS / widths[0]));
    rows -= rows % batch;
    x = new float[rows][widths[0]];
    classes = new int[rows];
    numbers = new float[rows];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < widths[0]; j++) {
        x[i][j] = (float) (random.nextDouble() * 2 - 1);
        numbers[i] += x[i][j];
      }
      classes[i] = random.nextInt(outputs());
    }
  }

  final int outputs() {
    return widths[widths.length - 1];
  }

  interface Maker {
    Peer of(String argument);
  }

  /// One step on these rows.
  abstract void step(int[] rows);

  /// That of the last step, or of one shortly before.
  abstract double loss();

  static void run(String name, String[] args, Maker maker) {
    double seconds = Double.parseDouble(args[0]);
    for (String argument : List.of(args).subList(2, args.length)) {
      Peer peer = maker.of(argument);
      double rate = peer.rate(seconds);
      System.out.printf(
          Locale.ROOT,
          "%s,%s,%s,%.0f,%.5f%n",
          name,
          argument.replace(':', ','),
          args[1],
          rate,
          peer.loss());
    }
    // Some of these leave threads behind that are no daemons.
    System.exit(0);
  }

  /// Warms up for half of the time, then measures.
  private double rate(double seconds) {
    SplittableRandom random = new SplittableRandom(2);
    int[] order = new int[x.length];
    Arrays.setAll(order, i -> i);
    long begun = System.nanoTime();
    long from = 0;
    long examples = 0;
    while (true) {
      for (int i = order.length - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
      }
      for (int i = 0; i < order.length; i += batch) {
        step(Arrays.copyOfRange(order, i, i + batch));
        long now = System.nanoTime();
        if (from == 0) {
          from = now - begun > seconds * 0.5e9 ? now : 0;
        } else {
          examples += batch;
          if (now - from > seconds * 1e9) {
            return examples / ((now - from) / 1e9);
          }
        }
      }
    }
  }
}
