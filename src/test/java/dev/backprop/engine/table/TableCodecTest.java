package dev.backprop.engine.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TableCodecTest {

  private static byte[] written(Table table) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TableCodec.write(table, out);
    return out.toByteArray();
  }

  private static Table read(byte[] bytes, int rows) throws IOException {
    return TableCodec.read(new ByteArrayInputStream(bytes), rows, ByteBudget.unbounded());
  }

  /// Columns of every form, with missing cells.
  private static Table table(int rows) {
    Random random = new Random(rows);
    TableBuilder table = Tables.builder();
    for (int row = 0; row < rows; row++) {
      table.number(table.column("bytes"), random.nextInt(100));
      table.number(table.column("shorts"), random.nextInt(20_000));
      table.number(table.column("floats"), random.nextInt() / 64.0f);
      table.number(table.column("doubles"), random.nextGaussian());
      table.number(table.column("more doubles"), row == 3 ? -0.0 : random.nextGaussian());
      if (row % 3 == 1) {
        table.missing(table.column("some"));
      } else {
        table.number(table.column("some"), row);
      }
      table.string(table.column("text \ud800 ü"), "value \udc00 " + random.nextInt(300));
      table.bool(table.column("truth"), random.nextBoolean());
      if (row % 2 == 0) {
        table.string(table.column("mixed"), "text");
      } else {
        table.number(table.column("mixed"), 2007);
      }
      table.endRow();
    }
    return table.build();
  }

  private static void assertSame(Table read, Table table) {
    assertThat(read.rows()).isEqualTo(table.rows());
    assertThat(read.bytes()).isEqualTo(table.bytes());
    assertThat(read.columns()).hasSameSizeAs(table.columns());
    for (int c = 0; c < table.columns().size(); c++) {
      Column expected = table.columns().get(c);
      Column column = read.columns().get(c);
      assertThat(column).hasSameClassAs(expected);
      assertThat(column.name()).isEqualTo(expected.name());
      assertThat(column.type()).isEqualTo(expected.type());
      assertThat(column.missing()).isEqualTo(expected.missing());
      assertThat(column.bytes()).isEqualTo(expected.bytes());
      assertThat(Tables.values(column)).isEqualTo(Tables.values(expected));
      for (int row = 0; row < table.rows(); row++) {
        assertThat(Double.doubleToRawLongBits(column.cell(row)))
            .isEqualTo(Double.doubleToRawLongBits(expected.cell(row)));
      }
      if (expected instanceof CategoricalColumn categorical) {
        assertThat(((CategoricalColumn) column).categories()).isEqualTo(categorical.categories());
      }
    }
  }

  @Test
  void readsEveryCellAsItWas() throws IOException {
    Table table = table(100);

    assertSame(read(written(table), Integer.MAX_VALUE), table);
  }

  @Test
  void readsDatesAsTheyWere() throws IOException {
    String[] cells = new String[400];
    Arrays.setAll(cells, row -> "2024-01-31T10:%02d:00.5+01:00".formatted(row % 60));
    cells[7] = "never";
    cells[9] = "";
    Table table = Tables.csv(Tables.lines("sold", cells));
    DateColumn expected = (DateColumn) table.columns().getFirst();

    Table read = read(written(table), Integer.MAX_VALUE);

    assertSame(read, table);
    DateColumn dates = (DateColumn) read.columns().getFirst();
    assertThat(dates.format()).isEqualTo(expected.format());
    assertThat(dates.format().zone()).isEqualTo("+01:00");
    assertThat(dates.missingTexts()).containsExactly("never");
    assertThat(dates.texts().text(7)).isEqualTo("never");
    assertThat(dates.notes()).isEqualTo(expected.notes());
  }

  /// A former version reads a table without dates.
  @Test
  void onlyATableWithDatesIsOfTheNewestForm() throws IOException {
    assertThat(form(Tables.csv("x", "2024-01-31"))).isEqualTo('3');
    assertThat(form(Tables.csv("x", "a"))).isEqualTo('2');
  }

  private static int form(Table table) throws IOException {
    return new java.util.zip.InflaterInputStream(new ByteArrayInputStream(written(table)))
        .readNBytes(4)[3];
  }

  @Test
  void readsManyRows() throws IOException {
    Table table = table(TableCodec.GROUP + 1);

    assertSame(read(written(table), Integer.MAX_VALUE), table);
  }

  @Test
  void readsATableWithoutRows() throws IOException {
    Table table = new Table(0, Tables.csv("a,b").columns());

    assertSame(read(written(table), Integer.MAX_VALUE), table);
  }

  @Test
  void readsTheFirstRowsFromTheBeginning() throws IOException {
    Table table = table(3 * TableCodec.GROUP);
    byte[] bytes = written(table);

    Table first = read(Arrays.copyOf(bytes, bytes.length / 2), 10);

    assertThat(first.rows()).isEqualTo(10);
    for (int c = 0; c < table.columns().size(); c++) {
      Column expected = table.columns().get(c);
      assertThat(Tables.values(expected))
          .startsWith(Tables.values(first.columns().get(c)).toArray());
    }
    assertThat(first.columns().get(5).missing()).isEqualTo(3);
  }

  @Test
  void tellsTheBudgetOfAllCategoriesBeforeTheyAreRead() throws IOException {
    TableBuilder builder = Tables.builder();
    for (int row = 0; row < 20_000; row++) {
      builder.string(builder.column("text"), "category " + row);
      builder.number(builder.column("x"), row);
      builder.endRow();
    }
    Table table = builder.build();
    long dictionary = ((CategoricalColumn) table.columns().getFirst()).dictionaryBytes();
    byte[] bytes = written(table);
    AtomicLong held = new AtomicLong();

    TableCodec.read(new ByteArrayInputStream(bytes), 10, held::set);

    assertThat(held.get()).isBetween(dictionary, dictionary + 10 * 2 * Double.BYTES);
    assertThatThrownBy(
            () ->
                TableCodec.read(
                    new ByteArrayInputStream(bytes),
                    10,
                    now -> {
                      throw new IllegalStateException("%d are too many".formatted(now));
                    }))
        .hasMessage(dictionary + 10 * Short.BYTES + " are too many");
  }

  @Test
  void keepsThatAColumnsCellsAreNotKept() throws IOException {
    Table table =
        new Table(5, java.util.List.of(new UnkeptColumn("ids", 5, 2, java.util.List.of("x"))));

    assertSame(read(written(table), Integer.MAX_VALUE), table);
  }

  @Test
  void refusesWhatIsCutOffOrNone() throws IOException {
    byte[] bytes = written(table(100));

    assertThatThrownBy(() -> read(Arrays.copyOf(bytes, bytes.length / 2), 100))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(
            () -> read("no table at all".getBytes(java.nio.charset.StandardCharsets.UTF_8), 100))
        .isInstanceOf(IOException.class);
  }
}
