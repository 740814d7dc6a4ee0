package dev.backprop.data;

import java.util.Locale;

/// Numbers and truth values that stand as text.
public final class Numbers {

  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private static final int MAX_DIGITS = 18;
  private static final long MAX_EXACT = 1L << 53;

  private Numbers() {}

  /// The number, ±infinity where the text is a number beyond all doubles or says "Infinity" or
  /// "inf", NaN where it is none.
  public static double parse(String text) {
    return parse(text.toCharArray(), 0, text.length());
  }

  /// As [#parse(String)]: an optional sign, decimal digits with at most one point, an optional
  /// exponent.
  static double parse(char[] chars, int offset, int length) {
    int end = offset + length;
    int at = offset;
    if (at == end) {
      return Double.NaN;
    }
    boolean negative = chars[at] == '-';
    if (negative || chars[at] == '+') {
      at++;
    }
    long mantissa = 0;
    int digits = 0;
    int significant = 0;
    int scale = 0;
    boolean point = false;
    for (; at < end; at++) {
      char c = chars[at];
      if (c >= '0' && c <= '9') {
        digits++;
        if (significant > 0 || c != '0') {
          significant++;
        }
        if (significant <= MAX_DIGITS) {
          mantissa = 10 * mantissa + (c - '0');
          scale -= point ? 1 : 0;
        }
      } else if (c == '.' && !point) {
        point = true;
      } else {
        break;
      }
    }
    if (digits == 0) {
      return infinity(chars, offset, at, end, negative);
    }
    if (at < end) {
      int exponent = exponent(chars, at, end);
      if (exponent == Integer.MIN_VALUE) {
        return Double.NaN;
      }
      scale += exponent;
    }
    if (significant <= MAX_DIGITS && mantissa <= MAX_EXACT && Math.abs(scale) <= 22) {
      // Both operands are exact, so that one rounding gives the nearest double (Clinger 1990).
      double value = scale < 0 ? mantissa / POWERS_OF_TEN[-scale] : mantissa * POWERS_OF_TEN[scale];
      return negative ? -value : value;
    }
    return Double.parseDouble(new String(chars, offset, length));
  }

  /// The exponent that begins at `at`, within ±100,000; the least int where there is none.
  private static int exponent(char[] chars, int at, int end) {
    int i = at + 1;
    if (chars[at] != 'e' && chars[at] != 'E') {
      return Integer.MIN_VALUE;
    }
    boolean negative = i < end && chars[i] == '-';
    if (negative || (i < end && chars[i] == '+')) {
      i++;
    }
    if (i == end) {
      return Integer.MIN_VALUE;
    }
    int exponent = 0;
    for (; i < end; i++) {
      if (chars[i] < '0' || chars[i] > '9') {
        return Integer.MIN_VALUE;
      }
      exponent = Math.min(100_000, 10 * exponent + (chars[i] - '0'));
    }
    return negative ? -exponent : exponent;
  }

  private static double infinity(char[] chars, int offset, int at, int end, boolean negative) {
    int length = end - at;
    if (end - offset > 9 || (length != 3 && length != 8)) {
      return Double.NaN;
    }
    String word = new String(chars, at, length).toLowerCase(Locale.ROOT);
    if (!word.equals("inf") && !word.equals("infinity")) {
      return Double.NaN;
    }
    return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
  }

  /// A cell that has to be a finite number.
  ///
  /// @throws InvalidDataException where it is none
  static double finite(String column, int row, String text) {
    double value = parse(text);
    if (Double.isNaN(value)) {
      throw new InvalidDataException(
          InvalidDataException.Fault.WRONG_TYPE,
          column,
          row,
          "must be a number, was " + quoted(text));
    }
    if (Double.isInfinite(value)) {
      throw notFinite(column, row, text);
    }
    return value;
  }

  static InvalidDataException notFinite(String column, int row, String text) {
    return new InvalidDataException(
        InvalidDataException.Fault.OUT_OF_RANGE,
        column,
        row,
        "must be a finite number, was " + quoted(text));
  }

  /// The text as an error shows it, cut where it is long.
  static String quoted(String text) {
    return "'" + (text.length() <= 100 ? text : text.substring(0, 100) + "…") + "'";
  }

  /// 1 for "true" and 0 for "false" in any case, -1 for every other text.
  static int truth(char[] chars, int offset, int length) {
    if (length == 4 && is("true", chars, offset)) {
      return 1;
    }
    return length == 5 && is("false", chars, offset) ? 0 : -1;
  }

  private static boolean is(String word, char[] chars, int offset) {
    for (int i = 0; i < word.length(); i++) {
      if ((chars[offset + i] | 0x20) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// The canonical text of a text: that of the number that it stands for, `true` and `false` in
  /// lower case, else the text itself.
  static String canonical(String text) {
    double value = parse(text);
    if (!Double.isNaN(value) && !Double.isInfinite(value)) {
      return Label.canonical(value);
    }
    int truth = truth(text.toCharArray(), 0, text.length());
    return truth < 0 ? text : truth == 1 ? "true" : "false";
  }
}
