package dev.backprop.engine.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which columns are found to be dates, and what they become as another type.
class DateColumnTest {

  private static Column column(List<String> cells) {
    return column(cells, TableBuilder.Reading.of(MissingTokens.DEFAULT));
  }

  private static Column column(List<String> cells, TableBuilder.Reading reading) {
    TableBuilder builder = TableBuilder.inferring(reading, ByteBudget.unbounded());
    cells.forEach(
        cell -> {
          builder.text(builder.column("x"), cell);
          builder.endRow();
        });
    return builder.build().columns().getFirst();
  }

  private static List<String> times(int n, String cell) {
    return Collections.nCopies(n, cell);
  }

  private static List<String> and(List<String> cells, String... more) {
    List<String> all = new ArrayList<>(cells);
    all.addAll(List.of(more));
    return all;
  }

  @ParameterizedTest
  @CsvSource({
    "yyyy-MM-dd, 2024-01-31, 2024-02-01",
    "yyyy/M/d, 2024/1/31, 2024/02/01",
    "yyyy-MM-dd HH:mm, 2024-01-31 10:00, 2024-02-01",
    "yyyy-MM-dd'T'HH:mm:ss, 2024-01-31T10:00:07, 2024-02-01T10:00",
    "dd.MM.yyyy, 01.02.2024, 02.03.2024",
    "dd/MM/yyyy, 01/02/2024, 13/03/2024",
    "MM/dd/yyyy, 01/02/2024, 03/13/2024",
    "d-M-yyyy, 1-2-2024, 13-03-2024",
    "yyyy-MM-dd'T'HH:mm:ssXXX, 2024-01-31T10:00:00+01:00, 2024-01-31T10:00:00-05:00",
  })
  void dates(String pattern, String first, String second) {
    Column column = column(List.of(first, "NA", second));

    assertThat(column.type()).isEqualTo(ColumnType.DATE);
    assertThat(((DateColumn) column).format().pattern()).isEqualTo(pattern);
    assertThat(column.missing()).isOne();
    assertThat(column.notes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "01/02/2024, 03/04/2024", // day or month first
    "2024-01-31, 2024-02-30", // no day
    "2024-01-31, 2024/02/01", // two signs
    "13/01/2024, 01/13/2024", // two orders
    "2024-01-31T10:00Z, 2024-01-31T10:00", // with and without a zone
    "2024-01, 2024-02",
    "10:00, 11:30",
    "1.2.3, 1.2.4",
    "13.01.24, 14.01.24",
  })
  void noDates(String first, String second) {
    assertThat(column(List.of(first, second)).type()).isEqualTo(ColumnType.CATEGORICAL);
  }

  @Test
  void tellsOfDatesWhoseOrderIsOpen() {
    assertThat(column(List.of("01/02/2024", "03/04/2024")).notes())
        .containsExactly(
            "column 'x' has dates such as '01/02/2024', of which nothing says whether the day or the month comes first, and is taken for categories; write them as 2026-01-31");
  }

  @Test
  void theZoneIsThatOfTheFirstRow() {
    DateColumn column =
        (DateColumn) column(List.of("2024-01-31T10:00-05:00", "2024-01-31T10:00Z", "NA"));

    assertThat(column.format().zone()).isEqualTo("-05:00");
    assertThat(Tables.values(column))
        .containsExactly("2024-01-31T10:00-05:00", "2024-01-31T05:00-05:00", "missing");
    assertThat(column.cell(0)).isEqualTo(seconds("2024-01-31T10:00"));
    assertThat(column.cell(1)).isEqualTo(seconds("2024-01-31T05:00"));
  }

  private static double seconds(String time) {
    return LocalDateTime.parse(time).toEpochSecond(ZoneOffset.UTC);
  }

  @Test
  void aFewOtherTextsAreMissing() {
    Column column = column(and(times(297, "2024-01-31"), "never", "tbd", "?", "tbd"));

    assertThat(column.type()).isEqualTo(ColumnType.DATE);
    assertThat(column.missing()).isEqualTo(4);
    assertThat(((DateColumn) column).missingTexts()).containsExactly("never", "tbd");
    assertThat(column.notes())
        .containsExactly(
            "column 'x' has dates but for 3 of 300 cells, whose text 'never' or 'tbd' counts as missing; to have it as a category, type it categorical");
    assertThat(column(and(times(296, "2024-01-31"), "never", "tbd", "tbd")).type())
        .isEqualTo(ColumnType.CATEGORICAL); // 2 of 298 would be fine, 3 of 299 are too many
    assertThat(column(and(times(9999, "2024-01-31"), "a", "b", "c")).type())
        .isEqualTo(ColumnType.DATE);
    assertThat(column(and(times(9999, "2024-01-31"), "a", "b", "c", "d")).type())
        .isEqualTo(ColumnType.CATEGORICAL);
  }

