package dev.backprop.engine.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A column whose type follows from its cells, in whatever order they come: numbers, truth values,
/// or categories.
///
/// The text of every cell survives until the type is known. While there are few texts that are no
/// numbers, the column keeps numbers. Beside them it keeps the texts of those cells whose text is
/// not the shortest of its number, or is none. When there are many, it keeps the texts of all
/// cells.
final class InferredColumn implements ColumnSink {

  /// Distinct texts that are no numbers beyond which a column keeps all texts. More than
  /// [Strangers#MAX_TEXTS], as some may turn out to stand for missing values.
  private static final int MAX_STRANGERS = 64;

  /// Texts that stay of a column that is not kept.
  private static final int MAX_SAMPLE = 20;

  private static final int MAX_SAMPLE_TEXT = 64;

  private enum Kind {
    NUMBERS,
    TEXTS,
    /// Texts too many to keep.
    UNKEPT
  }

  private final String name;
  private final TableBuilder.Reading reading;
  private final NumberText number;
  private final Meter meter;

  private MissingTokens tokens;
  private Kind kind;

  /// The numbers, NaN for a text and for a missing cell; of texts their codes.
  private CellsBuilder cells;

  /// Of numbers the codes of the texts that are kept beside them, as far as the last of these.
  private CellsBuilder beside;

  private Dictionary dictionary;

  /// Of numbers, by the code of its text whether it is no number.
  private boolean[] strange = new boolean[8];

  private int strangers;
  private boolean textsLost;

  private int values;
  private int numbers;
  private int jsonStrings;
  private int jsonNumbers;

  private boolean integersOnly = true;
  private @Nullable String leadingZero;
  private @Nullable String inexact;
  private @Nullable String respelled;

  private int unkept;
  private int unkeptMissing;
  private List<String> sample = List.of();

  InferredColumn(String name, TableBuilder.Reading reading, NumberFormat format, Meter meter) {
    this.name = name;
    this.reading = reading;
    this.tokens = reading.missing();
    this.number = new NumberText(format);
    this.meter = meter;
    this.cells = new CellsBuilder(meter);
    this.beside = new CellsBuilder(meter);
    this.dictionary = new Dictionary(meter);
    this.kind = reading.categorical().contains(name) ? Kind.TEXTS : Kind.NUMBERS;
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
    if (kind == Kind.NUMBERS && number.read(chars, offset, length)) {
      if (tokens.hasNumbers() && tokens.contains(chars, offset, length)) {
        missing();
      } else {
        addNumber(chars, offset, length);
      }
      return;
    }
    int code = kind == Kind.UNKEPT ? -1 : dictionary.find(chars, offset, length);
    if (code < 0 && tokens.contains(chars, offset, length)) {
      missing();
    } else if (code >= 0 && kind == Kind.TEXTS) {
      values++;
      cells.add(code);
    } else if (code >= 0 && strange[code]) {
      keepBeside(cells.size(), code);
      values++;
      cells.add(Double.NaN);
    } else {
      addText(new String(chars, offset, length));
    }
  }

  @Override
  public void string(String value) {
    int before = values;
    text(value.toCharArray(), 0, value.length());
    jsonStrings += values - before;
  }

  @Override
  public void number(double value) {
    if (!Double.isFinite(value)) {
      throw Numbers.notFinite(name, size(), Double.toString(value));
    }
    if (kind != Kind.NUMBERS || tokens.contains(value)) {
      json(Numbers.shortest(value));
      return;
    }
    integersOnly &= value == Math.rint(value);
    numbers++;
    values++;
    jsonNumbers++;
    cells.add(value);
  }

  @Override
  public void integer(String digits) {
    json(digits);
  }

  private void json(String text) {
    int before = values;
    NumberText plain = new NumberText();
    char[] chars = text.toCharArray();
    if (tokens.contains(text)) {
      missing();
    } else if (kind == Kind.NUMBERS && plain.read(chars, 0, chars.length)) {
      add(plain, chars, 0, chars.length);
    } else {
      addText(text);
    }
    jsonNumbers += values - before;
  }

