package dev.backprop.service.dataset;

import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.platform.json.JsonProblems;
import dev.backprop.platform.problem.Excerpt;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.DupDetector;
import tools.jackson.core.json.JsonReadContext;

/// Reads JSON rows into a table, without keeping the JSON. Rows are objects of strings, numbers,
/// truth values and nulls. They may name their columns in any order; a cell that a row does not
/// name is missing.
public final class JsonRowsReader {

  private static final int MAX_EXACT_DIGITS = 15;

  private final JsonParser parser;
  private final TableBuilder table;
  private int expected;

  private JsonRowsReader(JsonParser parser, TableBuilder table) {
    this.parser = parser;
    this.table = table;
  }

  /// Reads an array of rows.
  ///
  /// @param parser at the start of the array; afterwards at its end
  /// @param pointer to the array, such as `/data/rows`
  /// @throws dev.backprop.platform.problem.ProblemException with a pointer such as
  ///   `/data/rows/17/name` if a cell is nested or does not fit its column, or if there is no row
  public static void read(JsonParser parser, TableBuilder table, String pointer) {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw DataProblems.wrongType(
          pointer, "must be an array of rows, was " + JsonProblems.kind(parser.currentToken()));
    }
    JsonRowsReader reader = new JsonRowsReader(parser, table);
    try (Unwatched unwatched = new Unwatched()) {
      reader.rows(pointer, unwatched);
    }
    if (table.rows() == 0) {
      throw DataProblems.invalid(pointer, "must have at least 1 row, had 0");
    }
  }

  /// Switches Jackson's check of repeated names off while rows are read, because the table refuses
  /// repeated columns itself. That check would make a set of names for every row, almost half of
  /// what reading rows allocates. All rows of an array share one context, which gets its check back
  /// at the end.
  private static final class Unwatched implements AutoCloseable {

    private @Nullable JsonReadContext row;
    private @Nullable DupDetector watch;

    void begin(JsonParser parser) {
      if (row == null && parser.streamReadContext() instanceof JsonReadContext context) {
        row = context;
        watch = context.getDupDetector();
        context.withDupDetector(null);
      }
    }

    @Override
    public void close() {
      if (row != null) {
        row.withDupDetector(watch);
      }
    }
  }

  private void rows(String pointer, Unwatched unwatched) {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      int row = table.rows();
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw DataProblems.wrongType(
            pointer + "/" + row,
            "must be an object, was " + JsonProblems.kind(parser.currentToken()));
      }
      unwatched.begin(parser);
      try {
        row();
      } catch (InvalidDataException e) {
        throw DataProblems.at(pointer + "/" + row, e);
      }
    }
  }

  /// A reader of single rows, as lines of NDJSON are.
  static JsonRowsReader ofRows(JsonParser parser, TableBuilder table) {
    return new JsonRowsReader(parser, table);
  }

  /// Reads a row.
  void row() {
    expected = 0;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      int column = column(parser.currentName());
      JsonToken token = parser.nextToken();
      switch (token) {
        case VALUE_STRING ->
            table.string(column, wellFormed(table.name(column), parser.getString()));
        case VALUE_NUMBER_FLOAT -> table.number(column, parser.getDoubleValue());
        case VALUE_NUMBER_INT -> integer(column);
        case VALUE_TRUE, VALUE_FALSE -> table.bool(column, token == JsonToken.VALUE_TRUE);
        case VALUE_NULL -> table.missing(column);
        case START_OBJECT, START_ARRAY -> {
          if (!table.takesAnything(column)) {
            throw noCell(column);
          }
          parser.skipChildren();
          table.missing(column);
        }
        default -> throw noCell(column);
      }
    }
    table.endRow();
  }

  private InvalidDataException noCell(int column) {
    return new InvalidDataException(
        InvalidDataException.Fault.NO_CELL,
        table.name(column),
        table.rows(),
        "must be a string, a number, a boolean or null, was "
            + JsonProblems.kind(parser.currentToken()));
  }

  /// A short integer is exactly a double, and is a number like others. Of a longer one the digits
  /// count.
  private void integer(int column) {
    if (parser.getStringLength() <= MAX_EXACT_DIGITS) {
      table.number(column, parser.getDoubleValue());
    } else {
      table.integer(column, parser.getString());
    }
  }

  /// Refuses a text that neither an answer nor a database could write.
  ///
  /// @param column null if the text is the name of a column
  private String wellFormed(@Nullable String column, String text) {
    if (Excerpt.isWellFormed(text)) {
      return text;
    }
    throw new InvalidDataException(
        InvalidDataException.Fault.OUT_OF_RANGE,
        column == null ? text : column,
        table.rows(),
        "must be Unicode text, has half of a surrogate pair");
  }

  /// Rows usually name their columns in the same order.
  private int column(String name) {
    int column =
        expected < table.columns() && table.name(expected).equals(name)
            ? expected
            : table.column(wellFormed(null, name));
    expected = column + 1;
    return column;
  }
}
