package dev.backprop.engine.table;

import org.jspecify.annotations.Nullable;

/// Data that do not fit: a cell, a row or a column.
public final class InvalidDataException extends RuntimeException {

  /// What kind of fault it is.
  public enum Fault {
    /// A column that the training data did not have.
    UNKNOWN_COLUMN,
    /// A cell that cannot be read as the type of its column.
    WRONG_TYPE,
    /// A JSON value that is no cell: an object or an array.
    NO_CELL,
    /// A column twice in one row.
    REPEATED,
    /// A line with more or fewer cells than the first.
    RAGGED,
    /// No value, although there has to be one.
    NO_VALUE,
    /// A number out of range, a label that is none of the known, too many or too few of something.
    OUT_OF_RANGE
  }

  private final Fault fault;
  private final @Nullable String column;
  private final int row;
  private final String detail;

  /// @param column null if no column is at fault
  /// @param row counted from 0, or -1 if no single row is at fault
  public InvalidDataException(Fault fault, @Nullable String column, int row, String detail) {
    super(
        (column == null ? "" : "column '" + column + "'" + (row < 0 ? ": " : ", "))
            + (row < 0 ? "" : "row " + row + ": ")
            + detail);
    this.fault = fault;
    this.column = column;
    this.row = row;
    this.detail = detail;
  }

  public Fault fault() {
    return fault;
  }

  public @Nullable String column() {
    return column;
  }

  /// Counted from 0, or -1.
  public int row() {
    return row;
  }

  /// What must be and what was given, without the place.
  public String detail() {
    return detail;
  }
}
