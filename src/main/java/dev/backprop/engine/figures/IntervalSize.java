package dev.backprop.engine.figures;

import dev.backprop.engine.spec.InvalidSpecException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// How wrong a model is where it answers so, in the unit of the target:
///
///     size = error(answer) · factor(spread / usual(answer))
///
/// `error` is the mean absolute error of rows of about that answer, `usual` the mean spread of the
/// members there, and `factor` what errors are more, or less, where members disagree more than
/// usual. All three are fitted to rows that calibrate: means of bins of equal counts, linear between
/// them and level beyond. On tables whose errors grow with the answer, it is narrower than the
/// spread alone; and it holds where there is one member.
///
/// @param answers places of the bins, ascending; none if the size is 1 everywhere
/// @param errors one a place, above 0
/// @param spreads one a place, above 0; none if spreads do not count
/// @param ratios of spreads to usual ones, ascending; none if spreads do not count
/// @param factors one a ratio, above 0
public record IntervalSize(
    List<Double> answers,
    List<Double> errors,
    List<Double> spreads,
    List<Double> ratios,
    List<Double> factors) {

  /// The same everywhere.
  public static final IntervalSize ONE =
      new IntervalSize(List.of(), List.of(), List.of(), List.of(), List.of());

  private static final int MOST_BINS = 20;

  /// Rows of a bin at least: since the same rows are scored, bins of 50 rows would cover up to 0.7
  /// % less than is asked for, bins of 100 up to 0.3 %.
  private static final int LEAST_ROWS = 100;

  /// Smaller means are taken for this part of the mean over all rows.
  private static final double LEAST_PART = 0.01;

  public IntervalSize {
    answers = List.copyOf(answers);
    errors = List.copyOf(errors);
    spreads = List.copyOf(spreads);
    ratios = List.copyOf(ratios);
    factors = List.copyOf(factors);
    boolean sizes =
        errors.size() == answers.size()
            && factors.size() == ratios.size()
            && spreads.size() == (ratios.isEmpty() ? 0 : answers.size());
    boolean positive =
        Stream.of(errors, spreads, factors).flatMap(List::stream).allMatch(number -> number > 0);
    if (!sizes || !positive || !rising(answers) || !rising(ratios)) {
      throw new InvalidSpecException(
          "", "sizes must be above 0, one for each place, and places must rise");
    }
  }

  private static boolean rising(List<Double> places) {
    for (int i = 1; i < places.size(); i++) {
      if (!(places.get(i - 1) < places.get(i))) {
        return false;
      }
    }
    return true;
  }

  /// Fits it. Of less than two hundred rows, or of rows without errors, it is 1 everywhere.
  ///
  /// @param y targets
  /// @param given the answers to them; spreads count if all are numbers and one is above 0
  public static IntervalSize fit(double[] y, List<NumberAnswer> given) {
    int n = y.length;
    int bins = Math.min(MOST_BINS, n / LEAST_ROWS);
    double[] error = new double[n];
    double[] value = new double[n];
    double[] spread = new double[n];
    for (int i = 0; i < n; i++) {
      value[i] = given.get(i).value();
      error[i] = Math.abs(y[i] - value[i]);
      spread[i] = given.get(i).spread();
    }
    double sum = Arrays.stream(error).sum();
    if (bins < 2 || !(sum > 0) || !Double.isFinite(sum)) {
      return ONE;
    }
    Curve errors = Curve.fit(value, error, bins);
    double spreadSum = Arrays.stream(spread).sum();
    if (!(spreadSum > 0) || !Double.isFinite(spreadSum)) {
      return new IntervalSize(errors.places, errors.means, List.of(), List.of(), List.of());
    }
    Curve spreads = Curve.fit(value, spread, bins);
    double[] ratio = new double[n];
    double[] relative = new double[n];
    for (int i = 0; i < n; i++) {
      ratio[i] = spread[i] / spreads.at(value[i]);
      relative[i] = error[i] / errors.at(value[i]);
    }
    Curve factors = Curve.fit(ratio, relative, Math.max(1, bins / 2));
    return new IntervalSize(
        errors.places, errors.means, spreads.means, factors.places, factors.means);
  }

  double of(NumberAnswer answer) {
    if (answers.isEmpty()) {
      return 1;
    }
    double error = Curve.at(answers, errors, answer.value());
    if (ratios.isEmpty()) {
      return error;
    }
    double ratio = answer.spread() / Curve.at(answers, spreads, answer.value());
    return error * Curve.at(ratios, factors, ratio);
  }

  /// Means of y in bins of x.
  private record Curve(List<Double> places, List<Double> means) {

    static Curve fit(double[] x, double[] y, int bins) {
      int n = x.length;
      Integer[] order = new Integer[n];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, Comparator.comparingDouble(i -> x[i]));
      double floor = Math.max(LEAST_PART * Arrays.stream(y).sum() / n, Double.MIN_NORMAL);
      List<Double> places = new ArrayList<>();
      List<Double> means = new ArrayList<>();
      int from = 0;
      for (int bin = 0; bin < bins && from < n; bin++) {
        int to = Math.max(from + 1, (int) ((long) n * (bin + 1) / bins));
        // Equal ones are of one bin, so that places rise.
        while (to < n && x[order[to]] == x[order[to - 1]]) {
          to++;
        }
        double place = 0;
        double mean = 0;
        for (int i = from; i < to; i++) {
          place += x[order[i]] / (to - from);
          mean += y[order[i]] / (to - from);
        }
        if (places.isEmpty() || place > places.getLast()) {
          places.add(place);
          means.add(Math.max(floor, mean));
        }
        from = to;
      }
      return new Curve(places, means);
    }

    double at(double x) {
      return at(places, means, x);
    }

    static double at(List<Double> places, List<Double> means, double x) {
      int above = 0;
      while (above < places.size() && places.get(above) < x) {
        above++;
      }
      if (above == 0 || above == places.size()) {
        return means.get(Math.min(above, means.size() - 1));
      }
      double a = places.get(above - 1);
      double share = (x - a) / (places.get(above) - a);
      return means.get(above - 1) * (1 - share) + means.get(above) * share;
    }
  }
}
