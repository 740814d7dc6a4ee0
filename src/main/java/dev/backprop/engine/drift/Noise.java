package dev.backprop.engine.drift;

import dev.backprop.engine.linalg.Draws;
import java.util.Arrays;
import java.util.stream.IntStream;

/// How far two samples of the same rows are apart, by chance alone.
final class Noise {

  /// Of a thousand samples one is further away.
  private static final double LEVEL = 0.999;

  private static final int SAMPLES = 4_000;

  /// From here on a count is drawn as a normal number.
  private static final double MANY = 30;

  /// Fewer rows may be anything.
  private static final double FEWEST = 16;

  private Noise() {}

  /// The distance of shares `p` and `q`: the square root of their Jensen-Shannon divergence, base
  /// 2. It is from 0 to 1; bins that only one of them has are as good as others.
  static double distance(double[] p, double[] q) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      double m = (p[i] + q[i]) / 2;
      sum += term(p[i], m) + term(q[i], m);
    }
    return Math.sqrt(Math.max(0, sum / (2 * Math.log(2))));
  }

  private static double term(double p, double m) {
    return p == 0 ? 0 : p * Math.log(p / m);
  }

  /// The rows of a sample, such that a threshold may be kept as rows come in.
  ///
  /// The reference is a sample too, of N rows. So n rows are as far away as those of nN/(n + N)
  /// rows from what is known exactly. These are rounded down to a power of √2.
  ///
  /// @param n rows
  /// @param reference N
  /// @return which power, negative if there are too few rows to say anything
  static int step(long n, long reference) {
    double effective = n == 0 || reference == 0 ? 0 : (double) n / (n + reference) * reference;
    return effective < FEWEST ? -1 : (int) Math.floor(2 * Math.log(effective) / Math.log(2));
  }

  /// So far away is one sample of a thousand.
  ///
  /// @param p shares of the reference
  /// @param step of the rows
  /// @param least that is answered if noise gives less
  static double threshold(double[] p, int step, double least) {
    if (step < 0) {
      return 1;
    }
    double rows = Math.pow(2, step / 2.0);
    long bins = Arrays.stream(p).filter(share -> share > 0).count();
    if (mostSquared(bins, rows) < least * least / 2) {
      return least;
    }
    return Math.max(least, simulated(p, rows, step));
  }

  /// So far away is hardly any sample, not even one of the columns of a wide table.
  ///
  /// @param p shares of `n` rows
  /// @param q shares of `other` rows
  static double most(double[] p, double[] q, long n, long other) {
    long bins = IntStream.range(0, p.length).filter(i -> p[i] + q[i] > 0).count();
    return Math.sqrt(mostSquared(bins, (double) n / (n + other) * other));
  }

  /// 8 ln 2 n D² is nearly a χ² of bins - 1 degrees, and that is hardly ever above this.
  private static double mostSquared(long bins, double rows) {
    return (bins + 6 * Math.sqrt(2.0 * bins) + 12) / (8 * Math.log(2) * rows);
  }

  private static double simulated(double[] p, double rows, int step) {
    double[] distances = new double[SAMPLES];
    double[] q = new double[p.length];
    for (int s = 0; s < SAMPLES; s++) {
      double sum = 0;
      for (int i = 0; i < p.length; i++) {
        q[i] = p[i] == 0 ? 0 : poisson(rows * p[i], step, (long) s * p.length + i);
        sum += q[i];
      }
      for (int i = 0; i < p.length && sum > 0; i++) {
        q[i] /= sum;
      }
      distances[s] = sum == 0 ? 0 : distance(p, q);
    }
    Arrays.sort(distances);
    return distances[(int) Math.ceil(LEVEL * SAMPLES) - 1];
  }

  /// A draw of the Poisson distribution. Counts of bins that are drawn so, each alone, are those of
  /// a sample but for their sum, by which they are divided.
  private static double poisson(double mean, long epoch, long position) {
    if (mean >= MANY) {
      double normal = Draws.normal(1, Draws.Purpose.DRIFT, epoch, position);
      return Math.max(0, Math.rint(mean + Math.sqrt(mean) * normal));
    }
    double left = Draws.uniform(1, Draws.Purpose.DRIFT, epoch, position);
    double share = Math.exp(-mean);
    int count = 0;
    while (left > share && count < 10 * MANY) {
      left -= share;
      share *= mean / ++count;
    }
    return count;
  }
}
