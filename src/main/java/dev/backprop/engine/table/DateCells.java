package dev.backprop.engine.table;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The cells of a column that has turned out to have dates. Beside dates it may have few texts.
final class DateCells {

  private final DateFormat format;
  private final DateFormat.Reader reader;
  private final Meter meter;
  private final CellsBuilder cells;

  /// The texts that are no dates.
  private final TextCells strange;

  private int values;
  private int dates;
  private @Nullable String respelled;

  private DateCells(DateFormat format, Meter meter) {
    this.format = format;
    this.reader = format.reader();
    this.meter = meter;
    this.cells = new CellsBuilder(meter);
    this.strange = new TextCells(meter);
  }

  /// The dates among texts; null if they are not dates, all but a few.
  ///
  /// @param rows that the texts are of, at least
  /// @param notes receives a sentence if day and month cannot be told apart
  static @Nullable DateCells of(
      String name, TextCells texts, int rows, Meter meter, List<String> notes) {
    long[] counts = new long[texts.dictionary().size()];
    int values = 0;
    for (int row = 0; row < texts.codes().size(); row++) {
      double code = texts.codes().get(row);
      if (!Double.isNaN(code)) {
        counts[(int) code]++;
        values++;
      }
    }
    DateWays ways = new DateWays();
    for (int code = 0; code < counts.length; code++) {
      ways.count(texts.dictionary().text(code), counts[code]);
    }
    DateFormat format = ways.format();
    if (format == null || !areMost(ways.cells(), values)) {
      return null;
    }
    String ambiguous = ways.ambiguous();
    if (ambiguous != null) {
      notes.add(
          "column '%s' has dates such as %s, of which nothing says whether the day or the month comes first, and is taken for categories; write them as 2026-01-31"
              .formatted(name, Numbers.quoted(ambiguous)));
      return null;
    }
    DateCells found = new DateCells(format, meter);
    return found.take(texts, rows) ? found : null;
  }

  /// No cells yet, of dates that come as such.
  static DateCells none(DateFormat format, Meter meter) {
    return new DateCells(format, meter);
  }

  DateFormat format() {
    return format;
  }

  /// Adds dates, NaN where one is missing.
  ///
  /// @return how many were not missing
  int addAll(double[] seconds, int n) {
    int before = cells.missing();
    cells.addAll(seconds, n);
    int added = n - (cells.missing() - before);
    dates += added;
    values += added;
    return added;
  }

  private static boolean areMost(long dates, long values) {
    return dates > 0 && 100 * dates >= 99 * values;
  }

  /// @return false if too many distinct texts are no dates
  private boolean take(TextCells texts, int rows) {
    double[] dateOf = new double[texts.dictionary().size()];
    for (int code = 0; code < dateOf.length; code++) {
      dateOf[code] = reader.read(texts.dictionary().text(code));
    }
    for (int row = 0; row < rows; row++) {
      double code = row < texts.codes().size() ? texts.codes().get(row) : Double.NaN;
      if (Double.isNaN(code)) {
        cells.addMissing(1);
      } else if (!add(dateOf[(int) code], texts.dictionary().text((int) code))) {
        release();
        return false;
      }
    }
    return true;
  }

  int size() {
    return cells.size();
  }

  /// Cells that are not missing.
  int values() {
    return values;
  }

  void absent(int count) {
    cells.addMissing(count);
  }

  /// @return false if too many distinct texts are no dates; the cell is not added then
  boolean add(String text) {
    return add(reader.read(text), text);
  }

  private boolean add(double date, String text) {
    if (!Double.isNaN(date)) {
      if (respelled == null && !format.text(date).equals(text)) {
        respelled = text;
      }
      dates++;
    } else {
      strange.add(size(), text);
      if (strange.dictionary().size() > NumericColumn.Strangers.MAX_TEXTS) {
        return false;
      }
    }
    values++;
    cells.add(date);
    return true;
  }

  /// Whether one of the tokens is a date of this column, or one of its texts.
  boolean has(MissingTokens tokens) {
    return tokens.tokens().stream().anyMatch(token -> !Double.isNaN(reader.read(token)))
        || strange.dictionary().texts().stream().anyMatch(tokens::contains);
  }

  /// The same cells with these tokens missing. The texts of the dates are gone, so a date is
  /// missing that is the date of a token.
  DateCells without(MissingTokens tokens) {
    Set<Double> missing = new HashSet<>();
    tokens.tokens().forEach(token -> missing.add(reader.read(token)));
    DateCells rest = new DateCells(format, meter);
    for (int row = 0; row < size(); row++) {
      double cell = cells.get(row);
      String text = Double.isNaN(cell) ? strange.text(row) : "";
      if (text == null || missing.contains(cell) || (!text.isEmpty() && tokens.contains(text))) {
        rest.absent(1);
      } else {
        rest.add(cell, text);
      }
    }
    rest.respelled = respelled;
    release();
    return rest;
  }

  void release() {
    cells.release();
    strange.release();
  }

  /// The column; null if its texts are too many.
  @Nullable DateColumn build(String name, List<String> notes) {
    if (!areMost(dates, values)) {
      return null;
    }
    List<String> texts = List.copyOf(strange.dictionary().texts());
    int[] rows = new int[values - dates];
    byte[] codes = new byte[rows.length];
    int n = 0;
    for (int row = 0; row < strange.codes().size(); row++) {
      double code = strange.codes().get(row);
      if (!Double.isNaN(code)) {
        rows[n] = row;
        codes[n++] = (byte) code;
      }
    }
    if (n > 0) {
      notes.add(
          "column '%s' has dates but for %d of %d cells, whose text %s counts as missing; to have it as a category, type it categorical"
              .formatted(
                  name,
                  n,
                  values,
                  texts.stream().map(Numbers::quoted).collect(Collectors.joining(" or "))));
    }
    strange.release();
    return new DateColumn(
        name,
        format,
        cells.build(),
        new NumericColumn.Found(new NumericColumn.Strangers(texts, rows, codes), respelled, notes));
  }
}
