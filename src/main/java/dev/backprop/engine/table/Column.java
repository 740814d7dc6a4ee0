package dev.backprop.engine.table;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A column of a [Table]; immutable.
public abstract sealed class Column
    permits NumericColumn, CategoricalColumn, DateColumn, UnkeptColumn {

  /// Writes a cell as inputs of a network. These are zero before the call.
  @FunctionalInterface
  public interface Encoder {

    /// @param cell the number, the seconds of a date, or the index of a category; NaN if missing
    /// @param at the first of the inputs
    void encode(double cell, float[] x, int at);
  }

  private final String name;
  private final Cells cells;

  Column(String name, Cells cells) {
    this.name = name;
    this.cells = cells;
  }

  public final String name() {
    return name;
  }

  public abstract ColumnType type();

  public final int rows() {
    return cells.size();
  }

  /// What the reader of the column found, as sentences for the user that name the column.
  public abstract List<String> notes();

  /// How many cells are missing.
  public final int missing() {
    return cells.missing();
  }

  /// The memory that the column holds.
  public abstract long bytes();

  /// The same column of some of the rows, which shares the cells of this one.
  abstract Column part(int first, int count);

  final Cells cells() {
    return cells;
  }

  /// The number, the seconds of a date, or the category's code; NaN if missing.
  public final double cell(int row) {
    return cells.get(row);
  }

  /// Copies the cells of the rows `rows[from] … rows[from + n - 1]` to `into[offset]`, `into[offset
  /// + stride]`, …
  public final void gather(int[] rows, int from, int n, double[] into, int offset, int stride) {
    cells.gather(rows, from, n, into, offset, stride);
  }

  /// The cell as a bare JSON value: a [String], [Boolean], [Long] or [Double], null if missing.
  public final @Nullable Object json(int row) {
    double cell = cells.get(row);
    return Double.isNaN(cell) ? null : json(cell);
  }

  /// @param cell not missing
  abstract Object json(double cell);
}