  @Override
  public void bool(boolean value) {
    addText(Boolean.toString(value));
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

  private void addNumber(char[] chars, int offset, int length) {
    if (number.shortest() && number.exact()) {
      integersOnly &= number.integer();
      numbers++;
      values++;
      cells.add(number.value());
    } else {
      add(number, chars, offset, length);
    }
  }

  private void add(NumberText read, char[] chars, int offset, int length) {
    integersOnly &= read.integer();
    if (read.integer() && !read.exact() && inexact == null) {
      inexact = new String(chars, offset, length);
    }
    if (read.integer() && read.leadingZero() && leadingZero == null) {
      leadingZero = new String(chars, offset, length);
    }
    if (!Double.isFinite(read.value())) {
      addText(new String(chars, offset, length)); // a number beyond all doubles
      return;
    }
    if (!read.shortest()) {
      respelled = respelled == null ? new String(chars, offset, length) : respelled;
      if (!textsLost) {
        keepBeside(cells.size(), new String(chars, offset, length), false);
        if (dictionary.size() > TableBuilder.MAX_CATEGORIES && !isKept()) {
          loseTexts();
        }
      }
    }
    numbers++;
    values++;
    cells.add(read.value());
  }

  private void addText(String text) {
    if (kind == Kind.NUMBERS && strangers >= MAX_STRANGERS && !isStranger(text)) {
      toTexts();
    }
    switch (kind) {
      case NUMBERS -> {
        keepBeside(cells.size(), text, true);
        values++;
        cells.add(Double.NaN);
      }
      case TEXTS -> add(text);
      case UNKEPT -> unkept++;
    }
  }

  private boolean isStranger(String text) {
    int code = dictionary.find(text);
    return code >= 0 && strange[code];
  }

  /// Keeps the text of a cell behind all those whose texts are kept.
  private void keepBeside(int row, String text, boolean isStrange) {
    int known = dictionary.size();
    int code = dictionary.add(text);
    if (code == known) {
      if (code == strange.length) {
        strange = Arrays.copyOf(strange, 2 * strange.length);
      }
      strange[code] = isStrange;
      strangers += isStrange ? 1 : 0;
    }
    keepBeside(row, code);
  }

  private void keepBeside(int row, int code) {
    beside.addMissing(row - beside.size());
    beside.add(code);
  }

  private boolean isKept() {
    return reading.keep().contains(name);
  }

  /// Goes on with the texts of strangers only.
  private void loseTexts() {
    Dictionary oldTexts = dictionary;
    CellsBuilder oldCodes = beside;
    boolean[] oldStrange = strange;
    dictionary = new Dictionary(meter);
    beside = new CellsBuilder(meter);
    strange = new boolean[8];
    strangers = 0;
    textsLost = true;
    for (int row = 0; row < oldCodes.size(); row++) {
      double code = oldCodes.get(row);
      if (!Double.isNaN(code) && oldStrange[(int) code]) {
        keepBeside(row, oldTexts.text((int) code), true);
      }
    }
    oldTexts.release();
    oldCodes.release();
  }

  private void add(String text) {
    int code = dictionary.add(text);
    if (code < TableBuilder.MAX_CATEGORIES || isKept()) {
      values++;
      cells.add(code);
    } else {
      keepNothing(cells.size() + 1, cells.missing());
    }
  }

  private void keepNothing(int size, int missing) {
    kind = Kind.UNKEPT;
    unkept = size;
    unkeptMissing = missing;
    sample = dictionary.first(MAX_SAMPLE, MAX_SAMPLE_TEXT);
    cells.release();
    cells = new CellsBuilder(meter);
    beside.release();
    beside = new CellsBuilder(meter);
    dictionary.release();
    dictionary = new Dictionary(meter);
  }

  /// Every cell becomes its text.
  private void toTexts() {
    if (textsLost) {
      int size = cells.size();
      keepNothing(size, size - values);
      return;
    }
    CellsBuilder oldCells = cells;
    CellsBuilder oldCodes = beside;
    Dictionary oldTexts = dictionary;
    int size = oldCells.size();
    int missing = size - values;
    kind = Kind.TEXTS;
    cells = new CellsBuilder(meter);
    beside = new CellsBuilder(meter);
    dictionary = new Dictionary(meter);
    for (int row = 0; row < size; row++) {
      String text = text(oldCells, oldCodes, oldTexts, row);
      if (text == null) {
        cells.addMissing(1);
        continue;
      }
      int code = dictionary.add(text);
      if (code >= TableBuilder.MAX_CATEGORIES && !isKept()) {
        keepNothing(size, missing);
        break;
      }
      cells.add(code);
    }
    oldCells.release();
    oldCodes.release();
    oldTexts.release();
  }

  private static @Nullable String text(
      CellsBuilder numbers, CellsBuilder codes, Dictionary texts, int row) {
    double code = row < codes.size() ? codes.get(row) : Double.NaN;
    if (!Double.isNaN(code)) {
      return texts.text((int) code);
    }
    double number = numbers.get(row);
    return Double.isNaN(number) ? null : Numbers.shortest(number);
  }

  /// What is known only when all rows have been read, of a column of JSON.
  ///
  /// @param late the tokens, if it was read as if there were none
  /// @param categorical whether the texts of numbers are wanted
  void settle(MissingTokens late, boolean categorical) {
    tokens = late;
    if (kind != Kind.UNKEPT && hasTokens()) {
      readAgain();
    }
    if (kind == Kind.NUMBERS && categorical) {
      toTexts();
    }
  }

  private boolean hasTokens() {
    for (int code = 0; code < dictionary.size(); code++) {
      if (tokens.contains(dictionary.text(code))) {
        return true;
      }
    }
    for (int row = 0; row < cells.size() && kind == Kind.NUMBERS && tokens.hasNumbers(); row++) {
      if (tokens.contains(cells.get(row))) {
        return true;
      }
    }
    return false;
  }

  private void readAgain() {
    boolean strings = jsonStrings == values;
    InferredColumn again =
        new InferredColumn(
            name,
            new TableBuilder.Reading(tokens, reading.categorical(), reading.keep()),
            NumberFormat.PLAIN,
            meter);
    for (int row = 0; row < cells.size(); row++) {
      String text =
          kind == Kind.NUMBERS
              ? text(cells, beside, dictionary, row)
              : Double.isNaN(cells.get(row)) ? null : dictionary.text((int) cells.get(row));
      if (text == null) {
        again.missing();
      } else if (!strings && isNumber(text)) {
        again.json(text);
      } else {
        again.string(text);
      }
    }
    cells.release();
    beside.release();
    dictionary.release();
    kind = again.kind;
    cells = again.cells;
    beside = again.beside;
    dictionary = again.dictionary;
    strange = again.strange;
    strangers = again.strangers;
    textsLost = again.textsLost;
    values = again.values;
    numbers = again.numbers;
    jsonStrings = again.jsonStrings;
    jsonNumbers = again.jsonNumbers;
    unkept = again.unkept;
    unkeptMissing = again.unkeptMissing;
    sample = again.sample;
  }

  private static boolean isNumber(String text) {
    return Double.isFinite(Numbers.parse(text));
  }

  @Override
  public Column build() {
    List<String> notes = new ArrayList<>();
    if (kind == Kind.NUMBERS && !isNumeric(notes) && !isBoolean()) {
      toTexts();
    }
    return switch (kind) {
      case NUMBERS -> numbers == 0 && values > 0 ? booleans() : numeric(notes);
      case TEXTS ->
          new CategoricalColumn(
              name, ColumnType.CATEGORICAL, labels(), cells.build(), dictionary.bytes(), notes);
      case UNKEPT -> new UnkeptColumn(name, unkept, unkeptMissing, sample);
    };
  }

  /// @param notes get what is to be said about the decision
  private boolean isNumeric(List<String> notes) {
    if (values == 0) {
      return true;
    }
    if (jsonStrings == values) {
      if (2L * numbers > values) {
        notes.add(
            "column '%s' has JSON strings only and is taken for categories, though %d of %d are numbers; to compute with them, send JSON numbers or type it numeric"
                .formatted(name, numbers, values));
      }
      return false;
    }
    if (inexact != null && 100L * numbers >= 98L * values) {
      notes.add(
          "column '%s' has integers that a number does not hold exactly, such as %s, and is taken for categories; to compute with them, type it numeric"
              .formatted(name, Numbers.quoted(inexact)));
      return false;
    }
    boolean numbersOnly = numbers == values;
    if (numbersOnly && integersOnly && leadingZero != null) {
      notes.add(
          "column '%s' has integers with leading zeros, such as %s, and is taken for categories; to compute with them, type it numeric"
              .formatted(name, Numbers.quoted(leadingZero)));
      return false;
    }
    return numbersOnly
        || (inexact == null
            && (leadingZero == null || !integersOnly)
            && Strangers.areFew(numbers, values, strangers));
  }

  private boolean isBoolean() {
    if (numbers > 0 || jsonStrings == values) {
      return false;
    }
    for (int code = 0; code < dictionary.size(); code++) {
      if (Numbers.truth(dictionary.text(code)) < 0) {
        return false;
      }
    }
    return true;
  }

  private Column booleans() {
    CellsBuilder truths = new CellsBuilder(meter);
    for (int row = 0; row < cells.size(); row++) {
      double code = row < beside.size() ? beside.get(row) : Double.NaN;
      truths.add(Double.isNaN(code) ? code : Numbers.truth(dictionary.text((int) code)));
    }
    cells.release();
    beside.release();
    List<Label> labels = List.of(Label.bool(false), Label.bool(true));
    return new CategoricalColumn(
        name, ColumnType.BOOLEAN, labels, truths.build(), Dictionary.bytesOf(labels));
  }

  private Column numeric(List<String> notes) {
    Strangers found = found();
    if (!found.texts().isEmpty()) {
      notes.add(
          "column '%s' is numeric but for %d of %d cells, whose text %s counts as missing; to have it as a category, type it categorical"
              .formatted(
                  name,
                  found.rows().length,
                  values,
                  found.texts().stream().map(Numbers::quoted).collect(Collectors.joining(" or "))));
    }
    beside.release();
    dictionary.release();
    return new NumericColumn(
        name, withoutTokens(cells).build(), new NumericColumn.Found(found, respelled, notes));
  }

  /// Numbers that are among the tokens, however they are written, are missing.
  private CellsBuilder withoutTokens(CellsBuilder all) {
    boolean any = false;
    for (int row = 0; row < all.size() && !any && tokens.hasNumbers(); row++) {
      any = tokens.contains(all.get(row));
    }
    if (!any) {
      return all;
    }
    CellsBuilder some = new CellsBuilder(meter);
    for (int row = 0; row < all.size(); row++) {
      double cell = all.get(row);
      some.add(tokens.contains(cell) ? Double.NaN : cell);
    }
    all.release();
    return some;
  }

  private Strangers found() {
    if (strangers == 0) {
      return Strangers.NONE;
    }
    List<String> texts = new ArrayList<>();
    byte[] indices = new byte[dictionary.size()];
    for (int code = 0; code < indices.length; code++) {
      if (strange[code]) {
        indices[code] = (byte) texts.size();
        texts.add(dictionary.text(code));
      }
    }
    int[] rows = new int[values - numbers];
    byte[] codes = new byte[rows.length];
    int n = 0;
    for (int row = 0; row < beside.size(); row++) {
      double code = beside.get(row);
      if (!Double.isNaN(code) && strange[(int) code]) {
        rows[n] = row;
        codes[n++] = indices[(int) code];
      }
    }
    return new Strangers(texts, rows, codes);
  }

  /// Numbers, if every cell came as one; one that its double does not equal stays a text.
  private List<Label> labels() {
    if (jsonNumbers < values) {
      return dictionary.labels(Label.Kind.TEXT);
    }
    List<Label> labels = new ArrayList<>(dictionary.size());
    NumberText read = new NumberText();
    for (int code = 0; code < dictionary.size(); code++) {
      String text = dictionary.text(code);
      boolean is = read.read(text.toCharArray(), 0, text.length()) && read.exact();
      labels.add(new Label(text, is ? Label.Kind.NUMBER : Label.Kind.TEXT));
    }
    return labels;
  }
}
