package dev.backprop.engine.table;

import java.io.Serializable;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How the dates of a column are written. A cell is a number of seconds from 1970-01-01T00:00, on
/// the clock of the column.
///
/// Dates of ISO 8601 are read in every column, for they mean the same everywhere.
///
/// @param pattern with the letters of [java.time.format.DateTimeFormatter], such as `dd.MM.yyyy` or
///   `yyyy-MM-dd'T'HH:mm:ssXXX`
/// @param zone the zone of the column's clock, such as `+01:00` or `Z`; null if the texts have none
public record DateFormat(String pattern, @Nullable String zone) implements Serializable {

  private static final Pattern PATTERN =
      Pattern.compile(
          "(?:yyyy([-/.])MM?\\1dd?|dd?([-/.])MM?\\2yyyy|MM?([-/])dd?\\3yyyy)(?:( |'T')HH?:mm(:ss)?(XXX)?)?");

  private static final List<DatePart> TIMED_PARTS = List.of(DatePart.values());
  private static final List<DatePart> DAY_PARTS =
      TIMED_PARTS.subList(0, TIMED_PARTS.indexOf(DatePart.HOUR_SIN));

  private static final double MICROS = 1e6;

  /// 2026-01-31T14:30.
  private static final double EXAMPLE = 1_769_869_800;

  private static final double EXAMPLE_DAY = 1_769_817_600;

  /// A day of ISO 8601.
  public static final DateFormat DAY = new DateFormat("yyyy-MM-dd", null);

  /// @throws IllegalArgumentException if no texts are written so
  public DateFormat {
    Matcher matcher = PATTERN.matcher(pattern);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "pattern: must be one of dates, such as yyyy-MM-dd HH:mm:ss, was " + pattern);
    }
    if ((matcher.group(6) == null) != (zone == null)) {
      throw new IllegalArgumentException("zone: must be given if the pattern ends with XXX");
    }
    if (zone != null) {
      try {
        zone = ZoneOffset.of(zone).getId();
      } catch (DateTimeException e) {
        throw new IllegalArgumentException(
            "zone: must be a time that is added to UTC, such as +01:00, was " + zone, e);
      }
    }
  }

  /// Whether the texts have a time of day.
  public boolean timed() {
    return pattern.indexOf('H') >= 0;
  }

  /// The parts that the network sees, in the order of its inputs.
  public List<DatePart> parts() {
    return timed() ? TIMED_PARTS : DAY_PARTS;
  }

  DateText.Order order() {
    return switch (pattern.charAt(0)) {
      case 'y' -> DateText.Order.YEAR_FIRST;
      case 'd' -> DateText.Order.DAY_FIRST;
      default -> DateText.Order.MONTH_FIRST;
    };
  }

  private char separator() {
    int at = 0;
    while (DateText.SEPARATORS.indexOf(pattern.charAt(at)) < 0) {
      at++;
    }
    return pattern.charAt(at);
  }

  int zoneSeconds() {
    return zone == null ? 0 : ZoneOffset.of(zone).getTotalSeconds();
  }

  /// Reads the dates of a column; serves many threads.
  Reader reader() {
    return new Reader(order(), separator(), zone != null, zoneSeconds());
  }

  record Reader(DateText.Order order, char separator, boolean zoned, int zone) {

    /// The cell of a text without outer blanks, NaN if it is no date of this format.
    double read(char[] chars, int offset, int length) {
      DateText text = new DateText();
      return text.read(chars, offset, length) ? cell(text) : Double.NaN;
    }

    double read(String text) {
      return read(text.toCharArray(), 0, text.length());
    }

    private double cell(DateText text) {
      boolean iso = text.yearFirst() && text.separator() == '-';
      if (text.zoned() != zoned || (!iso && text.separator() != separator)) {
        return Double.NaN;
      }
      return text.seconds(iso ? DateText.Order.YEAR_FIRST : order) + (zone - text.zone());
    }
  }

  /// Whether both read every text alike.
  boolean readsAs(DateFormat other) {
    return reader().equals(other.reader());
  }

  /// A date in the format, as errors show it.
  String example() {
    return text(timed() ? EXAMPLE : EXAMPLE_DAY);
  }

  /// The seconds of the years 1 to 9999.
  private static final double FIRST = -62_135_596_800.0;

  private static final double BEHIND = 253_402_300_799.0;

  /// Whether a cell has a text.
  public static boolean hasText(double cell) {
    return cell >= FIRST && cell <= BEHIND;
  }

  /// The text of a cell, with the fraction of its second to the microsecond.
  public String text(double cell) {
    long micros = Math.round((cell - Math.floor(cell)) * MICROS);
    long whole = (long) Math.floor(cell) + (micros == MICROS ? 1 : 0);
    LocalDateTime date =
        LocalDateTime.ofEpochSecond(
            whole, micros == MICROS ? 0 : (int) micros * 1000, ZoneOffset.UTC);
    StringBuilder text = new StringBuilder();
    String letters = timed() || !isMidnight(date) ? withTime() : pattern;
    for (int at = 0; at < letters.length(); ) {
      char c = letters.charAt(at);
      int width = 1;
      while (at + width < letters.length() && letters.charAt(at + width) == c) {
        width++;
      }
      switch (c) {
        case 'y' -> padded(date.getYear(), 4, text);
        case 'M' -> padded(date.getMonthValue(), width, text);
        case 'd' -> padded(date.getDayOfMonth(), width, text);
        case 'H' -> padded(date.getHour(), width, text);
        case 'm' -> {
          padded(date.getMinute(), width, text);
          if (letters.indexOf('s') < 0 && (date.getSecond() > 0 || date.getNano() > 0)) {
            seconds(date, text.append(':'));
          }
        }
        case 's' -> seconds(date, text);
        case 'X' -> text.append(Objects.requireNonNullElse(zone, ""));
        case '\'' -> {}
        default -> text.append(letters, at, at + width);
      }
      at += width;
    }
    return text.toString();
  }

  private String withTime() {
    return timed() ? pattern : pattern + " HH:mm";
  }

  private static boolean isMidnight(LocalDateTime date) {
    return date.toLocalTime().toNanoOfDay() == 0;
  }

  private static void seconds(LocalDateTime date, StringBuilder text) {
    padded(date.getSecond(), 2, text);
    int nanos = date.getNano();
    if (nanos > 0) {
      String digits = Integer.toString(1_000_000_000 + nanos).substring(1);
      text.append('.').append(digits.replaceAll("0+$", ""));
    }
  }

  private static void padded(int value, int width, StringBuilder text) {
    String digits = Integer.toString(value);
    text.append("0".repeat(Math.max(0, width - digits.length()))).append(digits);
  }
}
