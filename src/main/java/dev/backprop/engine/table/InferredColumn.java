package dev.backprop.engine.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A column whose type follows from its cells, in whatever order they come: numbers, truth values,
/// dates, or categories.
///
/// The text of every cell survives until the type is known. While few texts are no numbers, the
/// column keeps numbers. Beside them it keeps each text that is no number or is not the shortest
/// one of its number. When many are no numbers, it keeps the texts of all cells. When these become
/// too many, and are dates, it keeps dates.
final class InferredColumn implements ColumnSink {

  /// If more distinct texts are no numbers, a column keeps all texts. It is more than
  /// [NumericColumn.Strangers#MAX_TEXTS], because some texts may turn out to stand for missing
  /// values.
  private static final int MAX_STRANGERS = 64;

  /// How many texts of a column are kept as a sample if its cells are not kept.
  private static final int MAX_SAMPLE = 20;

  private static final int MAX_SAMPLE_TEXT = 64;

  private enum Kind {
    NUMBERS,
    TEXTS,
    DATES,
    /// There are too many texts to keep.
    UNKEPT
  }

  private final String name;
  private final TableBuilder.Reading reading;
  private final NumberText number;
  private final Meter meter;

  private MissingTokens tokens;
  private Kind kind;

  /// Of a column that keeps numbers: NaN for a text and for a missing cell.
  private CellsBuilder cells;

  /// The texts of all cells, or those that are kept beside numbers.
  private TextCells texts;

  /// Distinct texts beside numbers that are no numbers.
  private int strangers;

  private boolean textsLost;

  /// Whether the texts of the column are wanted, whatever they are.
  private boolean textsAsked;

  /// Of a column that keeps dates.
  private @Nullable DateCells dates;

  private final Evidence seen = new Evidence();
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
    this.texts = new TextCells(meter);
    this.textsAsked = reading.categorical().contains(name);
    this.kind = textsAsked ? Kind.TEXTS : Kind.NUMBERS;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int size() {
    return switch (kind) {
      case NUMBERS -> cells.size();
      case TEXTS -> texts.codes().size();
      case DATES -> dates().size();
      case UNKEPT -> unkept;
    };
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
    int code = texts.dictionary().find(chars, offset, length);
    if (code >= 0) {
      addKnown(code);
    } else if (tokens.contains(chars, offset, length)) {
      missing();
    } else {
      addText(new String(chars, offset, length));
    }
  }

  @Override
  public void string(String value) {
    int before = seen.values;
    text(value.toCharArray(), 0, value.length());
    seen.jsonStrings += seen.values - before;
  }

  @Override
  public void number(double value) {
    if (!Double.isFinite(value)) {
      throw Numbers.notFinite(name, size(), Double.toString(value));
    }
    if (kind != Kind.NUMBERS || tokens.contains(value)) {
      integer(Numbers.shortest(value));
      return;
    }
    seen.number(value);
    seen.jsonNumbers++;
    cells.add(value);
  }

