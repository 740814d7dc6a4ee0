package dev.backprop.engine.figures;

import dev.backprop.engine.data.Quantiles;
import dev.backprop.engine.linalg.Draws;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How sure figures are: 95 % intervals from 200 draws of the rows with replacement, from the 2.5
/// to the 97.5 percentile (Efron 1979). The draws are a function of the seed and of the number of
/// rows, so that two models are drawn the same rows.
///
/// If only m of n rows were kept, draws of m vary √(n/m) times as much as draws of n would. Then
/// their distances from the figure of the m rows are made smaller by that, and are told from the
/// figure of all.
public record Bootstrap(long seed) {

  private static final int DRAWS = 200;
  private static final double LOW = 0.025;
  private static final double HIGH = 0.975;

  /// A figure of one model less that of another on the same rows.
  ///
  /// @param bounds null if the figure is not defined in half of the draws
  public record Difference(double value, @Nullable Bounds bounds) {}

  /// Intervals by the name of the figure; those only that are defined in half of the draws.
  ///
  /// @param exact the figures of all rows that are defined, by name
  /// @param rows how many there were
  public Map<String, Bounds> intervals(Sample sample, Map<String, Double> exact, int rows) {
    double[] weights = sample.weights();
    double[] own = sample.figures(weights);
    double[][] drawn = new double[own.length][DRAWS];
    double[] scratch = new double[weights.length];
    for (int draw = 0; draw < DRAWS; draw++) {
      double[] figures = draw(sample, draw, scratch);
      for (int f = 0; f < own.length; f++) {
        drawn[f][draw] = figures[f];
      }
    }
    double narrower = Math.sqrt((double) weights.length / rows);
    Map<String, Bounds> intervals = new LinkedHashMap<>();
    for (int f = 0; f < own.length; f++) {
      Double value = exact.get(sample.names().get(f));
      Bounds bounds = percentiles(drawn[f]);
      if (value != null && bounds != null) {
        intervals.put(sample.names().get(f), scaled(bounds, own[f], value, narrower));
      }
    }
    return intervals;
  }

  /// The paired difference of one figure.
  ///
  /// @param a of the same rows as `b`
  /// @param exact the difference of the figures of all rows
  /// @param rows how many there were
  public Difference difference(Sample a, Sample b, String name, double exact, int rows) {
    double[] weights = a.weights();
    if (!Arrays.equals(weights, b.weights())) {
      throw new IllegalArgumentException(
          "both must be of the same rows, were of %d and %d kept ones"
              .formatted(weights.length, b.weights().length));
    }
    int ofA = a.names().indexOf(name);
    int ofB = b.names().indexOf(name);
    double[] drawn = new double[DRAWS];
    double[] scratch = new double[weights.length];
    for (int draw = 0; draw < DRAWS; draw++) {
      drawn[draw] = draw(a, draw, scratch)[ofA] - draw(b, draw, scratch)[ofB];
    }
    Bounds bounds = percentiles(drawn);
    double own = a.figures(weights)[ofA] - b.figures(weights)[ofB];
    return new Difference(
        exact,
        bounds == null
            ? null
            : scaled(bounds, own, exact, Math.sqrt((double) weights.length / rows)));
  }

  /// Never further out than what was drawn or is exact: so it stays where the figure can be.
  ///
  /// @param own the figure of the kept rows
  /// @param exact that of all
  private static Bounds scaled(Bounds bounds, double own, double exact, double narrower) {
    return narrower == 1
        ? bounds // not moved by a rounding
        : new Bounds(
            Math.max(exact + (bounds.low() - own) * narrower, Math.min(bounds.low(), exact)),
            Math.min(exact + (bounds.high() - own) * narrower, Math.max(bounds.high(), exact)));
  }

  /// The figures of rows drawn with replacement: each counts as often as it is drawn.
  private double[] draw(Sample sample, int draw, double[] scratch) {
    double[] weights = sample.weights();
    int n = weights.length;
    Arrays.fill(scratch, 0);
    for (int i = 0; i < n; i++) {
      // The high half of a 64-bit product: uniform on 0 … n - 1 but for a bias below 2^-32.
      long bits = Draws.bits(seed, Draws.Purpose.BOOTSTRAP, draw, i);
      int row = (int) Math.unsignedMultiplyHigh(bits, n);
      scratch[row] += weights[row];
    }
    return sample.figures(scratch);
  }

  private static @Nullable Bounds percentiles(double[] drawn) {
    double[] defined = Arrays.stream(drawn).filter(Double::isFinite).sorted().toArray();
    return 2 * defined.length < DRAWS
        ? null
        : new Bounds(
            Quantiles.of(defined, defined.length, LOW),
            Quantiles.of(defined, defined.length, HIGH));
  }
}
