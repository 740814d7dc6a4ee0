package dev.backprop.engine.table;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Grows a [Table] row by row: find the [#column(String)], give it its cell of the current row,
/// then [#endRow()]. Columns that a row does not name are missing in it.
///
/// An inferring builder takes any column, and infers its type after all rows have been read, see
/// [InferredColumn].
///
/// A declaring builder takes the columns of a [Schema] with their types. It refuses unknown columns
/// unless they are passed on or [#ignoringUnknown()], and ignores those that it does not need.
public final class TableBuilder {

  /// The cells of a text column with more distinct values are not kept.
  public static final int MAX_CATEGORIES = 100_000;

  /// The most columns that a table may have.
  public static final int MAX_COLUMNS = 50_000;

  private final Meter meter;
  private final @Nullable Reading reading;
  private final List<ColumnSink> sinks = new ArrayList<>();
  private final Map<String, Integer> byName = new HashMap<>();
  private NumberFormat numbers = NumberFormat.PLAIN;
  private final Map<String, PassedColumn> passed = new HashMap<>();
  private boolean ignoring;
  private int rows;

  private TableBuilder(ByteBudget budget, @Nullable Reading reading) {
    this.meter = new Meter(budget);
    this.reading = reading;
  }

  /// How columns are read if their types are inferred.
  ///
  /// @param categorical columns whose texts are kept as they are
  /// @param keep columns that are kept though they have more distinct texts than [#MAX_CATEGORIES]
  public record Reading(MissingTokens missing, Set<String> categorical, Set<String> keep) {
    public Reading {
      categorical = Set.copyOf(categorical);
      keep = Set.copyOf(keep);
    }

    /// Infers the type of every column.
    public static Reading of(MissingTokens missing) {
      return new Reading(missing, Set.of(), Set.of());
    }
  }

  /// A builder that infers columns and their types from the cells.
  public static TableBuilder inferring(MissingTokens missing, ByteBudget budget) {
    return inferring(Reading.of(missing), budget);
  }

  /// A builder that infers columns and their types from the cells.
  public static TableBuilder inferring(Reading reading, ByteBudget budget) {
    return new TableBuilder(budget, reading);
  }

  /// A builder for rows of known columns.
  ///
  /// @param withTarget whether targets and weights are kept; else they are ignored
  /// @param more tokens beside those of the schema
  public static TableBuilder declared(
      Schema schema, boolean withTarget, MissingTokens more, ByteBudget budget) {
    TableBuilder builder = new TableBuilder(budget, null);
    for (Schema.Field field : schema.fields()) {
      boolean kept =
          switch (field.role()) {
            case FEATURE -> true;
            case TARGET, WEIGHT -> withTarget;
            case IGNORED, DROPPED -> false;
          };
      builder.add(
          kept
              ? new DeclaredColumn(
                  field, CellReader.of(field, schema.missing(), more), builder.meter)
              : new SkippedColumn(field.name(), false));
    }
    return builder;
  }

  /// Keeps the texts of some columns, which the schema need not have; to be called before any row.
  ///
  /// @param names columns that no row need have
  public TableBuilder passing(Collection<String> names) {
    for (String name : names) {
      Integer known = byName.get(name);
      ColumnSink cells = known == null ? new SkippedColumn(name, true) : sinks.get(known);
      PassedColumn column = new PassedColumn(cells, meter);
      if (known == null) {
        add(column);
      } else {
        sinks.set(known, column);
      }
      passed.put(name, column);
    }
    return this;
  }

  /// A declaring builder ignores columns that the schema does not have.
  public TableBuilder ignoringUnknown() {
    ignoring = true;
    return this;
  }

  /// Whether the values of a column may be anything, because it is ignored.
  public boolean takesAnything(int column) {
    return ignoring && sinks.get(column) instanceof SkippedColumn skipped && skipped.isUnknown();
  }

  /// Whether any row names a column whose texts are kept.
  public boolean isGiven(String passing) {
    PassedColumn column = passed.get(passing);
    return column != null && column.isGiven();
  }

  /// The texts of a column that are kept, by the row; null where a row has none.
  public IntFunction<@Nullable String> texts(String passing) {
    return Objects.requireNonNull(passed.get(passing))::text;
  }

  /// How the numbers in the cells of [#text] are written; to be called before [#column(String)].
  public void numbersWritten(NumberFormat format) {
    numbers = format;
    for (ColumnSink sink : sinks) {
      ColumnSink cells = sink instanceof PassedColumn both ? both.cells() : sink;
      if (cells instanceof DeclaredColumn column) {
        column.numbersWritten(format);
      }
    }
  }

  /// The index of the column of that name, which an inferring builder adds if it is new.
  ///
  /// @throws InvalidDataException if a declaring builder has none of that name
  public int column(String name) {
    Integer known = byName.get(name);
    if (known != null) {
      return known;
    }
    String stripped = name.strip();
    if (stripped.length() < name.length()) {
      return column(stripped);
    }
    if (reading == null && !ignoring) {
      throw new InvalidDataException(
          InvalidDataException.Fault.UNKNOWN_COLUMN,
          name,
          rows,
          "is no column of the training data");
    }
    if (sinks.size() == MAX_COLUMNS) {
      throw new InvalidDataException(
          InvalidDataException.Fault.OUT_OF_RANGE,
          name,
          rows,
          "there must be at most " + MAX_COLUMNS + " columns, were more");
    }
    meter.add(200 + 2L * name.length());
    if (reading == null) {
      return add(new SkippedColumn(name, true));
    }
    return add(new InferredColumn(name, reading, numbers, meter));
  }

  /// Columns so far.
  public int columns() {
    return sinks.size();
  }

  public String name(int column) {
    return sinks.get(column).name();
  }

  /// A cell of the current row as CSV has it. Outer blanks do not count, here as in [#string].
  ///
  /// @throws InvalidDataException if the cell does not fit its column; the methods for other cells
  ///   throw it too
  public void text(int column, char[] chars, int offset, int length) {
    stripped(sink(column), chars, offset, length);
  }

  private static void stripped(ColumnSink sink, char[] chars, int offset, int length) {
    int from = offset;
    int to = offset + length;
    while (from < to && isBlank(chars[from])) {
      from++;
    }
    while (from < to && isBlank(chars[to - 1])) {
      to--;
    }
    sink.text(chars, from, to - from);
  }

  /// As [String#strip()].
  static boolean isBlank(char c) {
    return c <= ' ' ? Character.isWhitespace(c) : c >= 0x80 && Character.isWhitespace(c);
  }

  /// A cell of the current row as CSV has it.
  public void text(int column, String text) {
    text(column, text.toCharArray(), 0, text.length());
  }

  /// A JSON string.
  public void string(int column, String value) {
    sink(column).string(value.strip());
  }

  public void number(int column, double value) {
    sink(column).number(value);
  }

  /// A JSON integer, digit by digit.
  public void integer(int column, String digits) {
    sink(column).integer(digits);
  }

  public void bool(int column, boolean value) {
    sink(column).bool(value);
  }

  public void missing(int column) {
    sink(column).missing();
  }

  /// Many cells of a column, from the current row on: numbers, NaN where one is missing. Every row
  /// that a column gets a cell of has to be ended by [#endRows].
  public void numbers(int column, double[] values, int n) {
    cells(column).numbers(values, n);
  }

  /// As [#numbers], of dates that are seconds on the clock of a column.
  ///
  /// @param format how their texts are written
  public void dates(int column, double[] seconds, int n, DateFormat format) {
    cells(column).dates(seconds, n, format);
  }

  /// As [#numbers], of texts as CSV has them.
  ///
  /// @param places of the texts, -1 where one is missing
  public void texts(int column, TextBlock texts, int[] places, int n) {
    cells(column).texts(texts, places, n);
  }

  /// As [#numbers], of cells that are missing.
  public void missing(int column, int n) {
    ColumnSink sink = cells(column);
    for (int i = 0; i < n; i++) {
      sink.missing();
    }
  }

  /// As [#numbers], of one text as CSV has it, without outer blanks.
  public void next(int column, char[] chars, int offset, int length) {
    stripped(cells(column), chars, offset, length);
  }

  private ColumnSink cells(int column) {
    ColumnSink sink = sinks.get(column);
    return sink.size() < rows ? sink(column) : sink;
  }

  /// Whether the cells of a column come to nothing, so that they need not be given.
  public boolean skips(int column) {
    return sinks.get(column) instanceof SkippedColumn;
  }

  /// Adds to the memory that is held, such as that of a reader beside its table.
  ///
  /// @param delta less than 0 when it is given up
  public void holds(long delta) {
    meter.add(delta);
  }

  /// Ends as many rows as the columns have got cells for.
  public void endRows(int n) {
    rows += n;
    fillUp();
  }

  public void endRow() {
    rows++;
    fillUp();
  }

  private void fillUp() {
    if (reading == null) {
      for (int i = 0; i < sinks.size(); i++) {
        ColumnSink sink = sinks.get(i);
        if (sink.required() && sink.size() < rows) {
          sink.absent(rows - sink.size());
        }
      }
    }
  }

  /// Rows ended so far.
  public int rows() {
    return rows;
  }

  /// The table of JSON rows that came before the fields that say how to read them. The builder must
  /// not be used afterwards.
  ///
  /// @param late the tokens, if the rows were read with none
  /// @param categorical columns whose texts are kept as they are
  public Table build(MissingTokens late, Set<String> categorical) {
    sinks.replaceAll(
        sink ->
            sink instanceof InferredColumn column
                ? column.settled(late, categorical.contains(column.name()))
                : sink);
    return build();
  }

  /// The table. The builder must not be used afterwards.
  public Table build() {
    List<Column> columns = new ArrayList<>(sinks.size());
    for (ColumnSink sink : sinks) {
      if (sink.size() < rows) {
        sink.absent(rows - sink.size());
      }
      Column column = sink.build();
      if (column != null) {
        columns.add(column);
      }
    }
    meter.tell();
    sinks.clear(); // the sinks would keep the columns that they have built
    if (reading != null) {
      // These rows are learned from, in a random order; others are read one after another.
      NumericColumn.putSideBySide(columns);
    }
    return new Table(rows, columns);
  }

  private int add(ColumnSink sink) {
    sinks.add(sink);
    byName.put(sink.name(), sinks.size() - 1);
    return sinks.size() - 1;
  }

  private ColumnSink sink(int column) {
    ColumnSink sink = sinks.get(column);
    int behind = rows - sink.size();
    if (behind < 0) {
      throw new InvalidDataException(
          InvalidDataException.Fault.REPEATED,
          sink.name(),
          rows,
          "must be given once, was given twice");
    }
    if (behind > 0) {
      sink.absent(behind);
    }
    return sink;
  }
}
