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

/// Reads JSON rows, objects of strings, numbers, truth values and nulls, into a table as they
/// stream by. Rows may name their columns in any order; a column that a row does not name is
/// missing in it.
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
  ///   `/data/rows/17/name` if a cell is nested or cannot be what it has to be, or there is no row
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

  /// A table refuses a column that comes twice in a row. Jackson's own watch over names would make
  /// a set of names for every row: almost half of what reading rows allocates. All rows of an array
  /// have one context, which gets its watch back at their end.
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
        default ->
            throw new InvalidDataException(
                InvalidDataException.Fault.NO_CELL,
                table.name(column),
                table.rows(),
                "must be a string, a number, a boolean or null, was "
                    + JsonProblems.kind(parser.currentToken()));
      }
    }
    table.endRow();
  }

  /// One that every double of its size holds is a number like others, of others the digits count.
  private void integer(int column) {
    if (parser.getStringLength() <= MAX_EXACT_DIGITS) {
      table.number(column, parser.getDoubleValue());
    } else {
      table.integer(column, parser.getString());
    }
  }

  /// What an answer or a database could not write must not come in.
  ///
  /// @param column null for the name of one
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
