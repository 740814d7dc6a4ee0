package dev.backprop.data;

import org.jspecify.annotations.Nullable;

/// A cell or a column that cannot be what it has to be.
public final class InvalidDataException extends RuntimeException {

  private final @Nullable String column;
  private final int row;
  private final String detail;

  /// @param column null where no column is at fault
  /// @param row counted from 0, or -1 where no single row is at fault
  public InvalidDataException(@Nullable String column, int row, String detail) {
    super(
        (column == null ? "" : "column '" + column + "'" + (row < 0 ? ": " : ", "))
            + (row < 0 ? "" : "row " + row + ": ")
            + detail);
    this.column = column;
    this.row = row;
    this.detail = detail;
  }

  public @Nullable String column() {
    return column;
  }

  /// Counted from 0, or -1.
  public int row() {
    return row;
  }

  /// What must hold and what was given, without the place.
  public String detail() {
    return detail;
  }
}
