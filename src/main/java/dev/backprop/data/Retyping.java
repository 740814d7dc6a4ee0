package dev.backprop.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/// Reads a column as another type: numbers as categories by their canonical text, categories as
/// numbers where every one is a number, 0 and 1 and the texts `true` and `false` as truth values.
final class Retyping {

  private Retyping() {}

  /// @throws InvalidDataException where a cell is nothing of that type
  static Column retyped(Column column, ColumnType type) {
    if (column.type() == type && !(column instanceof UnkeptColumn)) {
      return column;
    }
    return switch (column) {
      case UnkeptColumn _ ->
          throw new InvalidDataException(
              InvalidDataException.Fault.OUT_OF_RANGE,
              column.name(),
              -1,
              "has more than %d distinct values and can only be ignored"
                  .formatted(TableBuilder.MAX_CATEGORIES));
      case NumericColumn numeric ->
          type == ColumnType.BOOLEAN ? bool(numeric) : categorical(numeric);
      case CategoricalColumn categorical ->
          switch (type) {
            case NUMERIC -> numeric(categorical);
            case BOOLEAN -> bool(categorical);
            case CATEGORICAL ->
                new CategoricalColumn(
                    column.name(),
                    type,
                    categorical.categories(),
                    categorical.codes(),
                    categorical.dictionaryBytes());
          };
    };
  }

  private static Column categorical(NumericColumn column) {
    Map<Double, Integer> codes = new HashMap<>();
    List<Label> labels = new ArrayList<>();
    Cells cells =
        mapped(
            column,
            value -> {
              Integer known = codes.putIfAbsent(value + 0.0, labels.size());
              if (known == null) {
                labels.add(Label.number(value));
                if (labels.size() > TableBuilder.MAX_CATEGORIES) {
                  throw new InvalidDataException(
                      InvalidDataException.Fault.OUT_OF_RANGE,
                      column.name(),
                      -1,
                      "must have at most %d distinct values to be categorical, has more"
                          .formatted(TableBuilder.MAX_CATEGORIES));
                }
              }
              return known == null ? labels.size() - 1 : known;
            });
    return new CategoricalColumn(
        column.name(), ColumnType.CATEGORICAL, labels, cells, Dictionary.bytesOf(labels));
  }

  private static Column bool(NumericColumn column) {
    for (int row = 0; row < column.rows(); row++) {
      double value = column.cell(row);
      if (!Double.isNaN(value) && value != 0 && value != 1) {
        throw new InvalidDataException(
            InvalidDataException.Fault.WRONG_TYPE,
            column.name(),
            row,
            "must be 0 or 1 to be boolean, was " + Numbers.quoted(Label.canonical(value)));
      }
    }
    return bool(column, value -> value);
  }

  private static Column bool(CategoricalColumn column) {
    double[] values = new double[column.categories().size()];
    for (int code = 0; code < values.length; code++) {
      String text = column.categories().get(code).text();
      values[code] = Numbers.truth(text.toCharArray(), 0, text.length());
      if (values[code] < 0) {
        throw new InvalidDataException(
            InvalidDataException.Fault.WRONG_TYPE,
            column.name(),
            firstRow(column, code),
            "must be true or false to be boolean, was " + Numbers.quoted(text));
      }
    }
    return bool(column, code -> values[(int) code]);
  }

  private static Column bool(Column column, DoubleUnaryOperator truth) {
    List<Label> labels = List.of(Label.bool(false), Label.bool(true));
    return new CategoricalColumn(
        column.name(),
        ColumnType.BOOLEAN,
        labels,
        mapped(column, truth),
        Dictionary.bytesOf(labels));
  }

  private static Column numeric(CategoricalColumn column) {
    double[] values = new double[column.categories().size()];
    for (int code = 0; code < values.length; code++) {
      String text = column.categories().get(code).text();
      values[code] = Numbers.parse(text);
      if (Double.isNaN(values[code]) || Double.isInfinite(values[code])) {
        throw new InvalidDataException(
            InvalidDataException.Fault.WRONG_TYPE,
            column.name(),
            firstRow(column, code),
            "must be a finite number to be numeric, was " + Numbers.quoted(text));
      }
    }
    return new NumericColumn(column.name(), mapped(column, code -> values[(int) code]));
  }

  private static int firstRow(Column column, int code) {
    for (int row = 0; row < column.rows(); row++) {
      if (column.cell(row) == code) {
        return row;
      }
    }
    return -1;
  }

  /// The first row whose cell is missing, -1 where none is.
  static int firstMissing(Column column) {
    for (int row = 0; row < column.rows(); row++) {
      if (Double.isNaN(column.cell(row))) {
        return row;
      }
    }
    return -1;
  }

  /// The cells with every value that is not missing replaced.
  private static Cells mapped(Column column, DoubleUnaryOperator function) {
    CellsBuilder cells = new CellsBuilder(new Meter(ByteBudget.unbounded()));
    for (int row = 0; row < column.rows(); row++) {
      double cell = column.cell(row);
      cells.add(Double.isNaN(cell) ? cell : function.applyAsDouble(cell));
    }
    return cells.build();
  }
}
