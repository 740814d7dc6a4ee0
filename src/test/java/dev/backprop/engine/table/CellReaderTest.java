package dev.backprop.engine.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellReaderTest {

  private static CellReader reader(ColumnType type, String... categories) {
    return CellReader.of(
        new Schema.Field(
            "x",
            type,
            true,
            List.of(categories).stream().map(Label::text).toList(),
            Schema.Role.FEATURE,
            null,
            false,
            List.of("unknown")),
        MissingTokens.DEFAULT.with(List.of("-999")));
  }

  @ParameterizedTest
  @CsvSource({
    "00501, 0",
    "501, 1",
    "501.0, -1", // two are equal to it as numbers
    "1E5, 2",
    "100000, 2",
    "1e5, 2",
    "100001, -1",
    "TRUE, 3",
    "true, 3",
    "false, -1",
    "9007199254740993, 4",
    "9007199254740992, -1",
    "'  Private ', 5",
    "private, -1",
    "-999, NaN",
    "-999.0, -1",
    "unknown, NaN",
    "NA, NaN",
    "'', NaN"
  })
  void aCategoryIsMeantByItsTextOrElseAsTheOnlyEqualNumberOrTruth(String text, double cell) {
    CellReader reader =
        reader(
            ColumnType.CATEGORICAL, "00501", "501", "1E5", "TRUE", "9007199254740993", "Private");

    assertThat(reader.text(text)).isEqualTo(Double.valueOf(cell));
  }

  @Test
  void truthValuesOfWhichTwoAreMeantAreNone() {
    CellReader reader = reader(ColumnType.CATEGORICAL, "True", "TRUE", "False");

    assertThat(reader.text("TRUE")).isEqualTo(1);
    assertThat(reader.text("true")).isEqualTo(CellReader.UNSEEN);
    assertThat(reader.text("FALSE")).isEqualTo(2);
    assertThat(reader.bool(false, 0)).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"true, 1", "FALSE, 0", "True, 1", "1, 1", "0, 0", "NA, NaN", "unknown, NaN"})
  void aTruthValueIsAWordOrADigit(String text, double cell) {
    assertThat(reader(ColumnType.BOOLEAN).text(text)).isEqualTo(Double.valueOf(cell));
  }

  @ParameterizedTest
  @CsvSource({"yes", "2", "1.0", "T", "01"})
  void nothingElseIsATruthValue(String text) {
    assertThatThrownBy(() -> reader(ColumnType.BOOLEAN).text(text))
        .hasMessage("column 'x': must be true or false, or 1 or 0, was '" + text + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "3.5, 3.5",
    "+1e3, 1000",
    "-999, NaN",
    "-999.0, NaN",
    "-9.99e2, NaN",
    "nan, NaN",
    "unknown, NaN"
  })
  void aNumberThatEqualsATokenIsMissing(String text, double cell) {
    assertThat(reader(ColumnType.NUMERIC).text(text)).isEqualTo(Double.valueOf(cell));
  }

  @Test
  void aCellMeansTheSameAsTextAndAsJson() {
    CellReader numbers = reader(ColumnType.NUMERIC);
    CellReader categories =
        reader(ColumnType.CATEGORICAL, "2007", "0.00001", "12345678.5", "1e+21");
    CellReader truths = reader(ColumnType.BOOLEAN);

    assertThat(numbers.number(-999, 0)).isNaN();
    assertThat(numbers.number(-1, 0)).isEqualTo(-1);
    assertThat(categories.number(2007.0, 0)).isEqualTo(0);
    assertThat(categories.number(1e-5, 0)).isEqualTo(1);
    assertThat(categories.number(12345678.5, 0)).isEqualTo(2);
    assertThat(categories.number(1e21, 0)).isEqualTo(3);
    assertThat(categories.number(-999, 0)).isNaN();
    assertThat(truths.number(1, 0)).isEqualTo(1);
    assertThat(truths.bool(false, 0)).isEqualTo(0);
    assertThatThrownBy(() -> truths.number(0.5, 3))
        .hasMessage("column 'x', row 3: must be true or false, or 1 or 0, was '0.5'");
    assertThatThrownBy(() -> numbers.bool(true, 2))
        .hasMessage("column 'x', row 2: must be a number, was 'true'");
    assertThatThrownBy(() -> numbers.text("Infinity"))
        .hasMessage("column 'x': must be a number, was 'Infinity'");
    assertThatThrownBy(() -> numbers.text("1e999"))
        .hasMessage("column 'x': must be a finite number, was '1e999'");
  }

  @Test
  void numbersAndTruthValuesMeanWhatTheirTextsMean() {
    CellReader numbers = reader(ColumnType.NUMERIC);
    CellReader categories = reader(ColumnType.CATEGORICAL, "007", "1.5", "TRUE");

    assertThat(numbers.number(1.5)).isEqualTo(1.5);
    assertThat(numbers.number(-999)).isNaN();
    assertThat(categories.number(7)).isZero();
    assertThat(categories.number(1.5)).isEqualTo(1);
    assertThat(categories.number(8)).isEqualTo(CellReader.UNSEEN);
    assertThat(categories.bool(true)).isEqualTo(2);
    assertThat(reader(ColumnType.BOOLEAN).bool(false)).isZero();
    assertThatThrownBy(() -> numbers.bool(true)).hasMessageContaining("must be a number");
    assertThatThrownBy(() -> numbers.number(Double.POSITIVE_INFINITY))
        .hasMessageContaining("must be a finite number");
  }

  private static CellReader dates(DateFormat format, String... missing) {
    return CellReader.of(
        new Schema.Field(
            "x",
            ColumnType.DATE,
            true,
            List.of(),
            Schema.Role.FEATURE,
            null,
            false,
            List.of(missing),
            format),
        MissingTokens.DEFAULT);
  }

  @Test
  void datesMeanWhatTheirTextsMean() {
    double day = 1_769_817_600; // 2026-01-31
    CellReader zoned = dates(new DateFormat("yyyy-MM-dd'T'HH:mm:ssXXX", "+01:00"));

    assertThat(dates(DateFormat.DAY).local(day)).isEqualTo(day);
    assertThat(dates(DateFormat.DAY).instant(day)).isEqualTo(day);
    assertThat(dates(DateFormat.DAY, "2026-01-31").local(day)).isNaN();
    assertThat(zoned.instant(day)).isEqualTo(zoned.text("2026-01-31T00:00:00Z"));
    assertThat(zoned.instant(day)).isEqualTo(day + 3600);
    assertThatThrownBy(() -> zoned.local(day)).hasMessageContaining("must be a date");
    assertThatThrownBy(() -> reader(ColumnType.NUMERIC).local(day))
        .hasMessageContaining("must be a number, was '2026-01-31'");
  }
}
