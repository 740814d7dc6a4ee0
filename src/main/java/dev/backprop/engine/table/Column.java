package dev.backprop.engine.table;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A column of a [Table]; immutable.
public sealed interface Column permits NumericColumn, CategoricalColumn, UnkeptColumn {

  String name();

  ColumnType type();

  int rows();

  /// What its reader found that its user may want to know: sentences that name the column.
  List<String> notes();

  /// How many cells are missing.
  int missing();

  /// The memory that the column holds.
  long bytes();

  /// The number, or the category's code; NaN if missing.
  double cell(int row);

  /// Cells of the rows `rows[from] … rows[from + n - 1]` to `into[offset]`, `into[offset +
  /// stride]`, …
  void gather(int[] rows, int from, int n, double[] into, int offset, int stride);

  /// The cell as a bare JSON value: a [String], [Boolean], [Long] or [Double], null if missing.
  @Nullable Object json(int row);
}
