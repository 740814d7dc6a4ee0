package dev.backprop.engine.table;

/// Reads one text after another as a number, and tells how it is written. For texts of usual length
/// it allocates nothing.
final class NumberText {

  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  private final NumberFormat format;
  private double value;
  private boolean integer;
  private boolean leadingZero;
  private boolean exact;
  private boolean shortest;

  /// Reads numbers as JSON and usual CSV write them.
  NumberText() {
    this(NumberFormat.PLAIN);
  }

  NumberText(NumberFormat format) {
    this.format = format;
  }

  /// Reads a text.
  ///
  /// @return whether it is a number; the other methods tell of it until the next text is read
  boolean read(char[] chars, int offset, int length) {
    if (!format.equals(NumberFormat.PLAIN)) {
      return readFormatted(chars, offset, length);
    }
    int end = offset + length;
    int at = offset;
    if (at == end) {
      return false;
    }
    char sign = chars[at];
    if (sign == '-' || sign == '+') {
      at++;
    }
    int start = at;
    long mantissa = 0;
    int point = -1;
    for (; at < end; at++) {
      char c = chars[at];
      if (c >= '0' && c <= '9') {
        mantissa = 10 * mantissa + (c - '0'); // of more than 18 digits not looked at
      } else if (c == '.' && point < 0) {
        point = at;
      } else {
        break;
      }
    }
    int integerDigits = (point < 0 ? at : point) - start;
    int fractionDigits = point < 0 ? 0 : at - point - 1;
    int digits = integerDigits + fractionDigits;
    if (digits == 0) {
      return false;
    }
    boolean exponent = at < end;
    if (exponent && !isExponent(chars, at, end)) {
      return false;
    }
    integer = point < 0 && !exponent;
    leadingZero = integerDigits > 1 && chars[start] == '0';
    if (digits <= Numbers.EXACT_DIGITS && !exponent) {
      // Both operands are exact, so that one rounding gives the nearest double (Clinger 1990).
      double magnitude = fractionDigits == 0 ? mantissa : mantissa / POWERS_OF_TEN[fractionDigits];
      value = sign == '-' ? -magnitude : magnitude;
      exact = true;
      shortest =
          sign != '+'
              && integerDigits > 0
              && !leadingZero
              && (point < 0 || (fractionDigits > 0 && chars[end - 1] != '0'))
              && (magnitude >= 1e-6 || (magnitude == 0 && sign != '-'));
      return true;
    }
    value = Numbers.value(chars, offset, length);
    exact = !integer || Numbers.isExactly(value, new String(chars, offset, length));
    shortest =
        Double.isFinite(value) && Dictionary.same(Numbers.shortest(value), chars, offset, length);
    return true;
  }

  /// With a decimal comma or thousands separators.
  private boolean readFormatted(char[] chars, int offset, int length) {
    value = format.parse(chars, offset, length);
    if (Double.isNaN(value)) {
      return false;
    }
    StringBuilder digits = new StringBuilder(length);
    integer = true;
    for (int i = offset; i < offset + length; i++) {
      char c = chars[i];
      if ((c >= '0' && c <= '9') || c == '-' || c == '+') {
        digits.append(c);
      } else if (c == format.decimal() || c == 'e' || c == 'E') {
        integer = false;
      }
    }
    int start = chars[offset] == '-' || chars[offset] == '+' ? 1 : 0;
    leadingZero =
        length > start + 1
            && chars[offset + start] == '0'
            && Character.isDigit(chars[offset + start + 1]);
    exact = !integer || Numbers.isExactly(value, digits.toString());
    shortest =
        Double.isFinite(value) && Dictionary.same(Numbers.shortest(value), chars, offset, length);
    return true;
  }

  private static boolean isExponent(char[] chars, int at, int end) {
    int i = at + 1;
    if (chars[at] != 'e' && chars[at] != 'E') {
      return false;
    }
    if (i < end && (chars[i] == '-' || chars[i] == '+')) {
      i++;
    }
    if (i == end) {
      return false;
    }
    for (; i < end; i++) {
      if (chars[i] < '0' || chars[i] > '9') {
        return false;
      }
    }
    return true;
  }

  /// The nearest double, ±infinity beyond all of them.
  double value() {
    return value;
  }

  /// Whether it has a sign and digits only, and separators of thousands.
  boolean integer() {
    return integer;
  }

  /// Whether a zero stands before another digit of the integer part.
  boolean leadingZero() {
    return leadingZero;
  }

  /// False for an integer that the double does not equal.
  boolean exact() {
    return exact;
  }

  /// Whether the text is [Numbers#shortest] of its value.
  boolean shortest() {
    return shortest;
  }

  /// A key that all texts of the same number share: its double, or the digits of an integer that no
  /// double equals.
  Object key(char[] chars, int offset, int length) {
    if (exact) {
      return value + 0.0;
    }
    StringBuilder digits = new StringBuilder(length);
    for (int i = offset; i < offset + length; i++) {
      char c = chars[i];
      boolean leading =
          c == '0' && (digits.isEmpty() || (digits.length() == 1 && digits.charAt(0) == '-'));
      if (c == '-' || (c >= '0' && c <= '9' && !leading)) {
        digits.append(c);
      }
    }
    return digits.toString();
  }
}
