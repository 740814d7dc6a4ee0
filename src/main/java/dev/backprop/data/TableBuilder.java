package dev.backprop.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Grows a [Table] row by row: find the [#column(String)], give it its cell of the current row,
/// then [#endRow()]. Columns that a row does not name are missing in it.
///
/// An inferring builder takes any column. A column of numbers is numeric, one of `true` and `false`
/// boolean, every other categorical by canonical text: a column that has both numbers and other
/// texts says 2007 where the data said 2007.0. JSON strings are texts whatever they say.
///
/// A declaring builder takes the columns of a [Schema] with their types, refuses others, and reads
/// over those that it does not need.
public final class TableBuilder {

  /// Distinct values beyond which the cells of a text column are not kept.
  public static final int MAX_CATEGORIES = 100_000;

  /// Columns that a table may have.
  public static final int MAX_COLUMNS = 50_000;

  private final MissingTokens missing;
  private final Meter meter;
  private final boolean inferring;
  private final List<ColumnSink> sinks = new ArrayList<>();
  private final Map<String, Integer> byName = new HashMap<>();
  private NumberFormat numbers = NumberFormat.PLAIN;
  private int rows;

  private TableBuilder(MissingTokens missing, ByteBudget budget, boolean inferring) {
    this.missing = missing;
    this.meter = new Meter(budget);
    this.inferring = inferring;
  }

  /// A builder that infers columns and their types from the cells.
  public static TableBuilder inferring(MissingTokens missing, ByteBudget budget) {
    return new TableBuilder(missing, budget, true);
  }

  /// A builder for rows of known columns.
  ///
  /// @param withTarget whether targets and weights are kept; else they are read over
  public static TableBuilder declared(
      Schema schema, boolean withTarget, MissingTokens missing, ByteBudget budget) {
    TableBuilder builder = new TableBuilder(missing, budget, false);
    for (Schema.Field field : schema.fields()) {
      boolean kept =
          switch (field.role()) {
            case FEATURE -> true;
            case TARGET, WEIGHT -> withTarget;
            case IGNORED, DROPPED -> false;
          };
      builder.add(
          kept
              ? new DeclaredColumn(field, missing, builder.meter)
              : new SkippedColumn(field.name()));
    }
    return builder;
  }

  /// How the numbers in the cells of [#text] are written; said before the first cell.
  public void numbersWritten(NumberFormat format) {
    numbers = format;
  }

  /// How the numbers in the cells of [#text] are written.
  NumberFormat numbersWritten() {
    return numbers;
  }

  /// The index of the column of that name, which an inferring builder adds where it is new.
  ///
  /// @throws InvalidDataException where a declaring builder has none of that name
  public int column(String name) {
    Integer known = byName.get(name);
    if (known != null) {
      return known;
    }
    if (!inferring) {
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
    return add(new InferredColumn(name, missing, meter));
  }

  /// Columns so far.
  public int columns() {
    return sinks.size();
  }

  public String name(int column) {
    return sinks.get(column).name();
  }

  /// A cell of the current row as CSV has it.
  ///
  /// @throws InvalidDataException where the cell cannot be what it has to be; likewise the other
  ///   cells
  public void text(int column, char[] chars, int offset, int length) {
    sink(column).text(chars, offset, length);
  }

  /// A cell of the current row as CSV has it.
  public void text(int column, String text) {
    sink(column).text(text.toCharArray(), 0, text.length());
  }

  /// A JSON string.
  public void string(int column, String value) {
    sink(column).string(value);
  }

  public void number(int column, double value) {
    sink(column).number(value);
  }

  public void bool(int column, boolean value) {
    sink(column).bool(value);
  }

  public void missing(int column) {
    sink(column).missing();
  }

  public void endRow() {
    rows++;
    if (!inferring) {
      for (ColumnSink sink : sinks) {
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

  /// The table; the builder must not be used after.
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
    sinks.clear(); // they hold what they have built
    if (inferring) {
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
