package dev.backprop.data;

import dev.backprop.data.InvalidDataException.Fault;
import java.util.List;
import java.util.stream.IntStream;

/// A column whose type is known: a cell of another type is an error. The categories that are known
/// have the first codes; others follow.
final class DeclaredColumn implements ColumnSink {

  private final Schema.Field field;
  private final MissingTokens missingTokens;
  private final CellsBuilder cells;
  private final Dictionary dictionary;

  DeclaredColumn(Schema.Field field, MissingTokens missingTokens, Meter meter) {
    this.field = field;
    this.missingTokens = missingTokens;
    this.cells = new CellsBuilder(meter);
    this.dictionary = new Dictionary(meter);
    if (field.type() == ColumnType.BOOLEAN) {
      dictionary.add("false");
      dictionary.add("true");
    } else {
      field.categories().forEach(label -> dictionary.add(label.text()));
    }
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
    if (field.type() != ColumnType.NUMERIC) {
      int code = dictionary.find(chars, offset, length);
      if (code >= 0) {
        cells.add(code);
        return;
      }
    }
    if (missingTokens.contains(chars, offset, length)) {
      missing();
      return;
    }
    switch (field.type()) {
      case NUMERIC -> {
        double value = Numbers.parse(chars, offset, length);
        if (Double.isNaN(value) || Double.isInfinite(value)) {
          value = Numbers.finite(name(), size(), new String(chars, offset, length));
        }
        number(value);
      }
      case CATEGORICAL -> category(Numbers.canonical(new String(chars, offset, length)));
      case BOOLEAN -> {
        int truth = Numbers.truth(chars, offset, length);
        double value = truth >= 0 ? truth : Numbers.parse(chars, offset, length);
        if (value != 0 && value != 1) {
          throw noTruth(Numbers.quoted(new String(chars, offset, length)));
        }
        cells.add(value);
      }
    }
  }

  @Override
  public void string(String value) {
    if (missingTokens.contains(value)) {
      missing();
      return;
    }
    switch (field.type()) {
      case NUMERIC ->
          throw error(Fault.WRONG_TYPE, "must be a number, was the text " + Numbers.quoted(value));
      case CATEGORICAL -> category(value);
      case BOOLEAN -> throw noTruth("the text " + Numbers.quoted(value));
    }
  }

  @Override
  public void number(double value) {
    if (missingTokens.contains(value)) {
      missing();
      return;
    }
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw Numbers.notFinite(name(), size(), Double.toString(value));
    }
    switch (field.type()) {
      case NUMERIC -> cells.add(value);
      case CATEGORICAL -> category(Label.canonical(value));
      case BOOLEAN -> {
        if (value != 0 && value != 1) {
          throw noTruth(Label.canonical(value));
        }
        cells.add(value);
      }
    }
  }

  @Override
  public void bool(boolean value) {
    switch (field.type()) {
      case NUMERIC -> throw error(Fault.WRONG_TYPE, "must be a number, was " + value);
      case CATEGORICAL -> category(Boolean.toString(value));
      case BOOLEAN -> cells.add(value ? 1 : 0);
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

  /// Features that had a value in every row of the training data; a missing target leaves its row
  /// out.
  @Override
  public boolean required() {
    return field.role() == Schema.Role.FEATURE && !field.nullable();
  }

  @Override
  public Column build() {
    if (field.type() == ColumnType.NUMERIC) {
      return new NumericColumn(name(), cells.build());
    }
    int known = field.categories().size();
    List<Label> labels =
        field.type() == ColumnType.BOOLEAN
            ? List.of(Label.bool(false), Label.bool(true))
            : IntStream.range(0, dictionary.size())
                .mapToObj(
                    code ->
                        code < known
                            ? field.categories().get(code)
                            : Label.text(dictionary.text(code)))
                .toList();
    return new CategoricalColumn(name(), field.type(), labels, cells.build(), dictionary.bytes());
  }

  private void category(String text) {
    int code = dictionary.add(text);
    if (code >= TableBuilder.MAX_CATEGORIES) {
      throw error(
          Fault.OUT_OF_RANGE,
          "must have at most %d distinct values, has more".formatted(TableBuilder.MAX_CATEGORIES));
    }
    cells.add(code);
  }

  private InvalidDataException noTruth(String was) {
    return error(Fault.WRONG_TYPE, "must be true or false, was " + was);
  }

  private InvalidDataException error(Fault fault, String detail) {
    return new InvalidDataException(fault, name(), size(), detail);
  }
}
