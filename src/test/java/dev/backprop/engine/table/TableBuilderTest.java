package dev.backprop.engine.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableBuilderTest {

  @Test
  void infersTypesFromCsvCells() {
    Table table = Tables.csv("n,b,c,empty", "1,true,red,", "2.5,FALSE,blue,NA", "-3e2,True,red,?");

    assertThat(table.columns())
        .extracting(Column::type)
        .containsExactly(
            ColumnType.NUMERIC, ColumnType.BOOLEAN, ColumnType.CATEGORICAL, ColumnType.NUMERIC);
    assertThat(Tables.values(Tables.column(table, "n"))).containsExactly(1L, 2.5, -300L);
    assertThat(Tables.values(Tables.column(table, "b"))).containsExactly(true, false, true);
    assertThat(Tables.values(Tables.column(table, "c"))).containsExactly("red", "blue", "red");
    assertThat(Tables.column(table, "empty").missing()).isEqualTo(3);
  }

  @Test
  void numbersThatMeetTextBecomeCategoriesWithTheirOwnText() {
    String[] cells = {"2007.0", "", "unknown", "2008", "02009", "1e3", "+5", "-0", "0.0000001"};
    for (int turn = 0; turn < cells.length; turn++) {
      Column column = Tables.csv(Tables.lines("x", cells)).columns().getFirst();

      assertThat(column.type()).isEqualTo(ColumnType.CATEGORICAL);
      assertThat(Tables.values(column))
          .containsExactlyElementsOf(
              Arrays.stream(cells)
                  .map(cell -> (Object) (cell.isEmpty() ? "missing" : cell))
                  .toList());
      Collections.rotate(Arrays.asList(cells), 1);
    }
  }

  @Test
  void truthValuesThatMeetOthersBecomeCategories() {
    assertThat(Tables.values(Tables.csv("x", "TRUE", "maybe", "False").columns().getFirst()))
        .containsExactly("TRUE", "maybe", "False");
    assertThat(Tables.values(Tables.json(true, 1.0, false))).containsExactly("true", "1", "false");
    assertThat(Tables.values(Tables.json(1, true))).containsExactly("1", "true");
  }

  @Test
  void jsonStringsStayText() {
    Column column = Tables.json("1", "true", "NA", "01");

    assertThat(column.type()).isEqualTo(ColumnType.CATEGORICAL);
    assertThat(Tables.values(column)).containsExactly("1", "true", "missing", "01");
  }

  @Test
  void takesJsonRowsWithOtherAndFewerKeys() {
    TableBuilder builder = Tables.builder();
    Tables.jsonRow(builder, Map.of("a", 1));
    Tables.jsonRow(builder, Map.of("b", "x", "a", 2));
    Tables.jsonRow(builder, Map.of());
    Tables.jsonRow(builder, Map.of("c", true));
    Table table = builder.build();

    assertThat(Tables.values(Tables.column(table, "a")))
        .containsExactly(1L, 2L, "missing", "missing");
    assertThat(Tables.values(Tables.column(table, "b")))
        .containsExactly("missing", "x", "missing", "missing");
    assertThat(Tables.values(Tables.column(table, "c")))
        .containsExactly("missing", "missing", "missing", true);
  }

  @Test
  void theUsualTokensStandForMissing() {
    List<String> tokens = MissingTokens.DEFAULT.tokens();
    assertThat(String.join(" ", tokens))
        .isEqualTo(
            "NA N/A NaN nan -NaN -nan null NULL None n/a #N/A #N/A N/A #NA <NA> 1.#IND -1.#IND 1.#QNAN -1.#QNAN ?");
    Column column =
        Tables.csv(Tables.lines("x", tokens.toArray(String[]::new))).columns().getFirst();
    assertThat(column.missing()).isEqualTo(tokens.size());
    assertThat(Tables.values(Tables.csv("x", "na", "Nan", " NA ").columns().getFirst()))
        .containsExactly("na", "Nan", "missing");
  }

  @Test
  void otherTokensMayStandForMissing() {
    TableBuilder builder =
        TableBuilder.inferring(
            new MissingTokens(List.of("-999", "none", "")), ByteBudget.unbounded());
    Tables.fill(builder, "n,t", "-999.0,NA", "4,none", ",x");
    builder.number(0, -999);
    builder.endRow();
    Table table = builder.build();

    assertThat(Tables.values(Tables.column(table, "n")))
        .containsExactly("missing", 4L, "missing", "missing");
    assertThat(Tables.values(Tables.column(table, "t")))
        .containsExactly("NA", "missing", "x", "missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e400", "-1e400", "Infinity", "-inf", "+INF", "0047583311587E590003"})
  void whatIsNoFiniteNumberIsAText(String text) {
    assertThat(Tables.values(Tables.csv("x", "1", text, "2.50").columns().getFirst()))
        .containsExactly("1", text, "2.50");
    assertThat(Tables.values(Tables.csv("x", text, "1", "x").columns().getFirst()))
        .containsExactly(text, "1", "x");
    assertThatThrownBy(() -> Tables.json(Double.POSITIVE_INFINITY))
        .hasMessageContaining("must be a finite number, was 'Infinity'");
  }

  @Test
  void infinityAmongTextsIsAText() {
    assertThat(Tables.values(Tables.csv("x", "love", "infinity").columns().getFirst()))
        .containsExactly("love", "infinity");
  }

  @Test
  void refusesACellGivenTwice() {
    TableBuilder builder = Tables.builder();
    int column = builder.column("a");
    builder.number(column, 1);

    assertThatThrownBy(() -> builder.string(column, "x"))
        .hasMessage("column 'a', row 0: must be given once, was given twice");
  }

  @Test
  void keepsNumbersExactlyHoweverNarrowTheirChunks() {
    double[] values = {0, -127, 127, 128, 32767, -32768, 0.5, 1e38f, 0.1, 1e300, Double.MIN_VALUE};
    TableBuilder builder = Tables.builder();
    int column = builder.column("x");
    int repeats = CellsBuilder.CHUNK; // so that each value has a chunk of its own
    for (double value : values) {
      for (int i = 0; i < repeats; i++) {
        builder.number(column, value);
        builder.endRow();
      }
    }
    Column built = builder.build().columns().getFirst();

    for (int i = 0; i < values.length; i++) {
      assertThat(built.cell(i * repeats)).isEqualTo(values[i]);
      assertThat(built.cell(i * repeats + repeats - 1)).isEqualTo(values[i]);
    }
    assertThat(built.bytes()).isEqualTo(16 + 8L * values.length * repeats);
  }

  @ParameterizedTest
  @CsvSource({"-127, 1", "128, 2", "-32768, 4", "0.5, 4", "0.1, 8"})
  void keepsNumbersInTheNarrowestFormThatHoldsThemAll(String widest, int bytes) {
    Column column = Tables.csv("x", "0", widest, "", "127").columns().getFirst();

    assertThat(column.bytes()).isEqualTo(16 + 4 * bytes); // -32768 is the short that is missing
    assertThat(column.cell(1)).isEqualTo(Double.parseDouble(widest));
    assertThat(column.cell(2)).isNaN();
  }

  @Test
  void widensWithinAChunkAndKeepsWhatIsMissing() {
    Column column = Tables.csv("x", "1", "NA", "300", "?", "1.5", "", "0.1").columns().getFirst();

    assertThat(Tables.values(column))
        .containsExactly(1L, "missing", 300L, "missing", 1.5, "missing", 0.1);
    assertThat(column.missing()).isEqualTo(3);
  }

  @Test
  void keepsManyColumnsOfEveryKindSideBySide() {
    double[] scale = {1, 300, 0.5, 0.1};
    TableBuilder builder = Tables.builder();
    for (int c = 0; c < 150; c++) {
      builder.column("x" + c);
    }
    for (int row = 0; row < 100; row++) {
      for (int c = 0; c < 150; c++) {
        if ((row + c) % 13 == 0) {
          builder.missing(c);
        } else {
          builder.number(c, (row - c) * scale[c / 40]);
        }
      }
      builder.endRow();
    }
    List<Column> columns = builder.build().columns();

    for (int c = 0; c < 150; c++) {
      double[] gathered = new double[2];
      columns.get(c).gather(new int[] {99, 0, 57}, 1, 2, gathered, 0, 1);
      assertThat(gathered).containsExactly(columns.get(c).cell(0), columns.get(c).cell(57));
      assertThat(columns.get(c).name()).isEqualTo("x" + c);
      assertThat(columns.get(c).rows()).isEqualTo(100);
      for (int row = 0; row < 100; row++) {
        double cell = columns.get(c).cell(row);
        if ((row + c) % 13 == 0) {
          assertThat(cell).isNaN();
        } else {
          assertThat(cell).isEqualTo((row - c) * scale[c / 40]);
        }
      }
    }
  }

  @Test
  void gathersCellsWithAStride() {
    Column column = Tables.csv("x", "10", "20", "30", "40").columns().getFirst();
    double[] into = {-1, -1, -1, -1, -1};

    column.gather(new int[] {3, 0, 2}, 1, 2, into, 1, 2);

    assertThat(into).containsExactly(-1, 10, -1, 30, -1);
  }

  @Test
  void doesNotKeepATextColumnOfTooManyValues() {
    List<Long> told = new ArrayList<>();
    TableBuilder builder = TableBuilder.inferring(MissingTokens.DEFAULT, told::add);
    int column = builder.column("id");
    int rows = TableBuilder.MAX_CATEGORIES + 10;
    for (int row = 0; row < rows; row++) {
      builder.text(column, row == 7 ? "" : "user-" + row);
      builder.endRow();
    }
    builder.endRow();
    Column built = builder.build().columns().getFirst();

    assertThat(built).isInstanceOf(UnkeptColumn.class);
    assertThat(built.rows()).isEqualTo(rows + 1);
    assertThat(built.missing()).isEqualTo(2);
    assertThat(built.type()).isEqualTo(ColumnType.CATEGORICAL);
    assertThat(built.json(0)).isNull();
    assertThat(built.cell(0)).isNaN();
    double[] into = new double[1];
    built.gather(new int[] {5}, 0, 1, into, 0, 1);
    assertThat(into[0]).isNaN();
    assertThat(told.getLast()).isLessThan(1000); // the dictionary was given back
    assertThat(told).anyMatch(bytes -> bytes > 9_000_000);
  }

  @Test
  void doesNotKeepTooManyNumbersThatMeetText() {
    TableBuilder builder = Tables.builder();
    int column = builder.column("id");
    int rows = TableBuilder.MAX_CATEGORIES + 1;
    for (int row = 0; row < rows; row++) {
      builder.number(column, row);
      builder.endRow();
    }
    builder.missing(column);
    builder.endRow();
    for (String text : List.of("a", "b", "c", "d")) {
      builder.string(column, text);
      builder.endRow();
    }
    Column built = builder.build().columns().getFirst();

    assertThat(built).isInstanceOf(UnkeptColumn.class);
    assertThat(built.rows()).isEqualTo(rows + 5);
    assertThat(built.missing()).isEqualTo(1);
  }

  @Test
  void tellsTheBudgetBeforeItIsExceededByMuch() {
    TableBuilder builder =
        TableBuilder.inferring(
            MissingTokens.DEFAULT,
            bytes -> {
              if (bytes > 200_000) {
                throw new IllegalStateException("full at " + bytes);
              }
            });
    int column = builder.column("x");

    assertThatThrownBy(
            () -> {
              for (int i = 0; ; i++) {
                builder.number(column, i + 0.1);
                builder.endRow();
              }
            })
        .hasMessageStartingWith("full at ");
    assertThat(builder.rows()).isBetween(16_000, 33_000);
  }

  @Test
  void tellsTheBudgetWhatTheTableHolds() {
    List<Long> told = new ArrayList<>();
    TableBuilder builder = TableBuilder.inferring(MissingTokens.DEFAULT, told::add);
    Tables.fill(builder, "a,b", "1,x", "2.5,y", "3,x");
    Table table = builder.build();

    assertThat(told.getLast() - table.bytes()).isBetween(400L, 410L); // two columns, their names
  }

  @Test
  void refusesMoreColumnsThanATableMayHave() {
    TableBuilder builder = Tables.builder();
    for (int i = 0; i < TableBuilder.MAX_COLUMNS; i++) {
      builder.column("c" + i);
    }
    assertThatThrownBy(() -> builder.column("one more"))
        .hasMessageContaining("at most 50000 columns");
    assertThat(builder.columns()).isEqualTo(50_000);
    assertThat(builder.name(17)).isEqualTo("c17");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "007, 7",
    "+5, 5",
    ".5, 0.5",
    "5., 5",
    "1E3, 1000",
    "1e-3, 0.001",
    "123456789012345678, 123456789012345680",
    "0.000000000000000000000000000001, 1e-30",
    "9007199254740993, 9007199254740992",
    "1.7976931348623157e308, 1.7976931348623157e+308",
    "4.9e-324, 5e-324",
    "1e-400, 0",
    "2.2250738585072011e-308, 2.225073858507201e-308",
    "0.1, 0.1",
    "-122.230000, -122.23",
    "100000000000000000000000000000000000000, 1e+38",
    "1e21, 1e+21",
    "123456789012345678901, 123456789012345680000",
    "0.000001, 0.000001",
    "0.0000001, 1e-7",
    "-1.5e-7, -1.5e-7",
    "12345678.5, 12345678.5",
    "1e-5, 0.00001"
  })
  void readsNumbersToTheNearestDouble(String text, String canonical) {
    assertThat(Numbers.parse(text)).isEqualTo(Double.parseDouble(text));
    assertThat(Label.canonical(Numbers.parse(text))).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        ".",
        "1e",
        "1e+",
        "1x",
        "0x10",
        "1d",
        "1f",
        "1,5",
        "1 000",
        "--1",
        "NaN",
        "e5",
        "1e5.5",
        "1.2.3",
        "infinite",
        "Infinity",
        "12f",
        "0x1p3",
        "in"
      })
  void takesNothingElseForANumber(String text) {
    assertThat(Numbers.parse(text)).isNaN();
  }
}
