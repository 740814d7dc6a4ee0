package dev.backprop.engine.table;

import org.jspecify.annotations.Nullable;

/// Takes the cells of one column, row by row.
sealed interface ColumnSink permits InferredColumn, DeclaredColumn, SkippedColumn, PassedColumn {

  String name();

  /// How many cells it has so far.
  int size();

  /// A cell as CSV has it, without outer blanks.
  void text(char[] chars, int offset, int length);

  /// A JSON string, without outer blanks.
  void string(String value);

  void number(double value);

  /// A JSON integer, which may be no exact double.
  void integer(String digits);

  void bool(boolean value);

  void missing();

  /// Cells of rows that did not name the column.
  void absent(int count);

  /// Whether every row has to name the column.
  boolean required();

  /// The column, or null if it is not kept.
  @Nullable Column build();
}
