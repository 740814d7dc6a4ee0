package dev.backprop.engine.plan;

import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.List;

/// Rows of cells, the last of which is the target: columns `c0`, `c1`, … and `y`.
final class WarningRows {

  private final TableBuilder table =
      TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());

  /// @param cells numbers and texts; NaN = missing
  void row(Object... cells) {
    for (int i = 0; i < cells.length; i++) {
      int column = table.column(i == cells.length - 1 ? "y" : "c" + i);
      if (cells[i] instanceof String text) {
        table.string(column, text);
      } else if (cells[i] instanceof Double number && number.isNaN()) {
        table.missing(column);
      } else {
        table.number(column, ((Number) cells[i]).doubleValue());
      }
    }
    table.endRow();
  }

  TrainingData.Rows data() {
    Table built = table.build();
    List<Schema.Field> fields = new ArrayList<>();
    for (Column column : built.columns()) {
      fields.add(
          Schema.Field.of(
              column, column.name().equals("y") ? Schema.Role.TARGET : Schema.Role.FEATURE));
    }
    Schema.Field target = fields.getLast();
    return new TrainingData.Rows(
        built,
        new Schema(
            fields,
            target.categories().isEmpty()
                ? new Target.Numbers(List.of("y"))
                : new Target.Classes("y", target.categories())));
  }
}
