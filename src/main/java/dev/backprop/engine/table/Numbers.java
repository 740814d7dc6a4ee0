package dev.backprop.engine.table;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import java.math.BigDecimal;
import java.math.BigInteger;

/// Numbers and truth values that are written as text.
///
/// A number is an optional sign, decimal digits with at most one point, and an optional exponent.
public final class Numbers {

  /// Every integer with so many digits is exactly a double, and no two decimals with so many digits
  /// are the same double.
  static final int EXACT_DIGITS = 15;

  /// No double has more digits before the point.
  private static final int MAX_INTEGER_DIGITS = 309;

  private Numbers() {}

  /// The number, ±infinity if the text is a number beyond all doubles, NaN if it is none.
  public static double parse(String text) {
    return parse(text.toCharArray(), 0, text.length());
  }

  /// As [#parse(String)].
  static double parse(char[] chars, int offset, int length) {
    NumberText number = new NumberText();
    return number.read(chars, offset, length) ? number.value() : Double.NaN;
  }

  /// The value of a text whose grammar has been checked.
  static double value(char[] chars, int offset, int length) {
    return JavaDoubleParser.parseDouble(chars, offset, length);
  }

  /// Whether a double is exactly the integer of that text, which has a sign and digits only.
  static boolean isExactly(double value, String integer) {
    boolean signed = integer.charAt(0) == '-' || integer.charAt(0) == '+';
    int from = signed ? 1 : 0;
    while (from < integer.length() - 1 && integer.charAt(from) == '0') {
      from++;
    }
    if (integer.length() - from > MAX_INTEGER_DIGITS || Double.isInfinite(value)) {
      return false;
    }
    BigInteger exactly = new BigInteger(integer.substring(from));
    return new BigDecimal(Math.abs(value)).compareTo(new BigDecimal(exactly)) == 0;
  }

  /// The shortest decimal text that reads back as the number, in the form of ECMAScript's
  /// `Number.prototype.toString` (ECMA-262, section 6.1.6.1.20). It has no exponent from 1e-6 to
  /// below 1e21, as 2007, 0.00001, 12345678.5, 1e+21.
  ///
  /// @param value finite
  public static String shortest(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
      return Long.toString((long) value); // of the two zeros, too
    }
    // Since Java 19 these are the shortest digits, of which it shows at least two.
    String text = Double.toString(Math.abs(value));
    int e = text.indexOf('E');
    int point = text.indexOf('.');
    String integer = text.substring(0, point);
    String fraction = text.substring(point + 1, e < 0 ? text.length() : e);
    int exponent = e < 0 ? 0 : Integer.parseInt(text.substring(e + 1));
    String digits = integer + fraction;
    int places = integer.length() + exponent; // the point stands behind so many digits
    int first = 0;
    while (digits.charAt(first) == '0') {
      first++;
    }
    int last = digits.length();
    while (digits.charAt(last - 1) == '0') {
      last--;
    }
    digits = digits.substring(first, last);
    places -= first;
    if (digits.length() == 2 && places < -300) {
      digits = oneDigit(digits, places, Math.abs(value));
    }
    return (value < 0 ? "-" : "") + placed(digits, places);
  }

  /// One digit may be enough for the smallest doubles, but Java shows two.
  private static String oneDigit(String digits, int places, double value) {
    long rounded = Math.round(Integer.parseInt(digits) / 10.0);
    return rounded < 10 && Double.parseDouble("0." + rounded + "e" + places) == value
        ? Long.toString(rounded)
        : digits;
  }

  /// @param places the value is 0.digits · 10^places
  private static String placed(String digits, int places) {
    int n = digits.length();
    if (places > 21 || places < -5) {
      int exponent = places - 1;
      return digits.charAt(0)
          + (n == 1 ? "" : "." + digits.substring(1))
          + (exponent < 0 ? "e-" : "e+")
          + Math.abs(exponent);
    }
    if (places <= 0) {
      return "0." + "0".repeat(-places) + digits;
    }
    return places >= n
        ? digits + "0".repeat(places - n)
        : digits.substring(0, places) + "." + digits.substring(places);
  }

  /// The exception for a cell that has to be a finite number and is none.
  ///
  /// @param value infinite if the text is a number beyond all doubles
  static InvalidDataException noNumber(String column, int row, String text, double value) {
    return Double.isInfinite(value)
        ? notFinite(column, row, text)
        : new InvalidDataException(
            InvalidDataException.Fault.WRONG_TYPE,
            column,
            row,
            "must be a number, was " + quoted(text));
  }

  static InvalidDataException notFinite(String column, int row, String text) {
    return new InvalidDataException(
        InvalidDataException.Fault.OUT_OF_RANGE,
        column,
        row,
        "must be a finite number, was " + quoted(text));
  }

  /// The text as an error shows it, cut if it is long.
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

  static int truth(String text) {
    return text.length() > 5 ? -1 : truth(text.toCharArray(), 0, text.length());
  }

  private static boolean is(String word, char[] chars, int offset) {
    for (int i = 0; i < word.length(); i++) {
      char c = chars[offset + i];
      if ((c | 0x20) != word.charAt(i) || c >= 0x80) {
        return false;
      }
    }
    return true;
  }
}
