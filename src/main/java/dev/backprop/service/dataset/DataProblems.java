package dev.backprop.service.dataset;

import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.Table;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;

/// Makes problems of faults in data. A fault in a text has its line, a fault in JSON has a pointer.
public final class DataProblems {

  private DataProblems() {}

  /// A text that cannot be read.
  static ProblemException malformed(long line, String detail) {
    return new ProblemException(ProblemCode.MALFORMED_DATA, "line " + line + ": " + detail);
  }

  /// A query parameter with an impossible value.
  static ProblemException invalidParameter(String detail) {
    return new ProblemException(ProblemCode.INVALID_PARAMETER, detail);
  }

  /// A JSON value of a wrong type.
  static ProblemException wrongType(String pointer, String detail) {
    return ProblemException.at(ProblemCode.WRONG_TYPE, pointer, detail);
  }

  /// Data that can be read but not used.
  static ProblemException invalid(String detail) {
    return new ProblemException(ProblemCode.INVALID_DATA, detail);
  }

  public static ProblemException invalid(String pointer, String detail) {
    return ProblemException.at(ProblemCode.INVALID_DATA, pointer, detail);
  }

  /// A fault in a line of CSV or NDJSON.
  static ProblemException atLine(long line, InvalidDataException e) {
    String column = e.column() == null ? "" : ", column '" + e.column() + "'";
    ProblemCode code =
        switch (e.fault()) {
          case UNKNOWN_COLUMN, NO_CELL, REPEATED, RAGGED -> ProblemCode.MALFORMED_DATA;
          case WRONG_TYPE, NO_VALUE, OUT_OF_RANGE -> ProblemCode.INVALID_DATA;
        };
    return new ProblemException(code, "line " + line + column + ": " + e.detail());
  }

  /// A fault in a file that has no lines.
  static ProblemException inFile(InvalidDataException e) {
    ProblemCode code =
        switch (e.fault()) {
          case UNKNOWN_COLUMN, NO_CELL, REPEATED, RAGGED -> ProblemCode.MALFORMED_DATA;
          case WRONG_TYPE, NO_VALUE, OUT_OF_RANGE -> ProblemCode.INVALID_DATA;
        };
    boolean inRow = e.fault() != InvalidDataException.Fault.UNKNOWN_COLUMN && e.row() >= 0;
    String column = e.column() == null ? "" : "column '" + e.column() + "'";
    String row = inRow ? "row %d, counted from 0".formatted(e.row()) : "";
    String comma = column.isEmpty() || row.isEmpty() ? "" : ", ";
    return new ProblemException(code, column + comma + row + ": " + e.detail());
  }

  /// A fault in a JSON row.
  ///
  /// @param pointer to the row
  static ProblemException at(String pointer, InvalidDataException e) {
    String cell = e.column() == null ? "" : "/" + Problem.Field.part(e.column());
    return ProblemException.at(code(e), pointer + cell, e.detail());
  }

  /// A fault in rows that are a table already.
  ///
  /// @param pointer to what asked for the table, such as `/data/columns/year`
  public static ProblemException inTable(String pointer, InvalidDataException e) {
    return ProblemException.at(ProblemCode.INVALID_DATA, pointer, String.valueOf(e.getMessage()));
  }

  /// The same problem with advice, if the table was probably read with another delimiter than its
  /// text has.
  public static ProblemException advised(ProblemException e, Table table) {
    return e.advised(Delimiter.advice(table));
  }

  private static ProblemCode code(InvalidDataException e) {
    return switch (e.fault()) {
      case UNKNOWN_COLUMN -> ProblemCode.UNKNOWN_FIELD;
      case NO_CELL -> ProblemCode.WRONG_TYPE;
      case REPEATED -> ProblemCode.DUPLICATE_FIELD;
      case RAGGED, WRONG_TYPE, NO_VALUE, OUT_OF_RANGE -> ProblemCode.INVALID_DATA;
    };
  }
}
