package dev.backprop.engine.table;

/// How the numbers of a text are written: with which decimal sign, and what stands between groups
/// of three digits. It says nothing about texts: a category is what its cell says, whatever the
/// format.
///
/// @param decimal `.` or `,`
/// @param thousands [#NONE], `.`, `,`, a blank or an apostrophe. A blank stands for the no-break
///   blanks too, an apostrophe for the typographic one, since nobody sees which one a file has
public record NumberFormat(char decimal, char thousands) {

  /// Nothing stands between groups of digits.
  public static final char NONE = 0;

  /// As programs write numbers.
  public static final NumberFormat PLAIN = new NumberFormat('.', NONE);

  private static final char NO_BREAK_BLANK = '\u00A0';
  private static final char NARROW_BLANK = '\u202F';
  private static final char TYPOGRAPHIC_APOSTROPHE = '\u2019';

  /// @throws IllegalArgumentException if a sign is not one of those above, or both are the same
  public NumberFormat {
    thousands = usual(thousands);
    if (decimal != '.' && decimal != ',') {
      throw new IllegalArgumentException("decimal: must be . or ,");
    }
    if (thousands != NONE && ".,' ".indexOf(thousands) < 0) {
      throw new IllegalArgumentException("thousands: must be one of . , ' or a blank");
    }
    if (thousands == decimal) {
      throw new IllegalArgumentException("decimal and thousands: must differ, are both " + decimal);
    }
  }

  /// Whether numbers are written as programs write them.
  public boolean isPlain() {
    return decimal == '.' && thousands == NONE;
  }

  /// The number that the text is in this format, as [Numbers#parse(String)] returns it: ±infinity
  /// if the number is beyond all doubles, NaN if the text is no number.
  public double parse(char[] chars, int offset, int length) {
    if (isPlain() || isAlike(chars, offset, length)) {
      return Numbers.parse(chars, offset, length);
    }
    char[] plain = new char[length];
    int n = plain(chars, offset, length, plain);
    return n < 0 ? Double.NaN : Numbers.parse(plain, 0, n);
  }

  /// Writes a text of this format as programs write numbers. The decimal sign becomes a point, and
  /// the signs between groups are left out. A group has three digits. The first one has one to
  /// three, and does not begin with 0 (`0,123` is no thousand). A number may also have no groups.
  ///
  /// @param into has room for the text
  /// @return the length of what was written, or -1 if a sign is in a wrong place; a text that is no
  ///   number for another reason is copied
  int plain(char[] chars, int offset, int length, char[] into) {
    int end = offset + length;
    int at = offset;
    int n = 0;
    if (at < end && (chars[at] == '-' || chars[at] == '+')) {
      into[n++] = chars[at++];
    }
    int first = at;
    int digits = 0; // since the last sign between groups
    boolean grouped = false;
    for (; at < end; at++) {
      char c = chars[at];
      if (c >= '0' && c <= '9') {
        digits++;
      } else if (thousands != NONE && usual(c) == thousands) {
        if (grouped ? digits != 3 : digits < 1 || digits > 3 || chars[first] == '0') {
          return -1;
        }
        grouped = true;
        digits = 0;
        continue;
      } else {
        break;
      }
      into[n++] = c;
    }
    if (grouped && digits != 3) {
      return -1;
    }
    if (at < end && chars[at] == decimal) {
      into[n++] = '.';
      at++;
    }
    for (; at < end; at++) {
      char c = chars[at];
      if (c == '.' || c == ',' || (thousands != NONE && usual(c) == thousands)) {
        return -1;
      }
      into[n++] = c;
    }
    return n;
  }

  /// Whether the text has none of the signs that formats differ in.
  private static boolean isAlike(char[] chars, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      char c = usual(chars[i]);
      if (c == '.' || c == ',' || c == ' ' || c == '\'') {
        return false;
      }
    }
    return true;
  }

  private static char usual(char c) {
    return switch (c) {
      case NO_BREAK_BLANK, NARROW_BLANK -> ' ';
      case TYPOGRAPHIC_APOSTROPHE -> '\'';
      default -> c;
    };
  }
}
