package dev.backprop.data;

import java.util.List;

/// A column whose type follows from its cells: numbers, truth values, or texts once it meets
/// anything that is neither, or both. What came before turns into canonical text then.
final class InferredColumn implements ColumnSink {

  private enum Kind {
    /// Nothing but missing cells so far.
    UNKNOWN,
    NUMBERS,
    BOOLEANS,
    TEXTS,
    /// Texts too many to keep.
    UNKEPT
  }

  private final String name;
  private final MissingTokens missingTokens;
  private final Meter meter;
  private Kind kind = Kind.UNKNOWN;
  private CellsBuilder cells;
  private Dictionary dictionary;
  private int unkept;
  private int unkeptMissing;

  InferredColumn(String name, MissingTokens missingTokens, Meter meter) {
    this.name = name;
    this.missingTokens = missingTokens;
    this.meter = meter;
    this.cells = new CellsBuilder(meter);
    this.dictionary = new Dictionary(meter);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int size() {
    return kind == Kind.UNKEPT ? unkept : cells.size();
  }

  @Override
  public void text(char[] chars, int offset, int length) {
    if (kind == Kind.TEXTS) {
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
    double number = Numbers.parse(chars, offset, length);
    if (!Double.isNaN(number) && !Double.isInfinite(number)) {
      number(number);
      return;
    }
    String text = new String(chars, offset, length);
    if (Double.isInfinite(number) && kind != Kind.TEXTS && kind != Kind.UNKEPT) {
      throw Numbers.notFinite(name, size(), text);
    }
    int truth = Numbers.truth(chars, offset, length);
    if (truth >= 0) {
      bool(truth == 1);
    } else {
      addText(text);
    }
  }

  @Override
  public void string(String value) {
    if (missingTokens.contains(value)) {
      missing();
    } else {
      addText(value);
    }
  }

  @Override
  public void number(double value) {
    if (missingTokens.contains(value)) {
      missing();
    } else if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw Numbers.notFinite(name, size(), Double.toString(value));
    } else if (kind == Kind.UNKNOWN || kind == Kind.NUMBERS) {
      kind = Kind.NUMBERS;
      cells.add(value);
    } else {
      addText(Label.canonical(value));
    }
  }

  @Override
  public void bool(boolean value) {
    if (kind == Kind.UNKNOWN || kind == Kind.BOOLEANS) {
      kind = Kind.BOOLEANS;
      cells.add(value ? 1 : 0);
    } else {
      addText(Boolean.toString(value));
    }
  }

  @Override
  public void missing() {
    absent(1);
  }

  @Override
  public void absent(int count) {
    if (kind == Kind.UNKEPT) {
      unkept += count;
      unkeptMissing += count;
    } else {
      cells.addMissing(count);
    }
  }

  @Override
  public boolean required() {
    return false;
  }

  @Override
  public Column build() {
    return switch (kind) {
      case UNKNOWN, NUMBERS -> new NumericColumn(name, cells.build());
      case BOOLEANS -> {
        List<Label> labels = List.of(Label.bool(false), Label.bool(true));
        yield new CategoricalColumn(
            name, ColumnType.BOOLEAN, labels, cells.build(), Dictionary.bytesOf(labels));
      }
      case TEXTS ->
          new CategoricalColumn(
              name,
              ColumnType.CATEGORICAL,
              dictionary.labels(Label.Kind.TEXT),
              cells.build(),
              dictionary.bytes());
      case UNKEPT -> new UnkeptColumn(name, unkept, unkeptMissing);
    };
  }

  private void addText(String text) {
    if (kind != Kind.TEXTS && kind != Kind.UNKEPT) {
      toTexts();
    }
    if (kind == Kind.TEXTS) {
      add(text);
    } else {
      unkept++;
    }
  }

  private void add(String text) {
    int code = dictionary.add(text);
    if (code < TableBuilder.MAX_CATEGORIES) {
      cells.add(code);
      return;
    }
    kind = Kind.UNKEPT;
    unkept = cells.size() + 1;
    unkeptMissing = cells.missing();
    cells.release();
    cells = new CellsBuilder(meter);
    dictionary.release();
    dictionary = new Dictionary(meter);
  }

  /// Numbers and truth values become texts.
  private void toTexts() {
    Kind before = kind;
    CellsBuilder old = cells;
    kind = Kind.TEXTS;
    cells = new CellsBuilder(meter);
    for (int row = 0; row < old.size(); row++) {
      double cell = old.get(row);
      if (Double.isNaN(cell)) {
        missing();
      } else {
        addText(before == Kind.BOOLEANS ? Boolean.toString(cell == 1) : Label.canonical(cell));
      }
    }
    old.release();
  }
}
