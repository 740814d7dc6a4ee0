package dev.backprop.engine.table;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.List;

/// A category or a class as it stood in the data.
///
/// @param text the exact text of the cell; for a JSON number its shortest decimal text
/// @param kind the label's type in JSON
public record Label(String text, Kind kind) implements Comparable<Label>, Serializable {

  /// The JSON type that a label had in the data.
  public enum Kind {
    TEXT,
    NUMBER,
    BOOLEAN
  }

  /// False and true.
  static final List<Label> TRUTH = List.of(bool(false), bool(true));

  private static final double MAX_EXACT_INTEGER = 1L << 53;

  public static Label text(String text) {
    return new Label(text, Kind.TEXT);
  }

  /// @param value finite
  public static Label number(double value) {
    return new Label(canonical(value), Kind.NUMBER);
  }

  public static Label bool(boolean value) {
    return new Label(Boolean.toString(value), Kind.BOOLEAN);
  }

  /// The shortest decimal text of a number, see [Numbers#shortest(double)].
  public static String canonical(double value) {
    return Numbers.shortest(value);
  }

  static boolean isInteger(double value) {
    return value == Math.rint(value) && Math.abs(value) <= MAX_EXACT_INTEGER;
  }

  /// The number as JSON shows it: a [Long] if it is an integer, else a [Double].
  static Number jsonNumber(double value) {
    if (isInteger(value)) {
      return (long) value;
    }
    return value;
  }

  /// An integer that came as a JSON number, digit by digit.
  ///
  /// @param digits with a sign at most; equal to its double
  public static Label integer(String digits) {
    return new Label(digits, Kind.NUMBER);
  }

  /// The label as its bare JSON value: a [String], a [Boolean], a [Long], a [BigInteger] or a
  /// [Double].
  public Object json() {
    return switch (kind) {
      case TEXT -> text;
      case NUMBER -> {
        Number number = jsonNumber(Double.parseDouble(text));
        boolean digits =
            number instanceof Double
                && text.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
        yield digits ? new BigInteger(text) : number;
      }
      case BOOLEAN -> Boolean.valueOf(text);
    };
  }

  /// Numbers by value and before all else, the others by their text.
  @Override
  public int compareTo(Label other) {
    if (kind == Kind.NUMBER && other.kind == Kind.NUMBER) {
      return Double.compare(Double.parseDouble(text), Double.parseDouble(other.text));
    }
    if (kind == Kind.NUMBER || other.kind == Kind.NUMBER) {
      return kind == Kind.NUMBER ? -1 : 1;
    }
    int byText = text.compareTo(other.text);
    return byText != 0 ? byText : kind.compareTo(other.kind);
  }

  @Override
  public String toString() {
    return text;
  }
}
