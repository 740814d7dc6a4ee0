package dev.backprop.engine.data;

import dev.backprop.engine.spec.TargetTransform;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Turns targets into what the network is trained on: classes into 0 or 1 per output, numbers by
/// their [TargetScale], bare numbers as they are.
public final class TargetEncoder {

  /// No number may be larger in magnitude: with any scale from such numbers, every finite output of
  /// a network is a finite number in original units.
  public static final double MAX = 1e100;

  private final Target target;
  private final List<TargetScale> scales;

  private TargetEncoder(Target target, List<TargetScale> scales) {
    this.target = target;
    this.scales = List.copyOf(scales);
  }

  /// An encoder with known scales, such as those of a saved model.
  ///
  /// @param scales one a numeric column, with means from -[#MAX] to [#MAX], and deviations above 0
  ///   and at most [#MAX]; none for other targets
  public static TargetEncoder of(Target target, List<TargetScale> scales) {
    int expected = numeric(target).size();
    if (scales.size() != expected) {
      throw new IllegalArgumentException(
          "%d scales for %d numeric targets".formatted(scales.size(), expected));
    }
    return new TargetEncoder(target, scales);
  }

  /// An encoder that standardizes.
  ///
  /// @param means one a numeric column
  /// @param stds likewise
  public static TargetEncoder of(Target target, double[] means, double[] stds) {
    int expected = numeric(target).size();
    if (means.length != expected || stds.length != expected) {
      throw new IllegalArgumentException(
          "%d means and %d deviations for %d numeric targets"
              .formatted(means.length, stds.length, expected));
    }
    return of(
        target,
        IntStream.range(0, means.length)
            .mapToObj(i -> new TargetScale(means[i], stds[i]))
            .toList());
  }

  /// An encoder that leaves numbers as they are.
  public static TargetEncoder asGiven(Target target) {
    return new TargetEncoder(
        target, Collections.nCopies(numeric(target).size(), new TargetScale(0, 1)));
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

  /// Standardizes numeric targets by the training part.
  public static TargetEncoder fit(Target target, Table table, int[] trainingRows) {
    return fit(target, table, trainingRows, TargetTransform.NONE);
  }

  /// Measures numeric targets in the training part.
  public static TargetEncoder fit(
      Target target, Table table, int[] trainingRows, TargetTransform transform) {
    return fit(target, transform, name -> numbers(table, name, trainingRows));
  }

  /// An encoder of statistics that were measured before.
  ///
  /// @param numbers those of a numeric target in the training part, by its name
  public static TargetEncoder fit(
      Target target,
      TargetTransform transform,
      Function<String, ColumnStatistics.Numbers> numbers) {
    return new TargetEncoder(
        target,
        numeric(target).stream().map(name -> scale(numbers.apply(name), transform)).toList());
  }

  private static ColumnStatistics.Numbers numbers(Table table, String name, int[] rows) {
    return ColumnStatistics.Numbers.of(ColumnStatistics.values(table.required(name), rows));
  }

  private static TargetScale scale(ColumnStatistics.Numbers numbers, TargetTransform transform) {
    Moments moments = numbers.moments();
    // At most as far from the mean as the numbers are, but for rounding.
    double std = moments.std() == 0 ? 1 : Math.min(MAX, moments.std());
    return new TargetScale(
        moments.mean(),
        std,
        switch (transform) {
          case NONE -> null;
          case LOG -> TargetCurve.Log.fit(numbers.values(), moments);
          case QUANTILE -> TargetCurve.Quantiles.fit(numbers.values());
          case AUTO -> throw new IllegalArgumentException("must be decided, was auto");
        },
        null);
  }

  /// The same, with answers clamped to the numbers of the training part, and to those that answers
  /// were clamped to before.
  public TargetEncoder clamped(Table table, int[] trainingRows) {
    return clamped(name -> numbers(table, name, trainingRows).moments());
  }

  /// @param moments of a numeric target in the training part, by its name
  public TargetEncoder clamped(Function<String, Moments> moments) {
    List<String> names = numeric(target);
    List<TargetScale> clamped = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Moments of = moments.apply(names.get(i));
      clamped.add(scales.get(i).clamped(of.min(), of.max()));
    }
    return new TargetEncoder(target, clamped);
  }

  /// The same numbers in a scale that is a straight line, and answers as they come.
  public TargetEncoder straight() {
    return new TargetEncoder(
        target, scales.stream().map(scale -> new TargetScale(scale.mean(), scale.std())).toList());
  }

  /// Whether answers are clamped.
  public boolean clamps() {
    return scales.stream().anyMatch(scale -> scale.range() != null);
  }

  /// Targets that are used as given.
  public static TargetEncoder bare(int width) {
    return new TargetEncoder(new Target.Bare(width), List.of());
  }

  public Target target() {
    return target;
  }

  /// One a numeric column. Else empty.
  public List<TargetScale> scales() {
    return scales;
  }

  /// Means of the numeric columns.
  public double[] means() {
    return scales.stream().mapToDouble(TargetScale::mean).toArray();
  }

  /// Population deviations of the numeric columns, 1 if the training part has one value only.
  public double[] stds() {
    return scales.stream().mapToDouble(TargetScale::std).toArray();
  }

  /// What the network is trained on for a number.
  double encode(int column, double value) {
    return scales.get(column).encode(value);
  }

  @Override
  public String toString() {
    return "TargetEncoder["
        + target
        + ", "
        + Arrays.toString(means())
        + ", "
        + Arrays.toString(stds())
        + "]";
  }
}
