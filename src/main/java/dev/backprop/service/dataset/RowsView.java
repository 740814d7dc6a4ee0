package dev.backprop.service.dataset;

import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Table;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The first rows of a table, in the form in which they could be uploaded.
///
/// @param rows made one at a time while they are written
record RowsView(Iterable<Map<String, @Nullable Object>> rows) {

  static RowsView of(Table table, int limit) {
    int n = Math.min(limit, table.rows());
    return new RowsView(() -> IntStream.range(0, n).mapToObj(row -> row(table, row)).iterator());
  }

  private static Map<String, @Nullable Object> row(Table table, int row) {
    Map<String, @Nullable Object> cells = new LinkedHashMap<>();
    for (Column column : table.columns()) {
      cells.put(column.name(), column.json(row));
    }
    return cells;
  }
}
