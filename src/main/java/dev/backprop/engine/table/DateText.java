package dev.backprop.engine.table;

import java.time.LocalDate;

/// Reads one text after another as a date, and tells how it is written.
///
/// A date is a day, a month and a year with four digits, the year first or last, with one and the
/// same sign between them. A time may follow: hours and minutes, perhaps seconds and their
/// fraction, `AM` or `PM`, and a zone.
final class DateText {

  /// In which order the parts of a date stand.
  enum Order {
    YEAR_FIRST,
    DAY_FIRST,
    MONTH_FIRST
  }

  /// What stands between the parts of a date.
  static final String SEPARATORS = "-/.";

  /// Longer texts are no dates.
  static final int MAX_LENGTH = 40;

  private static final int SHORTEST = 8;
  private static final int MAX_ZONE_HOURS = 18;
  private static final int NANO_DIGITS = 9;

  private char[] chars = new char[0];
  private int at;
  private int end;

  private boolean yearFirst;
  private char separator;
  private int first;
  private int second;
  private int third;
  private boolean shortDay;

  private boolean timed;
  private char beforeTime;
  private boolean seconds;
  private boolean shortHour;
  private double time;
  private boolean zoned;
  private int zone;

  /// Reads a text.
  ///
  /// @return whether it has the form of a date; the other methods tell of it until the next text is
  ///   read
  boolean read(char[] text, int offset, int length) {
    if (length < SHORTEST || length > MAX_LENGTH || !isDigit(text[offset])) {
      return false;
    }
    chars = text;
    at = offset;
    end = offset + length;
    timed = false;
    seconds = false;
    shortHour = false;
    zoned = false;
    zone = 0;
    time = 0;
    return readDate() && (at == end || readTime());
  }

  private boolean readDate() {
    int from = at;
    first = digits(4);
    int width = at - from;
    yearFirst = width == 4;
    if (width == 3 || at == end || SEPARATORS.indexOf(chars[at]) < 0) {
      return false;
    }
    separator = chars[at++];
    from = at;
    second = digits(2);
    shortDay = at - from == 1 || width == 1;
    if (second < 0 || !take(separator)) {
      return false;
    }
    from = at;
    third = digits(yearFirst ? 2 : 4);
    shortDay |= yearFirst && at - from == 1;
    return yearFirst ? third >= 0 : at - from == 4;
  }

  private boolean readTime() {
    beforeTime = chars[at];
    if (!take(' ') && !take('T')) {
      return false;
    }
    timed = true;
    int from = at;
    int hour = digits(2);
    shortHour = at - from == 1;
    int minute = take(':') ? twoDigits() : -1;
    if (hour < 0 || minute < 0 || minute > 59) {
      return false;
    }
    double second = 0;
    if (take(':')) {
      seconds = true;
      second = twoDigits();
      if (second < 0 || second > 59) {
        return false;
      }
      if (take('.') || take(',')) {
        double fraction = fraction();
        if (fraction < 0) {
          return false;
        }
        second += fraction;
      }
    }
    int hours = ofTwelve(hour);
    if (hours < 0 || hours > 23) {
      return false;
    }
    time = hours * 3600 + minute * 60 + second;
    return readZone();
  }

  /// The hour of the day, -1 if it is none: `12 AM` is midnight.
  private int ofTwelve(int hour) {
    int before = at;
    take(' ');
    if (at + 2 <= end && (chars[at + 1] | 0x20) == 'm') {
      int half = chars[at] | 0x20;
      if (half == 'a' || half == 'p') {
        at += 2;
        return hour < 1 || hour > 12 ? -1 : hour % 12 + (half == 'p' ? 12 : 0);
      }
    }
    at = before;
    return hour;
  }

  private boolean readZone() {
    if (at == end) {
      return true;
    }
    zoned = true;
    take(' ');
    if (is("Z") || is("UTC") || is("GMT")) {
      return true;
    }
    int sign = take('+') ? 1 : take('-') ? -1 : 0;
    int hours = sign == 0 ? -1 : twoDigits();
    if (hours < 0 || hours > MAX_ZONE_HOURS) {
      return false;
    }
    int minutes = 0;
    if (at < end) {
      take(':');
      minutes = twoDigits();
    }
    zone = sign * (hours * 3600 + minutes * 60);
    return at == end && minutes >= 0 && minutes <= 59 && Math.abs(zone) <= MAX_ZONE_HOURS * 3600;
  }

  /// Whether the rest is that word.
  private boolean is(String word) {
    if (end - at != word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (chars[at + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean take(char c) {
    if (at < end && chars[at] == c) {
      at++;
      return true;
    }
    return false;
  }

  /// The number of the digits that follow, at most so many; -1 if none does.
  private int digits(int most) {
    int value = -1;
    for (int n = 0; n < most && at < end && isDigit(chars[at]); n++) {
      value = 10 * Math.max(0, value) + (chars[at++] - '0');
    }
    return value;
  }

  private int twoDigits() {
    int from = at;
    int value = digits(2);
    return at - from == 2 ? value : -1;
  }

  private double fraction() {
    int from = at;
    int value = digits(NANO_DIGITS);
    return value < 0 ? -1 : value / Math.pow(10, at - from);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /// Whether the year comes first.
  boolean yearFirst() {
    return yearFirst;
  }

  char separator() {
    return separator;
  }

  /// Whether the day or the month has one digit.
  boolean shortDay() {
    return shortDay;
  }

  boolean timed() {
    return timed;
  }

  /// Of a text with a time: a blank or `T`.
  char beforeTime() {
    return beforeTime;
  }

  boolean seconds() {
    return seconds;
  }

  /// Whether the hour has one digit.
  boolean shortHour() {
    return shortHour;
  }

  boolean zoned() {
    return zoned;
  }

  /// Seconds by which its clock is before UTC.
  int zone() {
    return zone;
  }

  /// Seconds from 1970-01-01T00:00 on the clock of the text, NaN if it is no date in that order.
  double seconds(Order order) {
    int year = yearFirst ? first : third;
    int month = order == Order.MONTH_FIRST ? first : second;
    int day = yearFirst ? third : order == Order.MONTH_FIRST ? second : first;
    if (yearFirst != (order == Order.YEAR_FIRST)
        || year < 1
        || month < 1
        || month > 12
        || day < 1
        || day > days(year, month)) {
      return Double.NaN;
    }
    return LocalDate.of(year, month, day).toEpochDay() * DatePart.SECONDS_A_DAY + time;
  }

  /// How many days a month has.
  static int days(int year, int month) {
    return switch (month) {
      case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }
}