  @Override
  public void integer(String digits) {
    int before = seen.values;
    text(digits.toCharArray(), 0, digits.length());
    seen.jsonNumbers += seen.values - before;
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
  public void numbers(double[] values, int n) {
    if (kind == Kind.NUMBERS && !tokens.hasNumbers()) {
      seen.numbers(values, n);
      cells.addAll(values, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      if (Double.isNaN(values[i])) {
        missing();
      } else {
        char[] text = Numbers.shortest(values[i]).toCharArray();
        text(text, 0, text.length);
      }
    }
  }

  @Override
  public void dates(double[] seconds, int n, DateFormat format) {
    if (kind == Kind.NUMBERS && seen.values == 0 && hasValue(seconds, n) && !areTokens(format)) {
      dates = DateCells.none(format, meter);
      dates.absent(size());
      kind = Kind.DATES;
      cells.release();
      cells = new CellsBuilder(meter);
    }
    if (kind == Kind.DATES && dates().format().equals(format) && !areTokens(format)) {
      seen.values += dates().addAll(seconds, n);
    } else {
      ColumnSink.super.dates(seconds, n, format);
    }
  }

  private static boolean hasValue(double[] values, int n) {
    for (int i = 0; i < n; i++) {
      if (!Double.isNaN(values[i])) {
        return true;
      }
    }
    return false;
  }

  /// Whether a date stands for a missing value.
  private boolean areTokens(DateFormat format) {
    DateFormat.Reader reader = format.reader();
    return tokens.tokens().stream().anyMatch(token -> !Double.isNaN(reader.read(token)));
  }

  @Override
  public void texts(TextBlock block, int[] places, int n) {
    double[] codes = new double[n];
    int from = 0;
    while (from < n) {
      int to = from;
      for (; to < n && kind == Kind.TEXTS; to++) {
        int place = places[to];
        int code = place < 0 ? 0 : block.code(place, texts.dictionary());
        if (code < 0) {
          break;
        }
        codes[to - from] = place < 0 ? Double.NaN : code;
        seen.values += place < 0 ? 0 : 1;
      }
      texts.codes().addAll(codes, to - from);
      if (to < n) {
        text(block, places[to]);
        to++;
      }
      from = to;
    }
  }

  /// A cell whose text is not among those of the column yet, or that is kept otherwise.
  private void text(TextBlock block, int place) {
    TextBlock.Meaning meaning = place < 0 ? TextBlock.Meaning.MISSING : block.meaning(place);
    boolean hasValue = meaning != TextBlock.Meaning.MISSING;
    if (kind == Kind.UNKEPT && hasValue && meaning != TextBlock.Meaning.UNKNOWN) {
      unkept++;
      return;
    }
    switch (meaning) {
      case MISSING -> missing();
      case NUMBER, RESPELLED -> {
        if (kind != Kind.NUMBERS) {
          again(block, place);
          return;
        }
        if (meaning == TextBlock.Meaning.RESPELLED && !textsLost) {
          texts.add(size(), block.code(place, texts.dictionary()));
        }
        seen.number(block.cell(place));
        cells.add(block.cell(place));
      }
      case TEXT -> again(block, place);
      case UNKNOWN -> {
        again(block, place);
        note(block, place);
      }
    }
  }

  private void again(TextBlock block, int place) {
    int code = kind == Kind.NUMBERS ? block.code(place, texts.dictionary()) : -1;
    if (code >= 0 && block.meaning(place) == TextBlock.Meaning.TEXT) {
      addKnown(code);
    } else {
      text(block.chars(), block.start(place), block.length(place));
    }
  }

  /// Notes what a text means.
  private void note(TextBlock block, int place) {
    char[] chars = block.chars();
    int from = block.start(place);
    int length = block.length(place);
    if (tokens.contains(chars, from, length)) {
      block.means(place, TextBlock.Meaning.MISSING, Double.NaN);
    } else if (number.read(chars, from, length) && Double.isFinite(number.value())) {
      block.means(
          place,
          number.shortest() ? TextBlock.Meaning.NUMBER : TextBlock.Meaning.RESPELLED,
          number.value());
    } else {
      block.means(place, TextBlock.Meaning.TEXT, Double.NaN);
    }
  }

  @Override
  public void absent(int count) {
    switch (kind) {
      case NUMBERS -> cells.addMissing(count);
      case TEXTS -> texts.codes().addMissing(count);
      case DATES -> dates().absent(count);
      case UNKEPT -> {
        unkept += count;
        unkeptMissing += count;
      }
    }
  }

  @Override
  public boolean required() {
    return false;
  }

  /// Adds the number that has been read.
  private void addNumber(char[] chars, int offset, int length) {
    double value = number.value();
    seen.spelled(number, chars, offset, length);
    if (!Double.isFinite(value)) {
      addText(new String(chars, offset, length)); // a number beyond all doubles
      return;
    }
    if (!number.shortest() && !textsLost) {
      texts.add(size(), new String(chars, offset, length));
      if (isBeyondBounds(texts)) {
        loseTexts();
      }
    }
    seen.number(value);
    cells.add(value);
  }

  private void addText(String text) {
    int code = texts.dictionary().find(text);
    if (code < 0 && kind == Kind.NUMBERS && strangers++ >= MAX_STRANGERS) {
      toTexts();
    }
    if (kind == Kind.DATES) {
      if (dates().add(text)) {
        seen.values++;
        return;
      }
      keepNothing();
    }
    if (kind == Kind.UNKEPT) {
      unkept++;
      return;
    }
    addKnown(code < 0 ? texts.dictionary().add(text) : code);
    if (kind == Kind.TEXTS && isBeyondBounds(texts)) {
      keepDates();
    }
  }

  private void addKnown(int code) {
    texts.add(size(), code);
    if (kind == Kind.NUMBERS) {
      cells.add(Double.NaN);
    }
    seen.values++;
  }

  private boolean isBeyondBounds(TextCells some) {
    return some.dictionary().size() > TableBuilder.MAX_CATEGORIES && !reading.keep().contains(name);
  }

  /// Goes on with those texts beside numbers that are no numbers.
  private void loseTexts() {
    TextCells all = texts;
    texts = new TextCells(meter);
    textsLost = true;
    for (int row = 0; row < all.codes().size(); row++) {
      String text = all.text(row);
      if (text != null && !isNumber(text)) {
        texts.add(row, text);
      }
    }
    all.release();
  }

  private boolean isNumber(String text) {
    return number.read(text.toCharArray(), 0, text.length()) && Double.isFinite(number.value());
  }

  /// Goes on with dates if the texts are dates, else with nothing.
  private void keepDates() {
    DateCells found =
        textsAsked ? null : DateCells.of(name, texts, size(), meter, new ArrayList<>());
    if (found == null) {
      keepNothing();
      return;
    }
    dates = found;
    kind = Kind.DATES;
    forgetCells();
  }

  private DateCells dates() {
    return Objects.requireNonNull(dates);
  }

  private void keepNothing() {
    unkept = size();
    unkeptMissing = unkept - seen.values;
    kind = Kind.UNKEPT;
    sample =
        texts.dictionary().texts().stream()
            .filter(text -> text.length() <= MAX_SAMPLE_TEXT)
            .limit(MAX_SAMPLE)
            .toList();
    forgetCells();
  }

  private void forgetCells() {
    if (dates != null && kind != Kind.DATES) {
      dates.release();
      dates = null;
    }
    cells.release();
    cells = new CellsBuilder(meter);
    texts.release();
    texts = new TextCells(meter);
  }

  /// Every cell becomes its text.
  private void toTexts() {
    if (textsLost) {
      keepNothing();
      return;
    }
    TextCells all = new TextCells(meter);
    for (int row = 0; row < cells.size() && !isBeyondBounds(all); row++) {
      String text = text(row);
      if (text != null) {
        all.add(row, text);
      }
    }
    texts.release();
    texts = all;
    if (isBeyondBounds(all)) {
      keepNothing();
      return;
    }
    all.codes().addMissing(cells.size() - all.codes().size());
    kind = Kind.TEXTS;
    cells.release();
    cells = new CellsBuilder(meter);
  }

  /// The text of a cell, null if it is missing.
  private @Nullable String text(int row) {
    String text = texts.text(row);
    double cell = kind == Kind.NUMBERS ? cells.get(row) : Double.NaN;
    return text != null || Double.isNaN(cell) ? text : Numbers.shortest(cell);
  }

  /// Applies to a column of JSON what is known only after all rows have been read.
  ///
  /// @param late the tokens, if it was read as if there were none
  /// @param categorical whether the texts of numbers are wanted
  /// @return the column to go on with
  InferredColumn settled(MissingTokens late, boolean categorical) {
    tokens = late;
    InferredColumn settled = hasTokens() ? readAgain() : this;
    settled.textsAsked |= categorical;
    if (settled.kind == Kind.NUMBERS && categorical) {
      settled.toTexts();
    } else if (settled.kind == Kind.DATES) {
      settled.settleDates();
    }
    return settled;
  }

  private void settleDates() {
    if (textsAsked) {
      keepNothing();
    } else if (dates().has(tokens)) {
      dates = dates().without(tokens);
      seen.values = dates.values();
    }
  }

  private boolean hasTokens() {
    return texts.dictionary().texts().stream().anyMatch(tokens::contains)
        || (kind == Kind.NUMBERS && hasTokenNumbers());
  }

  private boolean hasTokenNumbers() {
    for (int row = 0; row < cells.size() && tokens.hasNumbers(); row++) {
      if (tokens.contains(cells.get(row))) {
        return true;
      }
    }
    return false;
  }

  private InferredColumn readAgain() {
    boolean strings = seen.isJsonStringsOnly();
    InferredColumn again =
        new InferredColumn(
            name,
            new TableBuilder.Reading(tokens, reading.categorical(), reading.keep()),
            NumberFormat.PLAIN,
            meter);
    for (int row = 0; row < size(); row++) {
      String text = text(row);
      if (text == null) {
        again.missing();
      } else if (!strings && isNumber(text)) {
        again.integer(text);
      } else {
        again.string(text);
      }
    }
    cells.release();
    texts.release();
    return again;
  }

  @Override
  public Column build() {
    List<String> notes = new ArrayList<>();
    if (kind == Kind.NUMBERS && !seen.isNumeric(name, strangers, notes) && !isBoolean()) {
      toTexts();
    }
    return switch (kind) {
      case NUMBERS -> seen.numbers == 0 && seen.values > 0 ? booleans() : numeric(notes);
      case TEXTS -> datesOrCategories(notes);
      case DATES -> datesOrNothing(notes);
      case UNKEPT -> new UnkeptColumn(name, unkept, unkeptMissing, sample);
    };
  }

  private Column datesOrCategories(List<String> notes) {
    DateCells found = textsAsked ? null : DateCells.of(name, texts, size(), meter, notes);
    Column column = found == null ? null : found.build(name, notes);
    if (column != null) {
      texts.release();
      return column;
    }
    if (found != null) {
      found.release();
    }
    return new CategoricalColumn(
        name, ColumnType.CATEGORICAL, labels(), texts.codes().build(), notes);
  }

  private Column datesOrNothing(List<String> notes) {
    Column column = dates().build(name, notes);
    if (column == null) {
      keepNothing();
      return new UnkeptColumn(name, unkept, unkeptMissing, sample);
    }
    return column;
  }

  private boolean isBoolean() {
    if (seen.numbers > 0 || seen.isJsonStringsOnly()) {
      return false;
    }
    return texts.dictionary().texts().stream().allMatch(text -> Numbers.truth(text) >= 0);
  }

  private Column booleans() {
    CellsBuilder truths = new CellsBuilder(meter);
    for (int row = 0; row < cells.size(); row++) {
      String text = texts.text(row);
      truths.add(text == null ? Double.NaN : Numbers.truth(text));
    }
    cells.release();
    texts.release();
    return CategoricalColumn.bool(name, truths.build());
  }

  private Column numeric(List<String> notes) {
    NumericColumn.Strangers found = found();
    if (!found.texts().isEmpty()) {
      notes.add(
          "column '%s' is numeric but for %d of %d cells, whose text %s counts as missing; to have it as a category, type it categorical"
              .formatted(
                  name,
                  found.rows().length,
                  seen.values,
                  found.texts().stream().map(Numbers::quoted).collect(Collectors.joining(" or "))));
    }
    texts.release();
    return new NumericColumn(
        name,
        withoutTokens(cells).build(),
        new NumericColumn.Found(found, seen.respelled(), notes));
  }

  /// Numbers that are among the tokens, however they are written, are missing.
  private CellsBuilder withoutTokens(CellsBuilder all) {
    if (!hasTokenNumbers()) {
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

  private NumericColumn.Strangers found() {
    if (strangers == 0) {
      return NumericColumn.Strangers.NONE;
    }
    List<String> strange =
        texts.dictionary().texts().stream().filter(text -> !isNumber(text)).toList();
    int[] rows = new int[seen.values - seen.numbers];
    byte[] codes = new byte[rows.length];
    int n = 0;
    for (int row = 0; row < texts.codes().size(); row++) {
      int code = strange.indexOf(texts.text(row));
      if (code >= 0) {
        rows[n] = row;
        codes[n++] = (byte) code;
      }
    }
    return new NumericColumn.Strangers(strange, rows, codes);
  }

  /// Labels that are numbers if every cell came as a number. An integer that no double equals stays
  /// a text.
  private List<Label> labels() {
    NumberText read = new NumberText();
    return texts.dictionary().texts().stream()
        .map(
            text ->
                new Label(
                    text,
                    seen.jsonNumbers == seen.values
                            && read.read(text.toCharArray(), 0, text.length())
                            && read.exact()
                        ? Label.Kind.NUMBER
                        : Label.Kind.TEXT))
        .toList();
  }
}
