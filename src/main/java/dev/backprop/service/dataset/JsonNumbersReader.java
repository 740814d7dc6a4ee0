package dev.backprop.service.dataset;

import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.platform.json.JsonProblems;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads a JSON array of numbers, or an array of equally long arrays of numbers, without keeping
/// the JSON.
public final class JsonNumbersReader {

  private JsonNumbersReader() {}

  /// @param parser at the start of the outer array; afterwards at its end
  /// @param pointer to the array, such as `/data/inputs`
  /// @throws dev.backprop.platform.problem.ProblemException with a pointer such as
  ///   `/data/inputs/3/1` if something is no number or no float, a row has another length than the
  ///   first, or there is no row
  public static void read(JsonParser parser, DenseRows.Builder rows, String pointer) {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw DataProblems.wrongType(
          pointer,
          "must be an array of arrays of numbers, was " + JsonProblems.kind(parser.currentToken()));
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      row(parser, rows, pointer + "/" + rows.rows());
    }
    if (rows.rows() == 0) {
      throw DataProblems.invalid(pointer, "must have at least 1 row, had 0");
    }
  }

  /// Reads an array of numbers.
  ///
  /// @param parser at the start of the array; afterwards at its end
  /// @param pointer to the array, such as `/data/weights`
  /// @throws dev.backprop.platform.problem.ProblemException with a pointer such as
  ///   `/data/weights/3` if something is no number or no float, or there is none
  public static void row(JsonParser parser, DenseRows.Builder rows, String pointer) {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw DataProblems.wrongType(
          pointer, "must be an array of numbers, was " + JsonProblems.kind(parser.currentToken()));
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String number = pointer + "/" + rows.inRow();
      if (!parser.currentToken().isNumeric()) {
        throw DataProblems.wrongType(
            number, "must be a number, was " + JsonProblems.kind(parser.currentToken()));
      }
      try {
        rows.add(parser.getDoubleValue());
      } catch (InvalidDataException e) {
        throw DataProblems.at(number, e);
      }
    }
    try {
      rows.endRow();
    } catch (InvalidDataException e) {
      throw DataProblems.at(pointer, e);
    }
  }
}
