package dev.backprop.platform.parquet;

import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;

/// Makes problems of what is wrong with a file.
final class Faults {

  private Faults() {}

  /// The file is not what it says it is.
  static ProblemException damaged(String detail) {
    return new ProblemException(ProblemCode.MALFORMED_DATA, "the Parquet file " + detail);
  }

  /// The file has what this reader does not read.
  static ProblemException unread(String detail) {
    return new ProblemException(ProblemCode.INVALID_DATA, "the Parquet file " + detail);
  }

  /// The same problem as one of a column.
  static ProblemException in(String column, ProblemException e) {
    return e.in("column '" + Excerpt.of(column) + "'");
  }

  /// @param what is long, such as "a page"
  static int atMost(long length, long most, String what) {
    if (length < 0 || length > most) {
      throw damaged("%s must have at most %d bytes, has %d".formatted(what, most, length));
    }
    return (int) length;
  }
}
