package dev.backprop.engine.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAdjusters;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DateFormatTest {

  private static double seconds(LocalDateTime time) {
    return time.toEpochSecond(ZoneOffset.UTC) + time.get(ChronoField.NANO_OF_SECOND) / 1e9;
  }

  private static double read(String pattern, String text) {
    return new DateFormat(pattern, pattern.endsWith("XXX") ? "+01:00" : null).reader().read(text);
  }

  @ParameterizedTest
  @CsvSource({
    "yyyy-MM-dd, 2024-02-29, 2024-02-29T00:00",
    "yyyy-MM-dd, 1969-12-31 23:59:59, 1969-12-31T23:59:59",
    "yyyy/MM/dd, 2024/2/9, 2024-02-09T00:00",
    "dd.MM.yyyy, 31.01.2024 7:05, 2024-01-31T07:05",
    "MM/dd/yyyy, 1/31/2024 12:05 AM, 2024-01-31T00:05",
    "MM/dd/yyyy, 01/31/2024 12:05:09pm, 2024-01-31T12:05:09",
    "dd/MM/yyyy, 31/01/2024, 2024-01-31T00:00",
    "dd-MM-yyyy, 2024-01-31T10:20:30.25, 2024-01-31T10:20:30.250",
    "yyyy-MM-dd, '2024-01-31T10:20:30,25', 2024-01-31T10:20:30.250",
  })
  void readsItsOwnFormAndIso(String pattern, String text, String time) {
    LocalDateTime expected = LocalDateTime.parse(time);

    assertThat(read(pattern, text)).isEqualTo(seconds(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "2024-01-31T10:00:00Z, 2024-01-31T10:00:00Z",
    "2024-01-31 10:00 UTC, 2024-01-31T10:00:00Z",
    "2024-01-31T10:00:00-05:00, 2024-01-31T10:00:00-05:00",
    "2024-01-31T10:00:00.5+0530, 2024-01-31T10:00:00.5+05:30",
    "2024-01-31 10:00+01, 2024-01-31T10:00:00+01:00",
  })
  void aZonedTextIsReadOnTheClockOfTheColumn(String text, String time) {
    LocalDateTime expected =
        OffsetDateTime.parse(time).withOffsetSameInstant(ZoneOffset.ofHours(1)).toLocalDateTime();

    assertThat(read("yyyy-MM-dd'T'HH:mmXXX", text)).isEqualTo(seconds(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2023-02-29",
        "2024-13-01",
        "2024-00-01",
        "0000-01-01",
        "2024-01-32",
        "2024-1",
        "24-01-31",
        "2024-01.31",
        "2024-01-31T",
        "2024-01-31T10",
        "2024-01-31T10:00:00x",
        "2024-01-31T24:00",
        "2024-01-31T10:60",
        "2024-01-31T10:00:60",
        "2024-01-31 13:00 PM",
        "2024-01-31T10:00Z", // the column has no zone
        "31.01.2024", // another order
        "2024/01/31", // another sign
        "20240131",
        "12024-01-31",
        "2024-01-031",
        "",
        "1706659200",
      })
  void readsNothingElse(String text) {
    assertThat(read("yyyy-MM-dd", text)).isNaN();
  }

  @Test
  void aZonedColumnReadsNoTextWithoutAZone() {
    assertThat(read("yyyy-MM-dd'T'HH:mmXXX", "2024-01-31T10:00")).isNaN();
    assertThat(read("yyyy-MM-dd'T'HH:mmXXX", "2024-01-31T10:00+18:01")).isNaN();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yyyy-MM-dd",
        "d/M/yyyy H:mm",
        "MM/dd/yyyy HH:mm:ss",
        "dd.MM.yyyy",
        "yyyy-MM-dd'T'HH:mm:ssXXX"
      })
  void itsTextReadsBack(String pattern) {
    DateFormat format = new DateFormat(pattern, pattern.endsWith("XXX") ? "-03:30" : null);
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      double cell = random.nextLong(-62_135_596_800L, 253_402_300_800L);
      cell = i % 3 == 0 ? Math.floor(cell / 86_400) * 86_400 : i % 3 == 1 ? cell : cell + 0.5;
      assertThat(format.reader().read(format.text(cell))).isEqualTo(cell);
    }
    assertThat(format.reader().read(format.text(1_706_659_200.123456)))
        .isEqualTo(1_706_659_200.123456);
  }

  @ParameterizedTest
  @CsvSource({
    "dd/yyyy/MM,",
    "yyyy-MM/dd,",
    "MM.dd.yyyy,",
    "yyyy-MM-dd'T'HH:mmXXX,",
    "yyyy-MM-dd,Z",
    "yyyy-MM-dd'T'HH:mmXXX,Europe/Berlin",
    "yyyy-MM-dd'T'HH:mmXXX,+19:00",
    "'',",
  })
  void refusesOtherPatterns(String pattern, String zone) {
    assertThatThrownBy(() -> new DateFormat(pattern, zone))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// Against `java.time`, on every day of four centuries and some before.
  @Test
  void thePartsAreThoseOfTheCalendar() {
    for (LocalDate day = LocalDate.of(1595, 1, 1);
        day.isBefore(LocalDate.of(2032, 1, 1));
        day = day.plusDays(1)) {
      double cell = day.toEpochDay() * 86_400.0 + 13 * 3600 + 30 * 60 + 59.5;
      long calendar = DatePart.calendar(cell);
      assertThat(DatePart.YEAR.of(cell, calendar)).isEqualTo(day.getYear());
      assertThat(DatePart.month(calendar)).isEqualTo(day.getMonthValue());
      assertThat(DatePart.dayOfYear(calendar)).isEqualTo(day.getDayOfYear() - 1);
      assertThat(DatePart.weekday(calendar)).isEqualTo(day.getDayOfWeek().getValue() - 1);
      assertThat(DatePart.MONTH_END.of(cell, calendar))
          .isEqualTo(day.equals(day.with(TemporalAdjusters.lastDayOfMonth())) ? 1 : 0);
      assertThat(DatePart.WEEKEND.of(cell, calendar))
          .isEqualTo(day.getDayOfWeek().getValue() > 5 ? 1 : 0);
      assertThat(DatePart.HOUR_SIN.of(cell, calendar))
          .isEqualTo(StrictMath.sin(2 * StrictMath.PI * (13 * 60 + 30) / 1440));
      assertThat(DatePart.ELAPSED.of(cell, calendar)).isEqualTo(cell / 86_400);
    }
  }

  @Test
  void placesOnACircle() {
    double christmas = LocalDate.of(2023, 12, 25).toEpochDay() * 86_400.0; // a Monday
    long calendar = DatePart.calendar(christmas);

    assertThat(DatePart.MONTH_SIN.of(christmas, calendar))
        .isEqualTo(StrictMath.sin(2 * StrictMath.PI * 11 / 12));
    assertThat(DatePart.MONTH_COS.of(christmas, calendar))
        .isEqualTo(StrictMath.cos(2 * StrictMath.PI * 11 / 12));
    assertThat(DatePart.WEEKDAY_SIN.of(christmas, calendar)).isZero();
    assertThat(DatePart.WEEKDAY_COS.of(christmas, calendar)).isOne();
    assertThat(DatePart.DAY_OF_YEAR_COS.of(christmas, calendar))
        .isEqualTo(StrictMath.cos(2 * StrictMath.PI * 358 / 366));
    assertThat(DatePart.HOUR_COS.of(christmas, calendar)).isOne();
  }
}