  @Test
  void tokensAreMissingThoughTheyAreDates() {
    Column column =
        column(
            List.of("1900-01-01", "2024-01-31"),
            TableBuilder.Reading.of(new MissingTokens(List.of("1900-01-01"))));

    assertThat(Tables.values(column)).containsExactly("missing", "2024-01-31");
  }

  @Test
  void textsThatAreAskedForStayTexts() {
    assertThat(
            column(
                    List.of("2024-01-31", "2024-02-01"),
                    new TableBuilder.Reading(MissingTokens.DEFAULT, Set.of("x"), Set.of()))
                .type())
        .isEqualTo(ColumnType.CATEGORICAL);
    TableBuilder late = TableBuilder.inferring(MissingTokens.NONE, ByteBudget.unbounded());
    late.string(late.column("x"), "2024-01-31");
    late.endRow();
    late.string(late.column("x"), "-");
    late.endRow();
    Column column = late.build(new MissingTokens(List.of("-")), Set.of("x")).columns().getFirst();
    assertThat(column.type()).isEqualTo(ColumnType.CATEGORICAL);
    assertThat(column.missing()).isOne();
  }

  @Test
  void jsonStringsAreDates() {
    assertThat(Tables.json("2024-01-31", "", "2024-02-01").type()).isEqualTo(ColumnType.DATE);
    assertThat(Tables.json("2024-01-31", 7, "2024-02-01").type()).isEqualTo(ColumnType.CATEGORICAL);
  }

