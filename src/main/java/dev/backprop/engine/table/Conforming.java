package dev.backprop.engine.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Reads a column whose type was inferred as a column of a schema. Every cell means what
/// [CellReader] says of its text.
final class Conforming {

  private final CellReader reader;
  private final Schema.Field field;

  /// @param reader of the field
  Conforming(CellReader reader, Schema.Field field) {
    this.reader = reader;
    this.field = field;
  }

  /// @throws InvalidDataException if a cell does not fit the type
  Column column(Column column) {
    return switch (column) {
      case UnkeptColumn _ -> throw Retyping.unkept(column);
      case NumericColumn numeric -> ofNumbers(numeric);
      case CategoricalColumn categorical -> ofCategories(categorical);
      case DateColumn dates -> ofDates(dates);
    };
  }

  /// Cells have the texts that the column has them written as.
  private Column ofDates(DateColumn column) {
    if (reader.takesAllDates(column.format())) {
      return column;
    }
    DateColumn.Texts texts = column.texts();
    Others others = new Others();
    boolean strange = field.type() == ColumnType.CATEGORICAL;
    Map<String, Double> known = new HashMap<>();
    return built(
        column,
        others,
        row -> {
          String text = strange || !Double.isNaN(column.cell(row)) ? texts.text(row) : "";
          Double cell = text.isEmpty() ? Double.valueOf(Double.NaN) : known.get(text);
          if (cell == null) {
            cell = others.cell(text, row);
            known.put(text, cell);
          }
          return cell;
        });
  }

  private Column built(Column column, Others others, IntToDoubleFunction cells) {
    return switch (field.type()) {
      case NUMERIC -> numeric(column, cells);
      case CATEGORICAL, BOOLEAN -> coded(column, others, cells);
      case DATE ->
          new DateColumn(
              column.name(),
              Objects.requireNonNull(field.date()),
              Retyping.built(column.rows(), cells));
    };
  }

  private Column ofNumbers(NumericColumn column) {
    Map<Integer, String> strange = column.strangerTexts();
    if (field.type() == ColumnType.NUMERIC) {
      return reader.takesAllNumbers() ? column : numeric(column, row -> number(column, row));
    }
    Map<Double, Double> known = new HashMap<>();
    Others others = new Others();
    return built(
        column,
        others,
        row -> {
          String text = strange.get(row);
          double cell = column.cell(row);
          if (text != null) {
            return others.cell(text, row);
          }
          return Double.isNaN(cell)
              ? cell
              : known.computeIfAbsent(cell, _ -> others.cell(Numbers.shortest(cell), row));
        });
  }

  private double number(NumericColumn column, int row) {
    double cell = column.cell(row);
    return Double.isNaN(cell) ? cell : reader.number(cell, row);
  }

  private Column ofCategories(CategoricalColumn column) {
    List<Label> labels = column.categories();
    if (field.type() == ColumnType.CATEGORICAL && areAsKnown(labels)) {
      return column.type() == ColumnType.CATEGORICAL
          ? column
          : Retyping.retyped(column, ColumnType.CATEGORICAL);
    }
    @Nullable Double[] known = new Double[labels.size()];
    Others others = new Others();
    IntToDoubleFunction cells =
        row -> {
          double code = column.cell(row);
          if (Double.isNaN(code)) {
            return code;
          }
          Double cell = known[(int) code];
          if (cell == null) {
            cell = others.cell(labels.get((int) code).text(), row);
            known[(int) code] = cell;
          }
          return cell;
        };
    return built(column, others, cells);
  }

  /// Whether each label is a category of the field, or cannot be read as one.
  private boolean areAsKnown(List<Label> labels) {
    for (Label label : labels) {
      double cell = reader.text(label.text());
      boolean same = cell >= 0 && field.categories().get((int) cell).text().equals(label.text());
      if (!same && cell != CellReader.UNSEEN) {
        return false;
      }
    }
    return true;
  }

  private static Column numeric(Column column, IntToDoubleFunction cells) {
    return new NumericColumn(column.name(), Retyping.built(column.rows(), cells));
  }

  private Column coded(Column column, Others others, IntToDoubleFunction codes) {
    Cells built = Retyping.built(column.rows(), codes);
    List<Label> labels = new ArrayList<>(others.known);
    labels.addAll(others.texts.labels());
    return new CategoricalColumn(column.name(), field.type(), labels, built);
  }

  /// The categories of the field, followed by others in the order in which they are found.
  private final class Others {

    private final List<Label> known =
        field.type() == ColumnType.BOOLEAN ? Label.TRUTH : field.categories();
    private final Dictionary texts = new Dictionary(new Meter(ByteBudget.unbounded()));

    double cell(String text, int row) {
      double cell = reader.text(text, row);
      return cell == CellReader.UNSEEN && field.type() == ColumnType.CATEGORICAL
          ? known.size() + texts.add(text)
          : cell;
    }
  }
}
