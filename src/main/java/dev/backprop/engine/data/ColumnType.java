package dev.backprop.engine.data;

/// What the cells of a column are.
public enum ColumnType {
  NUMERIC,
  CATEGORICAL,
  BOOLEAN
}
