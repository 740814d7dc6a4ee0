package dev.backprop.engine.table;

import dev.backprop.engine.spec.NumberEncodingSpec;

/// What the network sees of a date: numbers that are taken from it by the calendar. A place on a
/// circle is given by its sine and cosine, so that December is as near to January as to November.
public enum DatePart {
  /// Days since 1970-01-01T00:00, with their fraction.
  ELAPSED,
  YEAR,
  MONTH_SIN,
  MONTH_COS,
  WEEKDAY_SIN,
  WEEKDAY_COS,
  DAY_OF_YEAR_SIN,
  DAY_OF_YEAR_COS,
  /// 1 on Saturdays and Sundays.
  WEEKEND,
  /// 1 on the last day of a month.
  MONTH_END,
  /// The time of day, to the minute.
  HOUR_SIN,
  HOUR_COS;

  public static final double SECONDS_A_DAY = 86_400;

  private static final NumberEncodingSpec STANDARDIZED = new NumberEncodingSpec.Standardize();

  private static final int MINUTES_A_DAY = 1440;
  private static final int DAYS_A_YEAR = 366;
  private static final int MONTHS = 12;
  private static final int WEEKDAYS = 7;
  private static final int SATURDAY = 5;

  private static final double[] OF_MONTH = circle(MONTHS);
  private static final double[] OF_WEEKDAY = circle(WEEKDAYS);
  private static final double[] OF_DAY = circle(DAYS_A_YEAR);
  private static final double[] OF_MINUTE = circle(MINUTES_A_DAY);

  /// Sines, and behind them the cosines. They are the same on every machine.
  private static double[] circle(int n) {
    double[] table = new double[2 * n];
    for (int i = 0; i < n; i++) {
      table[i] = StrictMath.sin(2 * StrictMath.PI * i / n);
      table[n + i] = StrictMath.cos(2 * StrictMath.PI * i / n);
    }
    return table;
  }

  private static final int DAY_OF_YEAR = 11;
  private static final int WEEKDAY = 20;
  private static final int MONTH = 23;
  private static final int LAST = 27;
  private static final int YEAR_BITS = 32;

  /// What the calendar says of a date, packed into bits for [#of]: reading a batch allocates
  /// nothing.
  ///
  /// @param cell seconds since 1970-01-01T00:00
  public static long calendar(double cell) {
    long day = (long) Math.floor(cell / SECONDS_A_DAY);
    long minute = (long) Math.clamp((cell - day * SECONDS_A_DAY) / 60, 0, MINUTES_A_DAY - 1);
    long weekday = Math.floorMod(day + 3, WEEKDAYS); // 1970 began with a Thursday
    return minute | weekday << WEEKDAY | civil(day);
  }

  /// Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`: years that begin in
  /// March have their leap day at the end.
  private static long civil(long day) {
    long z = day + 719_468;
    long era = Math.floorDiv(z, 146_097);
    int ofEra = (int) (z - era * 146_097);
    int yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365;
    int fromMarch = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int monthFromMarch = (5 * fromMarch + 2) / 153;
    int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
    int year = (int) (yearOfEra + 400 * era + (month <= 2 ? 1 : 0));
    int dayOfMonth = fromMarch - (153 * monthFromMarch + 2) / 5 + 1;
    long last = dayOfMonth == DateText.days(year, month) ? 1 : 0;
    int leapDay = DateText.days(year, 2) == 29 ? 1 : 0;
    long dayOfYear = month <= 2 ? fromMarch - 306 : fromMarch + 59 + leapDay; // from 0
    return dayOfYear << DAY_OF_YEAR
        | (long) month << MONTH
        | last << LAST
        | (long) year << YEAR_BITS;
  }

  private static int bits(long calendar, int from, int count) {
    return (int) (calendar >>> from) & ((1 << count) - 1);
  }

  /// From 1.
  static int month(long calendar) {
    return bits(calendar, MONTH, 4);
  }

  /// From 0.
  static int dayOfYear(long calendar) {
    return bits(calendar, DAY_OF_YEAR, 9);
  }

  /// From 0 for Monday.
  static int weekday(long calendar) {
    return bits(calendar, WEEKDAY, 3);
  }

  private static int minute(long calendar) {
    return bits(calendar, 0, 11);
  }

  /// How the part enters a network: the days as other numbers do, all else standardized.
  ///
  /// @param numbers how the numbers of the column enter
  public NumberEncodingSpec encoding(NumberEncodingSpec numbers) {
    return this == ELAPSED ? numbers : STANDARDIZED;
  }

  /// @param cell seconds since 1970-01-01T00:00
  /// @param calendar of the same date, see [#calendar]
  public double of(double cell, long calendar) {
    return switch (this) {
      case ELAPSED -> cell / SECONDS_A_DAY;
      case YEAR -> (int) (calendar >> YEAR_BITS);
      case MONTH_SIN -> OF_MONTH[month(calendar) - 1];
      case MONTH_COS -> OF_MONTH[MONTHS + month(calendar) - 1];
      case WEEKDAY_SIN -> OF_WEEKDAY[weekday(calendar)];
      case WEEKDAY_COS -> OF_WEEKDAY[WEEKDAYS + weekday(calendar)];
      case DAY_OF_YEAR_SIN -> OF_DAY[dayOfYear(calendar)];
      case DAY_OF_YEAR_COS -> OF_DAY[DAYS_A_YEAR + dayOfYear(calendar)];
      case WEEKEND -> weekday(calendar) >= SATURDAY ? 1 : 0;
      case MONTH_END -> bits(calendar, LAST, 1);
      case HOUR_SIN -> OF_MINUTE[minute(calendar)];
      case HOUR_COS -> OF_MINUTE[MINUTES_A_DAY + minute(calendar)];
    };
  }
}
