package dev.backprop.engine.table;

/// What the cells of a column are.
public enum ColumnType {
  NUMERIC,
  CATEGORICAL,
  BOOLEAN
}
