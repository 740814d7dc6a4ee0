package dev.backprop.engine.table;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A column of dates, with or without a time of day. Each is kept as seconds from 1970-01-01T00:00
/// on the clock of the column.
public final class DateColumn extends Column {

  private final DateFormat format;
  private final NumericColumn.Found found;

  DateColumn(String name, DateFormat format, Cells cells) {
    this(name, format, cells, NumericColumn.Found.NOTHING);
  }

  DateColumn(String name, DateFormat format, Cells cells, NumericColumn.Found found) {
    super(name, cells);
    this.format = format;
    this.found = found;
  }

  /// How its texts are written.
  public DateFormat format() {
    return format;
  }

  NumericColumn.Found found() {
    return found;
  }

  /// The texts among the dates, at most three, which stand for a missing value in this column.
  public List<String> missingTexts() {
    return found.strangers().texts();
  }

  /// The text of each cell that has one, by rows: a date as the column writes it, or a text that is
  /// none.
  Texts texts() {
    return new Texts(found.strangers().byRow(), new HashMap<>());
  }

  /// @param printed the texts of dates that have been asked for
  final class Texts {

    private final Map<Integer, String> strange;
    private final Map<Double, String> printed;

    private Texts(Map<Integer, String> strange, Map<Double, String> printed) {
      this.strange = strange;
      this.printed = printed;
    }

    /// Empty if the cell is missing.
    String text(int row) {
      double cell = cell(row);
      return Double.isNaN(cell)
          ? strange.getOrDefault(row, "")
          : printed.computeIfAbsent(cell, format::text);
    }
  }

  @Override
  Column part(int first, int count) {
    return new DateColumn(name(), format, cells().part(first, count), found.part(first, count));
  }

  @Override
  public ColumnType type() {
    return ColumnType.DATE;
  }

  @Override
  public List<String> notes() {
    return found.notes();
  }

  @Override
  public long bytes() {
    return cells().bytes() + found.strangers().bytes();
  }

  /// As [NumericColumn#encode].
  public void encode(
      Column.Encoder encoder, int[] rows, int from, int n, float[] x, int at, int stride) {
    cells().encode(encoder, rows, from, n, x, at, stride);
  }

  @Override
  Object json(double cell) {
    return format.text(cell);
  }
}
