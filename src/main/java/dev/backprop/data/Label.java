package dev.backprop.data;

/// A category or a class as it stood in the data.
///
/// @param text canonical: a number without a needless fraction (2007, not 2007.0), `true`, `false`,
///   or the text itself
/// @param kind what it is in JSON
public record Label(String text, Kind kind) implements Comparable<Label> {

  /// The JSON type that a label had in the data.
  public enum Kind {
    TEXT,
    NUMBER,
    BOOLEAN
  }

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

  /// The shortest text of a number: integers up to 2^53 without a fraction, the rest as
  /// [Double#toString(double)].
  public static String canonical(double value) {
    return isInteger(value) ? Long.toString((long) value) : Double.toString(value);
  }

  static boolean isInteger(double value) {
    return value == Math.rint(value) && Math.abs(value) <= MAX_EXACT_INTEGER;
  }

  /// The number as JSON shows it: a [Long] where it is an integer, else a [Double].
  static Number jsonNumber(double value) {
    if (isInteger(value)) {
      return (long) value;
    }
    return value;
  }

  /// The label as its bare JSON value: a [String], a [Boolean], a [Long] or a [Double].
  public Object json() {
    return switch (kind) {
      case TEXT -> text;
      case NUMBER -> jsonNumber(Double.parseDouble(text));
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
