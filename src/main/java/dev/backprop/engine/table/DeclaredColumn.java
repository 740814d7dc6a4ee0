package dev.backprop.engine.table;

import dev.backprop.engine.table.InvalidDataException.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A column whose type is known: a cell of another type is an error. The categories that are known
/// have the first codes; others follow.
final class DeclaredColumn implements ColumnSink {

  private final Schema.Field field;
  private final CellReader reader;
  private NumberText numbers = new NumberText();
  private final CellsBuilder cells;

  /// The characters of a string, while it is looked up.
  private char[] chars = new char[16];

  /// Categories that the column does not know.
  private final Dictionary others;

  DeclaredColumn(Schema.Field field, CellReader reader, Meter meter) {
    this.field = field;
    this.reader = reader;
    this.cells = new CellsBuilder(meter);
    this.others = new Dictionary(meter);
  }

  /// How the texts of numbers are written.
  void numbersWritten(NumberFormat format) {
    numbers = new NumberText(format);
  }

  @Override
  public String name() {
    return field.name();
  }

  @Override
  public int size() {
    return cells.size();
  }

  @Override
  public void text(char[] chars, int offset, int length) {
    double cell = reader.text(chars, offset, length, numbers, size());
    if (cell == CellReader.UNSEEN && field.type() == ColumnType.CATEGORICAL) {
      other(new String(chars, offset, length));
    } else {
      add(cell);
    }
  }

  @Override
  public void string(String value) {
    int length = value.length();
    if (chars.length < length) {
      chars = new char[length];
    }
    value.getChars(0, length, chars, 0);
    text(chars, 0, length);
  }

  @Override
  public void number(double value) {
    double cell = reader.number(value, size());
    if (cell == CellReader.UNSEEN && field.type() == ColumnType.CATEGORICAL) {
      other(Numbers.shortest(value));
    } else {
      add(cell);
    }
  }

  @Override
  public void integer(String digits) {
    string(digits);
  }

  @Override
  public void bool(boolean value) {
    double cell = reader.bool(value, size());
    if (cell == CellReader.UNSEEN && field.type() == ColumnType.CATEGORICAL) {
      other(Boolean.toString(value));
    } else {
      add(cell);
    }
  }

  @Override
  public void numbers(double[] values, int n) {
    boolean plain = field.type() == ColumnType.NUMERIC && reader.takesAllNumbers();
    if (plain && !(required() && hasNaN(values, n))) {
      cells.addAll(values, n);
    } else {
      ColumnSink.super.numbers(values, n);
    }
  }

  private static boolean hasNaN(double[] values, int n) {
    for (int i = 0; i < n; i++) {
      if (Double.isNaN(values[i])) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void dates(double[] seconds, int n, DateFormat format) {
    if (!reader.takesDate(format)) {
      ColumnSink.super.dates(seconds, n, format);
      return;
    }
    double shift = reader.shift(format);
    for (int i = 0; i < n; i++) {
      add(seconds[i] + shift);
    }
  }

  @Override
  public void texts(TextBlock texts, int[] places, int n) {
    for (int i = 0; i < n; i++) {
      int place = places[i];
      if (place < 0) {
        missing();
      } else if (texts.knows(place)) {
        add(texts.cell(place));
      } else {
        text(texts.chars(), texts.start(place), texts.length(place));
        texts.knows(place, cells.get(cells.size() - 1));
      }
    }
  }

  private void add(double cell) {
    if (Double.isNaN(cell)) {
      missing();
    } else {
      cells.add(cell);
    }
  }

  @Override
  public void missing() {
    if (required()) {
      throw error(Fault.NO_VALUE, "must have a value");
    }
    cells.add(Double.NaN);
  }

  @Override
  public void absent(int count) {
    if (required()) {
      throw error(Fault.NO_VALUE, "must have a value, is absent");
    }
    cells.addMissing(count);
  }

  /// A feature is required if it had a value in every row of the training data. A target is not: a
  /// row without a target is left out.
  @Override
  public boolean required() {
    return field.role() == Schema.Role.FEATURE && !field.nullable();
  }

  @Override
  public Column build() {
    return switch (field.type()) {
      case NUMERIC -> new NumericColumn(name(), cells.build());
      case BOOLEAN -> CategoricalColumn.bool(name(), cells.build());
      case CATEGORICAL -> {
        List<Label> labels = new ArrayList<>(field.categories());
        labels.addAll(others.labels());
        yield new CategoricalColumn(name(), field.type(), labels, cells.build());
      }
      case DATE -> new DateColumn(name(), Objects.requireNonNull(field.date()), cells.build());
    };
  }

  private void other(String text) {
    int code = others.add(text);
    if (code >= TableBuilder.MAX_CATEGORIES) {
      throw error(
          Fault.OUT_OF_RANGE,
          "must have at most %d distinct values that the model does not know, has more"
              .formatted(TableBuilder.MAX_CATEGORIES));
    }
    cells.add(field.categories().size() + code);
  }

  private InvalidDataException error(Fault fault, String detail) {
    return new InvalidDataException(fault, name(), size(), detail);
  }
}
