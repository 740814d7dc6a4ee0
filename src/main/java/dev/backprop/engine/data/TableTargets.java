package dev.backprop.engine.data;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Target;
import java.util.HashMap;
import java.util.Map;

/// The target columns of a table as a network is trained on them.
final class TableTargets {

  private final TargetEncoder encoder;
  private final Column[] columns;

  /// Per code of a class column the index of the class; empty for other targets.
  private final int[] classes;

  /// @throws InvalidDataException if the table has a class that the target does not, or a number
  ///   that no target may be
  TableTargets(Table table, TargetEncoder encoder) {
    TargetEncoder.check(table, encoder.target());
    this.encoder = encoder;
    this.columns =
        encoder.target().names().stream().map(name -> table.required(name)).toArray(Column[]::new);
    this.classes =
        switch (encoder.target()) {
          case Target.Classes target -> classes(columns[0], target);
          case Target.Numbers _, Target.Quantiles _, Target.MultiLabel _ -> new int[0];
          case Target.Bare _ ->
              throw new IllegalArgumentException("a table's columns are no bare numbers");
        };
  }

  int outputs() {
    return encoder.target().outputs();
  }

  int stratum(int row) {
    for (Column column : columns) {
      if (Double.isNaN(column.cell(row))) {
        return Examples.NO_TARGET;
      }
    }
    return encoder.target() instanceof Target.Classes ? classes[(int) columns[0].cell(row)] : -1;
  }

  void encode(int[] rows, int from, int n, Matrix y) {
    y.rows(n);
    int width = y.columns();
    for (int i = 0; i < n; i++) {
      encode(rows[from + i], y.values(), y.offset() + i * width, width);
    }
  }

  private void encode(int row, float[] y, int at, int width) {
    int stratum = stratum(row);
    if (stratum == Examples.NO_TARGET) {
      throw new IllegalArgumentException("row " + row + " has no target");
    }
    for (int output = 0; output < width; output++) {
      y[at + output] =
          switch (encoder.target()) {
            case Target.Classes _ ->
                width == 1 ? stratum : stratum == output ? 1 : 0; // two classes share one unit
            case Target.Numbers _ -> (float) encoder.encode(output, columns[output].cell(row));
            case Target.Quantiles _ -> (float) encoder.encode(0, columns[0].cell(row));
            case Target.MultiLabel _, Target.Bare _ -> (float) columns[output].cell(row);
          };
    }
  }

  private static int[] classes(Column column, Target.Classes target) {
    if (!(column instanceof CategoricalColumn coded)) {
      throw new IllegalArgumentException("the classes of '" + target.name() + "' are numbers");
    }
    Map<String, Integer> known = HashMap.newHashMap(target.classes().size());
    target.classes().forEach(label -> known.put(label.text(), known.size()));
    int[] map =
        coded.categories().stream()
            .mapToInt(label -> known.getOrDefault(label.text(), -1))
            .toArray();
    for (int row = 0; row < coded.rows(); row++) {
      double code = coded.cell(row);
      if (!Double.isNaN(code) && map[(int) code] < 0) {
        throw new InvalidDataException(
            InvalidDataException.Fault.OUT_OF_RANGE,
            target.name(),
            row,
            "must be one of the %d classes of the training data, was '%s'"
                .formatted(known.size(), coded.categories().get((int) code)));
      }
    }
    return map;
  }
}
