package dev.backprop.service.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.NumberFormat;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.Target;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTableReaderTest {

  private static Table read(String text, CsvOptions options) throws IOException {
    return read(text.getBytes(StandardCharsets.UTF_8), options);
  }

  private static Table read(byte[] bytes, CsvOptions options) throws IOException {
    TableBuilder builder = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    CsvTableReader.read(new ByteArrayInputStream(bytes), options, builder);
    return builder.build();
  }

  private static CsvOptions options(char delimiter, boolean header) {
    return new CsvOptions(delimiter, header, NumberFormat.PLAIN, StandardCharsets.UTF_8);
  }

  private static Table read(String text) throws IOException {
    return read(text, CsvOptions.DEFAULT);
  }

  private static List<Object> column(Table table, int index) {
    return Cells.of(table.columns().get(index));
  }

  @Test
  void readsHeaderAndCells() throws IOException {
    Table table = read("name,age\nAnn,31\n\"Bo, the \"\"second\"\"\",NA\n");

    assertThat(table.rows()).isEqualTo(2);
    assertThat(table.columns()).extracting(c -> c.name()).containsExactly("name", "age");
    assertThat(column(table, 0)).containsExactly("Ann", "Bo, the \"second\"");
    assertThat(column(table, 1)).containsExactly(31L, "missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a,b\n1,x\n2,y",
        "a,b\r\n1,x\r\n2,y\r\n",
        "a,b\r1,x\r2,y\r",
        "\n\na,b\n\n1,x\n2,y\n\n",
        "\uFEFFa,b\n1,x\n2,y\n",
        "\"a\",\"b\"\n\"1\",\"x\"\n2,y\n",
        " a ,b\n 1,\tx \n2 , y\n",
        " \"a\", \" b \" \n\"1 \",\t\"x\"\t\n2,y\n",
        "sep=,\na,b\n1,x\n2,y\n",
        "\uFEFFSEP=;\r\na;b\r\n1;x\r\n2;y\r\n",
        "a,b\n \n1,x\n2,y\n\t\n"
      })
  void takesEveryUsualWayToWriteATable(String text) throws IOException {
    Table table = read(text);

    assertThat(table.columns()).extracting(c -> c.name()).containsExactly("a", "b");
    assertThat(column(table, 0)).containsExactly(1L, 2L);
    assertThat(column(table, 1)).containsExactly("x", "y");
  }

  @Test
  void takesQuotedLineBreaksAndSpaces() throws IOException {
    Table table = read("a,b\n1,\"two\r\nlines \"\n2,\"\"\n");

    assertThat(column(table, 1)).containsExactly("two\r\nlines", "missing");
  }

  @Test
  void takesOtherDelimitersAndTablesWithoutHeader() throws IOException {
    Table table = read("1;x,y\n2;z\n", options(';', false));

    assertThat(table.columns()).extracting(c -> c.name()).containsExactly("c1", "c2");
    assertThat(column(table, 0)).containsExactly(1L, 2L);
    assertThat(column(table, 1)).containsExactly("x,y", "z");
    assertThat(column(read("a\tb\n1\t\"x\ty\"\n", options('\t', true)), 1)).containsExactly("x\ty");
  }

  @Test
  void namesAColumnWithoutNameByItsPlace() throws IOException {
    TableBuilder builder = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    List<String> warnings =
        CsvTableReader.read(
            new ByteArrayInputStream(",a\n1,2\n".getBytes(StandardCharsets.UTF_8)),
            CsvOptions.DEFAULT,
            builder);

    assertThat(warnings).containsExactly("column 1 has no name and is called 'c1'");
    assertThat(builder.build().column("c1")).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a,b/1,2/3/|line 3: must have 2 cells as the first line, has 1",
        "a,b/1,2,3/|line 2: must have 2 cells as the first line, has more",
        "a,b,a/1,2,3/|line 1: the names of the columns must differ, 'a' stands there twice",
        "a,b/1,2/3,\"x/4,5/|line 3: the quote that opens here must be closed",
        "a,b/1,2/\"x,4/4,5/6,7|line 3: the quote that opens here must be closed",
        "a,b/1,\"x\"\"/|line 2: the quote that opens here must be closed",
        "a,b/1,\"x\"y/2,z|line 2: a cell must end at its closing quote, goes on",
        "1,2/3,4/|line 1: must be a header with the names of the columns, has only numbers; give header=false where there is none",
        "//1/2|line 3: must be a header with the names of the columns, has only numbers; give header=false where there is none",
        "''|line 1: must have a header and rows, is empty",
        "a,b/1,\"x\" y/2,z|line 2: a cell must end at its closing quote, goes on",
        "a,b/1,\"x\" \"y\"/2,z|line 2: a cell must end at its closing quote, goes on",
        "a,b/1,\"x\" /\"y\" \"/|line 3: a cell must end at its closing quote, goes on",
        "sep=;/a;b/1|line 3: must have 2 cells as the first line, has 1",
        "sep=;/a;b/1;\"2|line 3: the quote that opens here must be closed",
      })
  void saysInWhichLineATextIsNoTable(String text, String detail) {
    assertThatThrownBy(() -> read(text.replace('/', '\n')))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.detail()).isEqualTo(detail));
  }

  @Test
  void refusesAHeaderWithoutRows() {
    assertThatThrownBy(() -> read("a,b\n"))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ProblemCode.INVALID_DATA);
              assertThat(e.detail()).isEqualTo("must have at least 1 row after the header, has 0");
            });
  }

  @Test
  void aSingleRowWithoutHeaderIsATable() throws IOException {
    assertThat(read("1,2\n", options(',', false)).rows()).isEqualTo(1);
  }

  @Test
  void refusesOtherBytesThanUtf8WithTheirLine() {
    byte[] latin = "a,b\n1,é\n2,caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
    byte[] late = new byte[300_000];
    byte[] line = "1,x\n".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < late.length; i++) {
      late[i] = line[i % 4];
    }
    System.arraycopy("a,b\n".getBytes(StandardCharsets.UTF_8), 0, late, 0, 4);
    late[4 * 50_000 + 2] = (byte) 0xff;

    assertThatThrownBy(() -> read(latin, CsvOptions.DEFAULT))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ProblemCode.MALFORMED_DATA);
              assertThat(e.detail()).startsWith("line 2: must be UTF-8, has other bytes; ");
            });
    assertThatThrownBy(() -> read(late, CsvOptions.DEFAULT))
        .hasMessageContaining("line 50001: must be UTF-8");
    assertThatThrownBy(() -> read(new byte[] {'a', '\n', (byte) 0xc3}, CsvOptions.DEFAULT))
        .hasMessageContaining("line 2: must be UTF-8");
  }

  @Test
  void takesEveryCharacterOfUnicode() throws IOException {
    String text = "größe,名前\n1,東京 🗼\n2,\"naïve\"\n";
    for (int chunk = 1; chunk < 6; chunk++) {
      TableBuilder builder = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
      CsvTableReader.read(
          new Drip(text.getBytes(StandardCharsets.UTF_8), chunk), CsvOptions.DEFAULT, builder);
      Table table = builder.build();

      assertThat(table.columns()).extracting(c -> c.name()).containsExactly("größe", "名前");
      assertThat(column(table, 1)).containsExactly("東京 🗼", "naïve");
    }
  }

  @Test
  void boundsTheLengthOfACell() throws IOException {
    String longest = "x".repeat(CsvTableReader.MAX_CELL / 2);

    assertThat(column(read("a,b\n1," + longest + "\n"), 1)).containsExactly(longest);
    assertThatThrownBy(() -> read("a,b\n1,2\n3," + longest + longest + longest + "\n"))
        .hasMessageContaining("line 3: a cell must have at most 1048576 characters, has more");
  }

  @Test
  void boundsTheColumns() {
    assertThatThrownBy(() -> read("a".concat(",b".repeat(TableBuilder.MAX_COLUMNS))))
        .hasMessageContaining("line 1: must have at most 50000 cells, has more");
  }

  @Test
  void passesOnWhyTheStreamFailed() throws IOException {
    InputStream broken = InputStream.nullInputStream();
    broken.close();

    assertThatThrownBy(
            () ->
                CsvTableReader.read(
                    broken,
                    CsvOptions.DEFAULT,
                    TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded())))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("Stream closed");
  }

  @Test
  void passesOnThatTheBudgetIsExceeded() {
    TableBuilder builder =
        TableBuilder.inferring(
            MissingTokens.DEFAULT,
            bytes -> {
              throw new ProblemException(ProblemCode.REPOSITORY_FULL, "full");
            });
    byte[] bytes = "a\n".concat("0.1\n".repeat(100_000)).getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(
            () -> CsvTableReader.read(new ByteArrayInputStream(bytes), CsvOptions.DEFAULT, builder))
        .isInstanceOf(ProblemException.class)
        .hasMessage("repository-full: full");
  }

  @Test
  void readsTheColumnsOfASchema() throws IOException {
    Table trained = read("n,c,y\n1,red,2\n2,,3\n");
    Schema schema =
        new Schema(
            List.of(
                Schema.Field.of(trained.columns().get(0), Schema.Role.FEATURE),
                Schema.Field.of(trained.columns().get(1), Schema.Role.FEATURE),
                Schema.Field.of(trained.columns().get(2), Schema.Role.TARGET)),
            new Target.Numbers(List.of("y")));

    Table table = declared(schema, "c,n\nblue,5\n");
    assertThat(table.columns())
        .extracting(c -> c.type())
        .containsExactly(ColumnType.NUMERIC, ColumnType.CATEGORICAL);
    assertThatThrownBy(() -> declared(schema, "n,c\n1,red\nsoon,red\n"))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ProblemCode.INVALID_DATA);
              assertThat(e.detail()).isEqualTo("line 3, column 'n': must be a number, was 'soon'");
            });
    assertThatThrownBy(() -> declared(schema, "n,wing\n1,2\n"))
        .hasMessageContaining("line 1, column 'wing': is no column of the training data");
    assertThatThrownBy(() -> declared(schema, "c\nred\n"))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ProblemCode.INVALID_DATA);
              assertThat(e.detail()).isEqualTo("line 2, column 'n': must have a value, is absent");
            });
  }

  private static Table declared(Schema schema, String text) throws IOException {
    TableBuilder builder =
        TableBuilder.declared(schema, false, MissingTokens.NONE, ByteBudget.unbounded());
    CsvTableReader.read(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
        CsvOptions.DEFAULT,
        builder);
    return builder.build();
  }

  @Test
  void aBlankLineOfOneColumnIsARowIfAnyFollows() throws IOException {
    assertThat(column(read("H\n1\n\n2\n"), 0)).containsExactly(1L, "missing", 2L);
    assertThat(column(read("H\r\n\r\n1\r\n \r\n\r\n2\r\n\r\n\r\n"), 0))
        .containsExactly("missing", 1L, "missing", "missing", 2L);
    assertThat(column(read("\n\nH\n1\n\n\n"), 0)).containsExactly(1L);
    assertThat(column(read("H\n1\n\"\"\n"), 0)).containsExactly(1L, "missing");
    assertThat(column(read("\n1\n\n2", options(',', false)), 0))
        .containsExactly("missing", 1L, "missing", 2L);
    assertThat(read("a,b\n1,2\n\n3,4\n").rows()).isEqualTo(2);
    assertThat(read("\n1,2\n", options(',', false)).rows()).isEqualTo(1);
  }

  @Test
  void saysWhichBlankLineHasNoValue() throws IOException {
    Table trained = read("n,y\n1,2\n2,3\n");
    Schema schema =
        new Schema(
            List.of(
                Schema.Field.of(trained.columns().get(0), Schema.Role.FEATURE),
                Schema.Field.of(trained.columns().get(1), Schema.Role.TARGET)),
            new Target.Numbers(List.of("y")));

    assertThatThrownBy(() -> declared(schema, "n\n1\n\n\n2\n"))
        .hasMessageContaining("line 3, column 'n': must have a value");
  }

  @Test
  void readsBlanksAroundQuotesInPiecesOfAnySize() throws IOException {
    String text = "a, \"b\" ,c\n1, \"x, \"\"y\"\" \" ,\t\"z\"\r\n 2 ,\" \", \n";
    for (int chunk = 1; chunk < 8; chunk++) {
      TableBuilder builder = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
      String long20k = text + "3,x,y\n".repeat(20_000);
      CsvTableReader.read(
          new Drip(long20k.getBytes(StandardCharsets.UTF_8), chunk), CsvOptions.DEFAULT, builder);
      Table table = builder.build();

      assertThat(table.columns()).extracting(c -> c.name()).containsExactly("a", "b", "c");
      assertThat(table.rows()).isEqualTo(20_002);
      assertThat(column(table, 1)).startsWith("x, \"y\"", "missing", "x").endsWith("x");
      assertThat(column(table, 2)).startsWith("z", "missing", "y").endsWith("y");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void knowsTheLineFarIntoTheText(String end) {
    String rows = ("1,x" + end).repeat(30_000);

    assertThatThrownBy(() -> read("a,b" + end + rows + "2,\"y" + end + rows))
        .hasMessageContaining("line 30002: the quote that opens here must be closed");
    assertThatThrownBy(() -> read("a,b" + end + rows + "2,  \"y" + end))
        .hasMessageContaining("line 30002: the quote that opens here must be closed");
    assertThatThrownBy(() -> read("a,b" + end + rows + "2" + end + rows))
        .hasMessageContaining("line 30002: must have 2 cells");
  }

  @Test
  void takesTheDelimiterThatTheFirstLineSays() throws IOException {
    CsvOptions semicolons = new CsvOptions(';', true, NumberFormat.PLAIN, StandardCharsets.UTF_8);

    assertThat(column(read("sep=;\na;b\n1;x,y\n"), 1)).containsExactly("x,y");
    assertThat(column(read("sep=;\na;b\n1;x,y\n", semicolons), 1)).containsExactly("x,y");
    assertThat(column(read("sep=\t\na\tb\n1\t2\n"), 1)).containsExactly(2L);
    assertThatThrownBy(() -> read("sep=|\na|b\n1|x\n", semicolons))
        .hasMessage(
            "invalid-parameter: delimiter: must be that of the first line of the text, '|', was ';'");
    assertThat(read("sep=;,b\n1,2\n").columns())
        .extracting(c -> c.name())
        .containsExactly("sep=;", "b");
    assertThat(read("sep=\n1\n").columns()).extracting(c -> c.name()).containsExactly("sep=");
  }

  @Test
  void aTextWithoutHeaderHasTheColumnsThatAreKnown() throws IOException {
    CsvOptions bare = options(',', false);
    TableBuilder builder = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    CsvTableReader.read(
        new ByteArrayInputStream("1,x\n2,y\n".getBytes(StandardCharsets.UTF_8)),
        bare,
        List.of("n", "t"),
        builder);
    Table table = builder.build();

    assertThat(table.columns()).extracting(c -> c.name()).containsExactly("n", "t");
    assertThat(column(table, 1)).containsExactly("x", "y");
    assertThatThrownBy(
            () ->
                CsvTableReader.read(
                    new ByteArrayInputStream("1,x,2\n".getBytes(StandardCharsets.UTF_8)),
                    bare,
                    List.of("n", "t"),
                    TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded())))
        .hasMessageContaining("line 1: must have 2 cells without a header, n, t, has 3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a;b;y/1;2;u/2;3;v/|3|%3B",
        "a\tb/1\t2/|2|%09",
        "'\"a\";\"b, c\"/\"1\";\"2, 3\"/'|2|%3B",
        "a;b/1,5;2,5/|2|%3B",
      })
  void advisesTheDelimiterThatMakesATable(String text, int columns, String parameter)
      throws IOException {
    String advice = " it has %d: give delimiter=%s".formatted(columns, parameter);
    TableBuilder builder = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    List<String> said;
    try {
      said =
          CsvTableReader.read(
              new ByteArrayInputStream(text.replace('/', '\n').getBytes(StandardCharsets.UTF_8)),
              CsvOptions.DEFAULT,
              builder);
    } catch (ProblemException e) {
      said = List.of(e.detail());
    }

    assertThat(said).singleElement().asString().endsWith(advice);
  }

  @Test
  void advisesNothingWhereNoOtherDelimiterMakesATable() throws IOException {
    for (String text :
        List.of("name\nDoe; Jane\nRoe; Jim\n", "a\n1\n", "a;b\n1\n", "a,b\n1,2;3\n")) {
      TableBuilder builder = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
      assertThat(
              CsvTableReader.read(
                  new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                  CsvOptions.DEFAULT,
                  builder))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "ISO-8859-1", "windows-1252"})
  void readsEveryCharset(String charset) throws IOException {
    String text = "Größe,naïve\n1,né\n2,Ü\n";
    CsvOptions options = new CsvOptions(null, true, NumberFormat.PLAIN, Charset.forName(charset));

    for (String mark : charset.startsWith("UTF") ? List.of("", "\uFEFF") : List.of("")) {
      Table table = read((mark + text).getBytes(options.charset()), options);
      assertThat(table.columns()).extracting(c -> c.name()).containsExactly("Größe", "naïve");
      assertThat(column(table, 1)).containsExactly("né", "Ü");
    }
  }

  @Test
  void refusesBytesThatAreNoneOfTheCharset() {
    byte[] hole = {'a', '\n', 'x', '\n', (byte) 0x81, '\n'};
    CsvOptions options =
        new CsvOptions(null, true, NumberFormat.PLAIN, Charset.forName("windows-1252"));

    assertThatThrownBy(() -> read(hole, options))
        .hasMessageContaining("line 3: must be windows-1252, has other bytes");
  }

  /// A stream that gives a few bytes at a time.
  private static final class Drip extends ByteArrayInputStream {

    private final int chunk;

    Drip(byte[] bytes, int chunk) {
      super(bytes);
      this.chunk = chunk;
    }

    @Override
    public synchronized int read(byte[] into, int offset, int length) {
      return super.read(into, offset, Math.min(length, chunk));
    }
  }
}
