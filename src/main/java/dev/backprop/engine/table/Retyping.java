package dev.backprop.engine.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;

/// Reads a column as another type. Numbers become categories by their shortest decimal text, dates
/// by their text in the format of the column. Categories become numbers if every one is a number,
/// and dates if all are written in one way. The numbers 0 and 1 and the texts `true` and `false`
/// become truth values.
///
/// The type holds for every cell. So the few texts in a column of numbers or dates become
/// categories like others, and are faults if the type is numeric, or one of dates.
final class Retyping {

  private Retyping() {}

  /// @return the column; its notes tell of the change
  /// @throws InvalidDataException if a cell does not fit the type
  static Column retyped(Column column, ColumnType type) {
    return switch (column) {
      case UnkeptColumn _ -> throw unkept(column);
      case NumericColumn numeric ->
          switch (type) {
            case NUMERIC -> numeric(numeric);
            case BOOLEAN -> bool(numeric);
            case CATEGORICAL -> categorical(numeric);
            case DATE -> RetypedDates.of(numeric);
          };
      case CategoricalColumn categorical ->
          switch (type) {
            case NUMERIC -> numeric(categorical);
            case BOOLEAN -> column.type() == type ? column : bool(categorical);
            case CATEGORICAL -> categorical(categorical);
            case DATE -> RetypedDates.of(categorical);
          };
      case DateColumn dates ->
          switch (type) {
            case NUMERIC -> throw noNumber(dates.name(), firstValue(dates), firstText(dates));
            case BOOLEAN -> throw noTruth(dates.name(), firstValue(dates), firstText(dates));
            case CATEGORICAL -> RetypedDates.categorical(dates);
            case DATE -> RetypedDates.of(dates);
          };
    };
  }

  static InvalidDataException unkept(Column column) {
    return new InvalidDataException(
        InvalidDataException.Fault.OUT_OF_RANGE,
        column.name(),
        -1,
        "has more than %d distinct texts, which were not kept, and can only be ignored; upload it again with keep=%s"
            .formatted(TableBuilder.MAX_CATEGORIES, column.name()));
  }

  private static Column numeric(NumericColumn column) {
    NumericColumn.Strangers strangers = column.found().strangers();
    if (!strangers.texts().isEmpty()) {
      throw noNumber(
          column.name(), strangers.rows()[0], strangers.texts().get(strangers.codes()[0]));
    }
    return column.notes().isEmpty() ? column : new NumericColumn(column.name(), column.cells());
  }

  private static Column categorical(CategoricalColumn column) {
    if (column.categories().size() > TableBuilder.MAX_CATEGORIES) {
      throw tooMany(column.name());
    }
    boolean same = column.type() == ColumnType.CATEGORICAL && column.notes().isEmpty();
    return same
        ? column
        : new CategoricalColumn(
            column.name(), ColumnType.CATEGORICAL, column.categories(), column.cells());
  }

  private static Column categorical(NumericColumn column) {
    Map<Integer, String> strange = column.strangerTexts();
    Map<Object, Integer> codes = new HashMap<>();
    List<Label> labels = new ArrayList<>();
    Cells cells =
        built(
            column.rows(),
            row -> {
              double value = column.cell(row);
              String text = strange.get(row);
              if (Double.isNaN(value) && text == null) {
                return value;
              }
              Integer known =
                  codes.putIfAbsent(text == null ? (Object) (value + 0.0) : text, labels.size());
              if (known == null) {
                labels.add(text == null ? Label.number(value) : Label.text(text));
                if (labels.size() > TableBuilder.MAX_CATEGORIES) {
                  throw tooMany(column.name());
                }
              }
              return known == null ? labels.size() - 1 : known;
            });
    if (!strange.isEmpty()) {
      // Texts among them: all are texts.
      labels.replaceAll(label -> Label.text(label.text()));
    }
    return new CategoricalColumn(
        column.name(), ColumnType.CATEGORICAL, labels, cells, respelled(column));
  }

  private static List<String> respelled(NumericColumn column) {
    String text = column.found().respelled();
    return text == null
        ? List.of()
        : List.of(
            "column '%s' was read as numbers, and its categories are the shortest texts of these: %s is '%s'; to keep the texts, upload with categorical=%s"
                .formatted(
                    column.name(),
                    Numbers.quoted(text),
                    Label.canonical(Numbers.parse(text)),
                    column.name()));
  }

  static InvalidDataException tooMany(String name) {
    return new InvalidDataException(
        InvalidDataException.Fault.OUT_OF_RANGE,
        name,
        -1,
        "must have at most %d distinct values to be categorical, has more"
            .formatted(TableBuilder.MAX_CATEGORIES));
  }

