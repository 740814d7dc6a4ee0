package dev.backprop.engine.figures;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Counts what each of some thresholds would come to: 0.05, 0.1, … 0.95 of the probability of the
/// positive class. So many numbers, however many rows come.
public final class ThresholdTable {

  private static final int STEPS = 20;

  /// By how many of the thresholds a probability reaches.
  private final double[] positives = new double[STEPS];

  private final double[] all = new double[STEPS];

  /// @param probability of the positive class; equal to a threshold it counts as positive
  /// @param positive whether the row is of that class
  public void add(double probability, boolean positive, double weight) {
    int reached = Math.clamp((long) (probability * STEPS), 0, STEPS - 1);
    // The product is rounded, the thresholds themselves decide.
    if (reached > 0 && probability < threshold(reached)) {
      reached--;
    } else if (reached < STEPS - 1 && probability >= threshold(reached + 1)) {
      reached++;
    }
    positives[reached] += positive ? weight : 0;
    all[reached] += weight;
  }

  private static double threshold(int step) {
    return (double) step / STEPS;
  }

  /// @param precision null if no row would be answered as positive
  /// @param recall null if no row is positive
  /// @param f1 null if neither is
  public record Row(
      double threshold, @Nullable Double precision, @Nullable Double recall, @Nullable Double f1) {}

  /// By rising threshold.
  public List<Row> rows() {
    double positive = 0;
    for (double each : positives) {
      positive += each;
    }
    List<Row> rows = new ArrayList<>();
    double right = 0;
    double answered = 0;
    for (int step = STEPS - 1; step > 0; step--) {
      right += positives[step];
      answered += all[step];
      rows.addFirst(
          new Row(
              threshold(step),
              Figure.ratio(right, answered),
              Figure.ratio(right, positive),
              Figure.ratio(2 * right, answered + positive)));
    }
    return rows;
  }
}
