package dev.backprop.engine.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Typed columns of equal length; immutable.
public final class Table {

  private final int rows;
  private final List<Column> columns;
  private final Map<String, Column> byName;

  /// @param columns of `rows` rows each, their names distinct
  public Table(int rows, List<Column> columns) {
    this.rows = rows;
    this.columns = List.copyOf(columns);
    this.byName = HashMap.newHashMap(columns.size());
    for (Column column : columns) {
      if (column.rows() != rows) {
        throw new IllegalArgumentException(
            "column '%s' has %d rows, the table has %d"
                .formatted(column.name(), column.rows(), rows));
      }
      if (byName.put(column.name(), column) != null) {
        throw new IllegalArgumentException("two columns are named '" + column.name() + "'");
      }
    }
  }

  public int rows() {
    return rows;
  }

  /// In the order of the data.
  public List<Column> columns() {
    return columns;
  }

  public @Nullable Column column(String name) {
    return byName.get(name);
  }

  /// The column of that name, which must be there.
  public Column required(String name) {
    Column column = column(name);
    if (column == null) {
      throw new IllegalArgumentException("the table has no column '" + name + "'");
    }
    return column;
  }

  /// The memory that the cells and dictionaries hold.
  public long bytes() {
    long bytes = 0;
    for (Column column : columns) {
      bytes += column.bytes();
    }
    return bytes;
  }

  /// Some of the rows, which share the cells of this table.
  public Table part(int first, int count) {
    return new Table(count, columns.stream().map(column -> column.part(first, count)).toList());
  }

  /// The same table without the few texts of a column of numbers: they stay missing even if the
  /// column is read as another type. See [NumericColumn.Strangers].
  public Table numbersOnly(String name) {
    List<Column> changed = new ArrayList<>(columns);
    changed.replaceAll(
        column ->
            column.name().equals(name) && column instanceof NumericColumn numbers
                ? numbers.withoutStrangers()
                : column);
    return new Table(rows, changed);
  }

  /// The same table with one column read as another type; see [Retyping].
  ///
  /// @throws InvalidDataException if a cell is nothing of that type
  public Table retyped(String name, ColumnType type) {
    List<Column> changed = new ArrayList<>(columns);
    changed.replaceAll(
        column -> column.name().equals(name) ? Retyping.retyped(column, type) : column);
    return new Table(rows, changed);
  }
}
