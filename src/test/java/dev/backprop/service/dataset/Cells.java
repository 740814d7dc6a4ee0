package dev.backprop.service.dataset;

import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Table;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/// The cells of columns as tests compare them.
public final class Cells {

  private Cells() {}

  /// The JSON values; "missing" stands for none.
  public static List<Object> of(Column column) {
    return IntStream.range(0, column.rows())
        .mapToObj(row -> Objects.requireNonNullElse(column.json(row), "missing"))
        .toList();
  }

  public static List<Object> of(Table table, String name) {
    return of(Objects.requireNonNull(table.column(name)));
  }
}
