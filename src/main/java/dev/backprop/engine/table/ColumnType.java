package dev.backprop.engine.table;

/// What the cells of a column are.
public enum ColumnType {
  NUMERIC,
  CATEGORICAL,
  BOOLEAN,
  /// Days, with or without a time of day.
  DATE
}