  private static Column bool(NumericColumn column) {
    NumericColumn.Strangers strangers = column.found().strangers();
    if (!strangers.texts().isEmpty()) {
      throw noTruth(
          column.name(), strangers.rows()[0], strangers.texts().get(strangers.codes()[0]));
    }
    for (int row = 0; row < column.rows(); row++) {
      double value = column.cell(row);
      if (!Double.isNaN(value) && value != 0 && value != 1) {
        throw noTruth(column.name(), row, Label.canonical(value));
      }
    }
    return bool(column, value -> value);
  }

  private static Column bool(CategoricalColumn column) {
    double[] values = new double[column.categories().size()];
    for (int code = 0; code < values.length; code++) {
      String text = column.categories().get(code).text();
      int truth = Numbers.truth(text);
      values[code] = text.equals("0") || text.equals("1") ? text.charAt(0) - '0' : truth;
      if (values[code] < 0) {
        throw noTruth(column.name(), firstRow(column, code), text);
      }
    }
    return bool(column, code -> values[(int) code]);
  }

  private static InvalidDataException noTruth(String name, int row, String text) {
    return new InvalidDataException(
        InvalidDataException.Fault.WRONG_TYPE,
        name,
        row,
        "must be true or false, or 1 or 0, to be boolean, was " + Numbers.quoted(text));
  }

  private static Column bool(Column column, DoubleUnaryOperator truth) {
    return CategoricalColumn.bool(column.name(), mapped(column, truth));
  }

  private static Column numeric(CategoricalColumn column) {
    double[] values = new double[column.categories().size()];
    boolean[] rounded = new boolean[values.length];
    NumberText number = new NumberText();
    for (int code = 0; code < values.length; code++) {
      String text = column.categories().get(code).text();
      if (!number.read(text.toCharArray(), 0, text.length()) || !Double.isFinite(number.value())) {
        throw noNumber(column.name(), firstRow(column, code), text);
      }
      values[code] = number.value();
      rounded[code] = !number.exact();
    }
    return new NumericColumn(
        column.name(),
        mapped(column, code -> values[(int) code]),
        new NumericColumn.Found(
            NumericColumn.Strangers.NONE, null, roundings(column, values, rounded)));
  }

  private static List<String> roundings(
      CategoricalColumn column, double[] values, boolean[] rounded) {
    int first = -1;
    int count = 0;
    for (int row = 0; row < column.rows(); row++) {
      double code = column.cell(row);
      if (!Double.isNaN(code) && rounded[(int) code]) {
        first = count++ == 0 ? (int) code : first;
      }
    }
    return count == 0
        ? List.of()
        : List.of(
            "column '%s' has %d integers that a number does not hold exactly: the first, %s, is taken as %s"
                .formatted(
                    column.name(),
                    count,
                    Numbers.quoted(column.categories().get(first).text()),
                    Label.canonical(values[first])));
  }

  private static InvalidDataException noNumber(String name, int row, String text) {
    return new InvalidDataException(
        InvalidDataException.Fault.WRONG_TYPE,
        name,
        row,
        "must be a finite number to be numeric, was " + Numbers.quoted(text));
  }

  static int firstRow(Column column, int code) {
    for (int row = 0; row < column.rows(); row++) {
      if (column.cell(row) == code) {
        return row;
      }
    }
    return -1;
  }

  private static int firstValue(DateColumn column) {
    int row = 0;
    while (column.texts().text(row).isEmpty()) {
      row++;
    }
    return row;
  }

  private static String firstText(DateColumn column) {
    return column.texts().text(firstValue(column));
  }

  /// The first row whose cell is missing, -1 if none is.
  static int firstMissing(Column column) {
    for (int row = 0; row < column.rows(); row++) {
      if (Double.isNaN(column.cell(row))) {
        return row;
      }
    }
    return -1;
  }

  /// The cells with every value that is not missing replaced.
  static Cells mapped(Column column, DoubleUnaryOperator function) {
    return built(
        column.rows(),
        row -> {
          double cell = column.cell(row);
          return Double.isNaN(cell) ? cell : function.applyAsDouble(cell);
        });
  }

  static Cells built(int rows, IntToDoubleFunction cell) {
    CellsBuilder cells = new CellsBuilder(new Meter(ByteBudget.unbounded()));
    for (int row = 0; row < rows; row++) {
      cells.add(cell.applyAsDouble(row));
    }
    return cells.build();
  }
}
