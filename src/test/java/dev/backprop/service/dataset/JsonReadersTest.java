package dev.backprop.service.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.platform.json.StrictJson;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/// Rows, lines and numbers of JSON.
class JsonReadersTest {

  private static JsonParser parser(String json) {
    JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json);
    parser.nextToken();
    return parser;
  }

  private static TableBuilder builder() {
    return TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Table rows(String json) {
    TableBuilder builder = builder();
    JsonRowsReader.read(parser(json), builder, "/data/rows");
    return builder.build();
  }

  private static Table lines(String text) throws IOException {
    TableBuilder builder = builder();
    NdjsonTableReader.read(stream(text), StandardCharsets.UTF_8, builder);
    return builder.build();
  }

  private static Table document(String text) throws IOException {
    TableBuilder builder = builder();
    JsonTableReader.read(stream(text), StandardCharsets.UTF_8, builder);
    return builder.build();
  }

  private static DenseRows numbers(String json) {
    DenseRows.Builder builder = new DenseRows.Builder(ByteBudget.unbounded());
    JsonNumbersReader.read(parser(json), builder, "/inputs");
    return builder.build();
  }

  private static void assertProblem(
      Throwable thrown, ProblemCode code, String pointer, String detail) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.errors()).containsExactly(new Problem.Field(pointer, detail));
            });
  }

  @Test
  void rowsMayNameTheirColumnsInAnyOrder() {
    Table table =
        rows(
            """
            [{"a": 1, "b": "x", "c": true}, {"c": false, "a": 2.5},
             {"b": null, "d": "1"}, {}, {"a": 1e3, "b": "y", "c": null}]
            """);

    assertThat(table.rows()).isEqualTo(5);
    assertThat(Cells.of(table, "a")).containsExactly(1L, 2.5, "missing", "missing", 1000L);
    assertThat(Cells.of(table, "b")).containsExactly("x", "missing", "missing", "missing", "y");
    assertThat(Cells.of(table, "c")).containsExactly(true, false, "missing", "missing", "missing");
    assertThat(Cells.of(table, "d"))
        .containsExactly("missing", "missing", "1", "missing", "missing");
  }

  @Test
  void leavesTheParserAtTheEndOfTheArray() {
    JsonParser parser = parser("[{\"a\": 1}]");
    JsonRowsReader.read(parser, builder(), "/rows");

    assertThat(parser.currentToken()).isEqualTo(JsonToken.END_ARRAY);
    assertThat(parser.nextToken()).isNull();
  }

  @Test
  void whatComesAfterTheRowsMayNotNameAFieldTwice() {
    JsonParser parser =
        StrictJson.mapper().createParser("[[{\"a\": 1}, {\"a\": 2}], [{\"b\": 1, \"b\": 2}]]");
    parser.nextToken();
    parser.nextToken();
    JsonRowsReader.read(parser, builder(), "/0");

    assertThatThrownBy(
            () -> {
              while (parser.nextToken() != null) {}
            })
        .isInstanceOf(StreamReadException.class)
        .hasMessageContaining("Duplicate");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|WRONG_TYPE|/data/rows|must be an array of rows, was an object",
        "[{\"a\": 1}, 3]|WRONG_TYPE|/data/rows/1|must be an object, was a number",
        "[{\"a\": {\"b\": 1}}]|WRONG_TYPE|/data/rows/0/a|must be a string, a number, a boolean or null, was an object",
        "[{\"x\": 1, \"a/b~c\": []}]|WRONG_TYPE|/data/rows/0/a~1b~0c|must be a string, a number, a boolean or null, was an array",
        "[{\"a\": 1}, {\"a\": 1, \"a\": 2}]|DUPLICATE_FIELD|/data/rows/1/a|must be given once, was given twice",
        "[{\"a\": 1}, {\"a\": 1e400}]|INVALID_DATA|/data/rows/1/a|must be a finite number, was 'Infinity'",
        "[]|INVALID_DATA|/data/rows|must have at least 1 row, had 0",
      })
  void pointsAtTheRowOrCellAtFault(String json, ProblemCode code, String pointer, String detail) {
    assertThatThrownBy(() -> rows(json))
        .satisfies(thrown -> assertProblem(thrown, code, pointer, detail));
  }

  @Test
  void readsLinesOfJson() throws IOException {
    Table table = lines("\uFEFF{\"a\": 1, \"b\": \"x\"}\r\n\n{\"b\": null, \"a\": 2}\n");

    assertThat(Cells.of(table, "a")).containsExactly(1L, 2L);
    assertThat(Cells.of(table, "b")).containsExactly("x", "missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\": 1}/{\"a\": /|MALFORMED_DATA|line 2: the body is not JSON here: it ends before what it has begun",
        "{\"a\": 1}/nonsense/|MALFORMED_DATA|line 2: nonsense is no JSON; a text stands in double quotes",
        "{\"a\": NaN}/|MALFORMED_DATA|line 1: NaN is no JSON; send null for a missing value",
        "{\"a\": 1}/[1]/|MALFORMED_DATA|line 2: must be an object, was an array",
        "{\"a\": 1} {\"a\": 2}/|MALFORMED_DATA|line 1: must have one object, has more; curl sends lines with their breaks by --data-binary, and without them by -d",
        "{\"a\": 1}/{\"a\":/ 2}/|MALFORMED_DATA|line 2: must have the whole object, has only its beginning",
        "{\"a\": 1}/{\"a\": [2]}/|MALFORMED_DATA|line 2, column 'a': must be a string, a number, a boolean or null, was an array",
        "{\"a\": 1}//{\"a\": 1e999}/|INVALID_DATA|line 3, column 'a': must be a finite number, was 'Infinity'",
        "/|INVALID_DATA|must have at least 1 line, has 0",
      })
  void saysInWhichLineNdjsonIsNone(String text, ProblemCode code, String detail) {
    assertThatThrownBy(() -> lines(text.replace('/', '\n')))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.detail()).isEqualTo(detail);
            });
  }

  @Test
  void refusesLinesThatAreNotUtf8() {
    byte[] bytes = "{\"a\": 1}\n{\"a\": \"\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1);

    assertThatThrownBy(
            () ->
                NdjsonTableReader.read(
                    new ByteArrayInputStream(bytes), StandardCharsets.UTF_8, builder()))
        .hasMessageContaining("line 2: must be UTF-8, has other bytes");
  }

  @Test
  void passesOnWhyTheStreamFailed() throws IOException {
    InputStream broken = InputStream.nullInputStream();
    broken.close();

    assertThatThrownBy(() -> NdjsonTableReader.read(broken, StandardCharsets.UTF_8, builder()))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("Stream closed");
    assertThatThrownBy(() -> JsonTableReader.read(broken, StandardCharsets.UTF_8, builder()))
        .isExactlyInstanceOf(IOException.class);
  }

  @Test
  void readsADocumentOfRows() throws IOException {
    assertThat(Cells.of(document("{\"rows\": [{\"a\": 1}, {\"a\": 2}]}"), "a"))
        .containsExactly(1L, 2L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"rows\": [{\"a\": 1},]}|MALFORMED_JSON|line 1, column 20: the body is not JSON here: a value must follow, has ']'",
        "{\"rows\": [{\"a\": 1}]|MALFORMED_JSON|line 1, column 20: the body is not JSON here: it ends before what it has begun",
        "{\"rows\": [{\"a\": 1}]} 7|MALFORMED_JSON|line 1: the body must end after the object",
        "[]|WRONG_TYPE|the body: must be an object with rows, was an array",
        "''|WRONG_TYPE|the body: must be an object with rows, was empty",
        "{}|INVALID_DATA|/rows: must be there, is missing",
        "{\"rows\": [{\"a\": 1}], \"rows\": []}|DUPLICATE_FIELD|/rows: must be given once",
        "{\"row\": []}|UNKNOWN_FIELD|/row: there is no such field, there is rows",
        "{\"rows\": [{\"a\": [1]}]}|WRONG_TYPE|/rows/0/a: must be a string, a number, a boolean or null, was an array",
      })
  void refusesOtherDocuments(String json, ProblemCode code, String detail) {
    assertThatThrownBy(() -> document(json))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.detail()).isEqualTo(detail);
            });
  }

  @Test
  void refusesDeepNestingAtItsFirstLevel() {
    String deep = "{\"rows\": [{\"a\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}]}";

    assertThatThrownBy(() -> document(deep)).hasMessageContaining("/rows/0/a: must be a string");
  }

  @Test
  void readsBareNumbers() {
    DenseRows rows = numbers("[[0, 1.5], [-2, 1e38]]");

    assertThat(rows.rows()).isEqualTo(2);
    assertThat(rows.value(0, 1)).isEqualTo(1.5f);
    assertThat(rows.value(1, 1)).isEqualTo(1e38f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "7|WRONG_TYPE|/inputs|must be an array of arrays of numbers, was a number",
        "[[1], 2]|WRONG_TYPE|/inputs/1|must be an array of numbers, was a number",
        "[[1, 2], [3, \"4\"]]|WRONG_TYPE|/inputs/1/1|must be a number, was a string",
        "[[1, null]]|WRONG_TYPE|/inputs/0/1|must be a number, was null",
        "[[0, 0], [0]]|INVALID_DATA|/inputs/1|must have 2 numbers, had 1",
        "[[0], [0, 1]]|INVALID_DATA|/inputs/1|must have 1 numbers, had 2",
        "[[1], [1e400]]|INVALID_DATA|/inputs/1/0|must be within ±3.4028235E38, was Infinity",
        "[[]]|INVALID_DATA|/inputs/0|must have at least 1 number, had 0",
        "[]|INVALID_DATA|/inputs|must have at least 1 row, had 0",
      })
  void pointsAtTheNumberAtFault(String json, ProblemCode code, String pointer, String detail) {
    assertThatThrownBy(() -> numbers(json))
        .satisfies(thrown -> assertProblem(thrown, code, pointer, detail));
  }
}
