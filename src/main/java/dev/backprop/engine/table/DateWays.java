package dev.backprop.engine.table;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Counts in which ways the texts of a column can be read as dates. If the year does not come
/// first, the values say whether the day or the month does; a point stands between parts only if
/// the day comes first.
final class DateWays {

  private final List<Way> ways = new ArrayList<>();
  private final DateText text = new DateText();

  /// One way, and what was seen of it.
  private static final class Way {

    final DateText.Order order;
    final char separator;
    final boolean zoned;

    /// Of the first text that is written in this way.
    final int zone;

    long cells;
    boolean shortDay;
    boolean timed;
    boolean seconds;
    boolean shortHour;
    char beforeTime;
    final String first;

    Way(DateText.Order order, DateText text, String first) {
      this.order = order;
      this.separator = text.separator();
      this.zoned = text.zoned();
      this.zone = text.zone();
      this.first = first;
    }

    boolean is(DateText.Order other, DateText text) {
      return order == other && separator == text.separator() && zoned == text.zoned();
    }

    /// Whether the same cells are dates with day and month exchanged.
    boolean isOtherOrderOf(Way way) {
      return this != way
          && cells == way.cells
          && separator == way.separator
          && zoned == way.zoned
          && order != DateText.Order.YEAR_FIRST
          && way.order != DateText.Order.YEAR_FIRST;
    }

    void see(DateText text, long times) {
      cells += times;
      shortDay |= text.shortDay();
      shortHour |= text.shortHour();
      seconds |= text.seconds();
      if (text.timed() && !timed) {
        timed = true;
        beforeTime = text.beforeTime();
      }
    }

    DateFormat format() {
      String day = shortDay ? "d" : "dd";
      String month = shortDay ? "M" : "MM";
      List<String> parts =
          switch (order) {
            case YEAR_FIRST -> List.of("yyyy", month, day);
            case DAY_FIRST -> List.of(day, month, "yyyy");
            case MONTH_FIRST -> List.of(month, day, "yyyy");
          };
      String pattern = String.join(String.valueOf(separator), parts);
      if (timed) {
        pattern +=
            (beforeTime == 'T' ? "'T'" : " ")
                + (shortHour ? "H:mm" : "HH:mm")
                + (seconds ? ":ss" : "")
                + (zoned ? "XXX" : "");
      }
      return new DateFormat(pattern, zoned ? ZoneOffset.ofTotalSeconds(zone).getId() : null);
    }
  }

  /// Counts the cells that have a text.
  void count(String value, long times) {
    char[] chars = value.toCharArray();
    if (times == 0 || !text.read(chars, 0, chars.length)) {
      return;
    }
    for (DateText.Order order : DateText.Order.values()) {
      boolean usual = order != DateText.Order.MONTH_FIRST || text.separator() != '.';
      if (usual && !Double.isNaN(text.seconds(order))) {
        way(order, value).see(text, times);
      }
    }
  }

  private Way way(DateText.Order order, String value) {
    for (Way way : ways) {
      if (way.is(order, text)) {
        return way;
      }
    }
    Way way = new Way(order, text, value);
    ways.add(way);
    return way;
  }

  /// The way in which most cells are dates.
  private @Nullable Way most() {
    return ways.stream().max(Comparator.comparingLong(way -> way.cells)).orElse(null);
  }

  /// How many cells are dates in the best way.
  long cells() {
    Way most = most();
    return most == null ? 0 : most.cells;
  }

  /// The format in which most cells are dates; null if none is in any.
  @Nullable DateFormat format() {
    Way most = most();
    return most == null ? null : most.format();
  }

  /// A date that as many cells of the column as any way read in two ways; null if the way is clear.
  @Nullable String ambiguous() {
    Way most = most();
    return most != null && ways.stream().anyMatch(way -> way.isOtherOrderOf(most))
        ? most.first
        : null;
  }
}
