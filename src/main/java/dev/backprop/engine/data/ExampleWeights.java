package dev.backprop.engine.data;

import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A column that says how much each row counts in losses and metrics, as scikit-learn's
/// `sample_weight` does. What it says of rows without a target does not matter.
public final class ExampleWeights {

  /// No weight may be larger, so that sums of weighted losses stay finite.
  public static final double MAX = 1e30;

  private final Column column;

  private ExampleWeights(Column column) {
    this.column = column;
  }

  /// @param targets the target columns
  /// @return null if the table has no such column, or no value in it: then all rows weigh 1
  /// @throws InvalidDataException if a row that has a target has no weight or none from 0 to
  ///   [#MAX], or all of them weigh 0
  public static @Nullable ExampleWeights of(Table table, String name, List<String> targets) {
    Column column = table.column(name);
    return column == null || column.missing() == column.rows()
        ? null
        : checked(table, column, targets, true);
  }

  /// The weights of a part of the rows, all of which may weigh 0.
  ///
  /// @param table has the column
  /// @throws InvalidDataException if a row that has a target has no weight or none from 0 to [#MAX]
  static ExampleWeights ofPart(Table table, String name, List<String> targets) {
    return checked(table, table.required(name), targets, false);
  }

  private static ExampleWeights checked(
      Table table, Column column, List<String> targets, boolean together) {
    List<Column> targetColumns = targets.stream().map(target -> table.required(target)).toList();
    ExampleWeights weights = new ExampleWeights(column);
    boolean labelled = false;
    double sum = 0;
    for (int row = 0; row < table.rows(); row++) {
      if (hasTarget(targetColumns, row)) {
        labelled = true;
        sum += weights.checked(row);
      }
    }
    if (together && labelled && sum == 0) {
      throw new InvalidDataException(
          InvalidDataException.Fault.OUT_OF_RANGE,
          column.name(),
          -1,
          "must be above 0 in at least 1 row with a target, is in 0");
    }
    return weights;
  }

  private static boolean hasTarget(List<Column> targets, int row) {
    for (Column target : targets) {
      if (Double.isNaN(target.cell(row))) {
        return false;
      }
    }
    return true;
  }

  private double checked(int row) {
    double weight = column.cell(row);
    if (Double.isNaN(weight)) {
      throw new InvalidDataException(
          InvalidDataException.Fault.NO_VALUE,
          column.name(),
          row,
          "must have a weight, the row has a target");
    }
    if (weight < 0 || weight > MAX) {
      throw new InvalidDataException(
          InvalidDataException.Fault.OUT_OF_RANGE,
          column.name(),
          row,
          "must be from 0 to %s, was %s".formatted(MAX, weight));
    }
    return weight;
  }

  double weight(int row) {
    return column.cell(row);
  }
}
