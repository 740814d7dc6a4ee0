package dev.backprop.engine.table;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Small tables for tests.
public final class Tables {

  private Tables() {}

  /// A table of CSV cells, its types inferred.
  ///
  /// @param lines comma-separated, the first names the columns
  public static Table csv(String... lines) {
    TableBuilder builder = builder();
    fill(builder, lines);
    return builder.build();
  }

  /// Lines of one column.
  public static String[] lines(String name, String... cells) {
    return Stream.concat(Stream.of(name), Stream.of(cells)).toArray(String[]::new);
  }

  /// One that infers types, without bounds.
  public static TableBuilder builder() {
    return TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
  }

  public static void fill(TableBuilder builder, String... lines) {
    String[] names = lines[0].split(",", -1);
    for (String line : List.of(lines).subList(1, lines.length)) {
      String[] cells = line.split(",", -1);
      for (int i = 0; i < names.length; i++) {
        builder.text(builder.column(names[i]), cells[i]);
      }
      builder.endRow();
    }
  }

  /// A column of one name, "x", of JSON values.
  public static Column json(Object... values) {
    TableBuilder builder = builder();
    for (Object value : values) {
      jsonCell(builder, "x", value);
      builder.endRow();
    }
    return builder.build().columns().getFirst();
  }

  public static void jsonRow(TableBuilder builder, Map<String, Object> row) {
    row.forEach((name, value) -> jsonCell(builder, name, value));
    builder.endRow();
  }

  private static void jsonCell(TableBuilder builder, String name, Object value) {
    int column = builder.column(name);
    switch (value) {
      case String text -> builder.string(column, text);
      case Boolean truth -> builder.bool(column, truth);
      case Number number -> builder.number(column, number.doubleValue());
      default -> builder.missing(column);
    }
  }

  /// Every column a feature, but for the last, which is the target.
  public static Schema schema(Table table, Target target) {
    return new Schema(
        table.columns().stream()
            .map(
                column ->
                    Schema.Field.of(
                        column,
                        target.names().contains(column.name())
                            ? Schema.Role.TARGET
                            : Schema.Role.FEATURE))
            .toList(),
        target);
  }

  public static Column column(Table table, String name) {
    return table.required(name);
  }

  public static List<Object> values(Column column) {
    return java.util.stream.IntStream.range(0, column.rows())
        .mapToObj(row -> java.util.Objects.requireNonNullElse(column.json(row), "missing"))
        .toList();
  }

  public static int[] rows(int n) {
    return java.util.stream.IntStream.range(0, n).toArray();
  }
}