  private static List<String> manyTimes(int n) {
    LocalDateTime first = LocalDateTime.of(2001, 1, 1, 0, 0);
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      cells.add(first.plusMinutes(i).toString());
    }
    return cells;
  }

  @Test
  void moreDatesThanTextsAreKept() {
    List<String> cells = manyTimes(TableBuilder.MAX_CATEGORIES + 1000);
    DateColumn column = (DateColumn) column(and(cells, "never", "", "2100-01-01"));

    assertThat(column.cell(0)).isEqualTo(seconds("2001-01-01T00:00"));
    assertThat(column.cell(cells.size() - 1)).isEqualTo(seconds(cells.getLast()));
    assertThat(column.cell(cells.size() + 2)).isEqualTo(seconds("2100-01-01T00:00"));
    assertThat(column.missing()).isEqualTo(2);
    assertThat(column.missingTexts()).containsExactly("never");
  }

  @Test
  void ofManyTextsThatAreNoDatesNothingIsKept() {
    Column column =
        column(and(manyTimes(TableBuilder.MAX_CATEGORIES + 1000), "a", "b", "c", "d", ""));

    assertThat(column).isInstanceOf(UnkeptColumn.class);
    assertThat(column.missing()).isOne();
  }

  @Test
  void tokensThatComeLateAreMissingAmongManyDates() {
    TableBuilder late = TableBuilder.inferring(MissingTokens.NONE, ByteBudget.unbounded());
    List<String> cells = and(manyTimes(TableBuilder.MAX_CATEGORIES + 1), "-", "1900-01-01");
    for (String cell : cells) {
      late.string(late.column("x"), cell);
      late.endRow();
    }
    DateColumn column =
        (DateColumn)
            late.build(new MissingTokens(List.of("-", "1900-01-01")), Set.of())
                .columns()
                .getFirst();

    assertThat(column.missing()).isEqualTo(2);
    assertThat(column.missingTexts()).isEmpty();
    assertThat(column.cell(7)).isEqualTo(seconds("2001-01-01T00:07"));
  }

  private static Column retyped(Column column, ColumnType type) {
    return new Table(column.rows(), List.of(column)).retyped("x", type).columns().getFirst();
  }

  @Test
  void asCategoriesTheyHaveTheirTexts() {
    Column categories =
        retyped(
            column(and(times(99, "31.01.2024"), "never", "01.02.2024", "")),
            ColumnType.CATEGORICAL);

    assertThat(((CategoricalColumn) categories).categories())
        .containsExactly(Label.text("31.01.2024"), Label.text("never"), Label.text("01.02.2024"));
    assertThat(categories.missing()).isOne();
    assertThat(categories.notes()).isEmpty();
  }

  @Test
  void tellsIfItsCategoriesAreWrittenOtherwise() {
    assertThat(retyped(column(List.of("1.1.2024", "01.02.2024")), ColumnType.CATEGORICAL).notes())
        .containsExactly(
            "column 'x' was read as dates, and its categories are written as d.M.yyyy: '01.02.2024' is '1.2.2024'; to keep the texts, upload with categorical=x");
  }

  @Test
  void theyAreNeitherNumbersNorTruthValues() {
    Column dates = column(List.of("", "2024-01-31"));

    assertThatThrownBy(() -> retyped(dates, ColumnType.NUMERIC))
        .hasMessage("column 'x', row 1: must be a finite number to be numeric, was '2024-01-31'");
    assertThatThrownBy(() -> retyped(dates, ColumnType.BOOLEAN))
        .hasMessage(
            "column 'x', row 1: must be true or false, or 1 or 0, to be boolean, was '2024-01-31'");
  }

  @Test
  void ifTheTypeIsAskedForEveryCellIsADate() {
    assertThatThrownBy(
            () -> retyped(column(and(times(99, "31.01.2024"), "never")), ColumnType.DATE))
        .hasMessage(
            "column 'x', row 99: must be a date such as 31.01.2026 to be one of dates, was 'never'");
    assertThatThrownBy(() -> retyped(column(List.of("a", "2024-01-31")), ColumnType.DATE))
        .hasMessage(
            "column 'x', row 0: must be a date such as 2026-01-31 to be one of dates, was 'a'");
    assertThatThrownBy(() -> retyped(column(List.of("", "2024")), ColumnType.DATE))
        .hasMessage(
            "column 'x', row 1: must be a date such as 2026-01-31 to be one of dates, was '2024'");
    assertThatThrownBy(() -> retyped(column(List.of("03/04/2024", "01/02/2024")), ColumnType.DATE))
        .hasMessage(
            "column 'x', row 0: must be dates of which one says whether the day or the month comes first, none does; write '03/04/2024' as 2026-01-31");
    Column texts =
        column(
            List.of("2024-01-31", "", "2024-02-01"),
            new TableBuilder.Reading(MissingTokens.DEFAULT, Set.of("x"), Set.of()));
    assertThat(Tables.values(retyped(texts, ColumnType.DATE)))
        .containsExactly("2024-01-31", "missing", "2024-02-01");
  }

  private static Table conformed(Schema.Field field, String... cells) {
    Schema schema =
        new Schema(List.of(field), new Target.Numbers(List.of()), MissingTokens.DEFAULT);
    return schema.conform(new Table(cells.length, List.of(column(List.of(cells)))), false);
  }

  private static Schema.Field field(String... cells) {
    return Schema.Field.of(column(List.of(cells)), Schema.Role.FEATURE).nullable(true);
  }

  @Test
  void inAnotherTableACellMeansWhatItMeansInARow() {
    Schema.Field ofPoints = field("31.01.2024 10:00", "01.02.2024 11:30");

    assertThat(Tables.values(conformed(ofPoints, "2024-01-31", "NA").columns().getFirst()))
        .containsExactly("31.01.2024 00:00", "missing");
    assertThat(conformed(ofPoints, "1.1.2024 9:00").columns().getFirst().cell(0))
        .isEqualTo(seconds("2024-01-01T09:00"));
    assertThat(Tables.values(conformed(ofPoints, "NA", "NA").columns().getFirst()))
        .containsExactly("missing", "missing");
    assertThatThrownBy(() -> conformed(ofPoints, "31/01/2024"))
        .hasMessage("column 'x', row 0: must be a date such as 31.01.2026 14:30, was '31/01/2024'");
    assertThatThrownBy(() -> conformed(ofPoints, "5"))
        .hasMessage("column 'x', row 0: must be a date such as 31.01.2026 14:30, was '5'");
    assertThatThrownBy(() -> conformed(ofPoints, "soon", "later"))
        .hasMessage("column 'x', row 0: must be a date such as 31.01.2026 14:30, was 'soon'");
    // If the other table does not say whether the day comes first, the model does.
    assertThat(
            Tables.values(
                conformed(field("31/01/2024"), "01/02/2024", "03/02/2024").columns().getFirst()))
        .containsExactly("01/02/2024", "03/02/2024");
  }

  @Test
  void categoriesOfAFormerModelFindTheTextsOfDates() {
    Schema.Field former =
        new Schema.Field(
            "x",
            ColumnType.CATEGORICAL,
            false,
            List.of(Label.text("2024-01-31"), Label.text("2024-02-01")),
            Schema.Role.FEATURE,
            null,
            false);

    CategoricalColumn column =
        (CategoricalColumn)
            conformed(former, "2024-02-01", "2024-03-01", "2024-01-31").columns().getFirst();

    assertThat(column.categories())
        .extracting(Label::text)
        .containsExactly("2024-01-31", "2024-02-01", "2024-03-01");
    assertThat(Tables.values(column)).containsExactly("2024-02-01", "2024-03-01", "2024-01-31");
  }

  @Test
  void aTokenOfTheModelIsMissingInAnotherTable() {
    Schema schema =
        new Schema(
            List.of(field("2024-01-31", "2024-02-01")),
            new Target.Numbers(List.of()),
            new MissingTokens(List.of("1900-01-01")));

    assertThat(
            Tables.values(
                schema
                    .conform(
                        new Table(2, List.of(column(List.of("1900-01-01", "2024-01-31")))), false)
                    .columns()
                    .getFirst()))
        .containsExactly("missing", "2024-01-31");
  }
}
