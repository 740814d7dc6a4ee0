package dev.backprop.engine.data;

import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Target;
import java.util.Arrays;
import java.util.List;

/// Turns targets into what the network is trained on: classes into 0 or 1 per output, numbers
/// standardized by the training part, bare numbers as they are.
public final class TargetEncoder {

  /// No number may be larger in magnitude: with any scale from such numbers, every finite output of
  /// a network is a finite number in original units.
  public static final double MAX = 1e100;

  private final Target target;
  private final double[] means;
  private final double[] stds;

  private TargetEncoder(Target target, double[] means, double[] stds) {
    this.target = target;
    this.means = means;
    this.stds = stds;
  }

  /// An encoder with known statistics, such as that of a saved model.
  ///
  /// @param means one a numeric column, from -[#MAX] to [#MAX]; empty for other targets
  /// @param stds likewise, each above 0 and at most [#MAX]
  public static TargetEncoder of(Target target, double[] means, double[] stds) {
    int expected = numeric(target).size();
    if (means.length != expected || stds.length != expected) {
      throw new IllegalArgumentException(
          "%d means and %d deviations for %d numeric targets"
              .formatted(means.length, stds.length, expected));
    }
    return new TargetEncoder(target, means.clone(), stds.clone());
  }

  /// An encoder that leaves numbers as they are.
  public static TargetEncoder asGiven(Target target) {
    double[] means = new double[numeric(target).size()];
    double[] stds = new double[means.length];
    Arrays.fill(stds, 1);
    return new TargetEncoder(target, means, stds);
  }

  /// The numeric columns of a target.
  private static List<String> numeric(Target target) {
    return target instanceof Target.Numbers || target instanceof Target.Quantiles
        ? target.names()
        : List.of();
  }

  /// @throws InvalidDataException if a number of a numeric target is beyond [#MAX]
  public static void check(Table table, Target target) {
    for (String name : numeric(target)) {
      Column column = table.required(name);
      for (int row = 0; row < column.rows(); row++) {
        if (Math.abs(column.cell(row)) > MAX) {
          throw new InvalidDataException(
              InvalidDataException.Fault.OUT_OF_RANGE,
              name,
              row,
              "must be from -%s to %s to be a target, was %s"
                  .formatted(MAX, MAX, column.cell(row)));
        }
      }
    }
  }

  /// Measures means and deviations of numeric targets in the training part.
  public static TargetEncoder fit(Target target, Table table, int[] trainingRows) {
    List<String> names = numeric(target);
    double[] means = new double[names.size()];
    double[] stds = new double[names.size()];
    for (int i = 0; i < names.size(); i++) {
      Column column = table.required(names.get(i));
      Moments moments = Moments.of(trainingRows.length, row -> column.cell(trainingRows[row]));
      means[i] = moments.mean();
      // At most as far from the mean as the numbers are, but for rounding.
      stds[i] = moments.std() == 0 ? 1 : Math.min(MAX, moments.std());
    }
    return new TargetEncoder(target, means, stds);
  }

  /// Targets that are used as given.
  public static TargetEncoder bare(int width) {
    return new TargetEncoder(new Target.Bare(width), new double[0], new double[0]);
  }

  public Target target() {
    return target;
  }

  /// One a numeric column: y' = (y - mean) / std. Else empty.
  public double[] means() {
    return means.clone();
  }

  /// Population deviations of the numeric columns, 1 if the training part has one value only.
  public double[] stds() {
    return stds.clone();
  }

  /// The standardized value of a numeric target.
  double standardized(int column, double value) {
    return (value - means[column]) / stds[column];
  }

  @Override
  public String toString() {
    return "TargetEncoder["
        + target
        + ", "
        + Arrays.toString(means)
        + ", "
        + Arrays.toString(stds)
        + "]";
  }
}
