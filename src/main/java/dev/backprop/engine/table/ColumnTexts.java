package dev.backprop.engine.table;

import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The texts of the cells of a column whose type was inferred: of a category the exact one, of a
/// number the shortest, of a date the one that the column's format has for it.
public final class ColumnTexts {

  private ColumnTexts() {}

  /// @return the text by the row, null if the cell is missing
  /// @throws InvalidDataException if the cells are not kept
  public static IntFunction<@Nullable String> of(Column column) {
    return switch (column) {
      case NumericColumn numbers -> {
        Map<Integer, String> strange = numbers.strangerTexts();
        yield row -> {
          double cell = numbers.cell(row);
          return Double.isNaN(cell) ? strange.get(row) : Numbers.shortest(cell);
        };
      }
      case CategoricalColumn categorical -> {
        List<Label> labels = categorical.categories();
        yield row -> {
          double code = categorical.cell(row);
          return Double.isNaN(code) ? null : labels.get((int) code).text();
        };
      }
      case DateColumn dates -> {
        DateColumn.Texts texts = dates.texts();
        yield row -> {
          String text = texts.text(row);
          return text.isEmpty() ? null : text;
        };
      }
      case UnkeptColumn _ -> throw Retyping.unkept(column);
    };
  }
}
