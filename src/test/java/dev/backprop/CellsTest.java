package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// One meaning for every cell, whichever way it comes.
class CellsTest extends ServiceTest {

  private static String resource(String name) {
    try (InputStream in = CellsTest.class.getResourceAsStream("/cells/" + name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private JsonNode uploaded(String csv, String query) {
    HttpResponse<String> answer =
        send("POST", "/api/v1/datasets?name=cells" + query, "text/csv", csv);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return body(answer);
  }

  /// @param data what stands beside the data set
  private JsonNode trainedOn(String csv, String query, String model, String data) {
    JsonNode training =
        trained(
            """
            {"model": "%s", "data": {"dataset": "%s", %s}, "training": {"epochs": 300}}"""
                .formatted(model, uploaded(csv, query).path("id").asString(), data));
    assertThat(training.path("state").asString()).as(training.toString()).isEqualTo("succeeded");
    return training;
  }

  /// The answers to a row that comes as a query, as CSV, as JSON strings and as lines of JSON.
  private Map<String, HttpResponse<String>> askedByEveryWay(String model, Map<String, String> row) {
    String path = "/api/v1/models/" + model + "/predictions";
    String json = JSON.writeValueAsString(row);
    String csv =
        row.keySet().stream().map(CellsTest::quoted).collect(Collectors.joining(","))
            + "\n"
            + row.values().stream().map(CellsTest::quoted).collect(Collectors.joining(","))
            + "\n";
    String query =
        row.entrySet().stream()
            .map(cell -> encoded(cell.getKey()) + "=" + encoded(cell.getValue()))
            .collect(Collectors.joining("&"));
    Map<String, HttpResponse<String>> answers = new LinkedHashMap<>();
    answers.put("GET", get(path + "?" + query));
    answers.put("CSV", send("POST", path, "text/csv", csv));
    answers.put("JSON", post(path, "{\"rows\": [" + json + "]}"));
    answers.put("NDJSON", send("POST", path, "application/x-ndjson", json + "\n"));
    return answers;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String quoted(String cell) {
    return '"' + cell.replace("\"", "\"\"") + '"';
  }

  /// The one answer that a row gets by every way.
  private JsonNode answer(String model, Map<String, String> row) {
    List<JsonNode> answers = new ArrayList<>();
    askedByEveryWay(model, row)
        .forEach(
            (way, answer) -> {
              assertThat(answer.statusCode()).as("%s: %s", way, answer.body()).isEqualTo(200);
              JsonNode told = body(answer);
              answers.add(way.equals("GET") ? told : told.path("predictions").path(0));
            });
    for (JsonNode other : answers) {
      JsonNode first = answers.getFirst().path("prediction");
      if (first.isNumber()) {
        assertThat(other.path("prediction").asDouble()).isCloseTo(first.asDouble(), within(1e-2));
      } else {
        assertThat(other.path("prediction")).isEqualTo(first);
      }
      assertThat(other.path("warnings")).isEqualTo(answers.getFirst().path("warnings"));
    }
    return answers.getFirst();
  }

  private double number(String model, Map<String, String> row) {
    return answer(model, row).path("prediction").asDouble();
  }

  private double r2(String model, String type, String body, String query) {
    HttpResponse<String> answer =
        send("POST", "/api/v1/models/" + model + "/evaluations" + query, type, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return body(answer).path("metrics").path("r2").asDouble();
  }

  @Test
  void aZipCodeIsItsText() {
    trainedOn(
        resource("zip-codes.csv"),
        "",
        "cell-zip",
        """
        "target": "price", "task": "regression", "columns": {"zip": {"type": "categorical"}}""");

    assertThat(number("cell-zip", Map.of("zip", "00501", "rooms", "2")))
        .isCloseTo(100, within(5.0));
    assertThat(
            answer("cell-zip", Map.of("zip", "00501", "rooms", "2"))
                .path("warnings")
                .isMissingNode())
        .isTrue();
    // The number 501 is that of one category only.
    assertThat(
            body(post(
                    "/api/v1/models/cell-zip/predictions",
                    "{\"rows\": [{\"zip\": 501, \"rooms\": 2}]}"))
                .path("predictions")
                .path(0)
                .path("prediction")
                .asDouble())
        .isCloseTo(100, within(5.0));
  }

  @Test
  void aClassIsTheTextOfItsCell() {
    JsonNode training =
        trainedOn(resource("codes-like-numbers.csv"), "", "cell-codes", "\"target\": \"code\"");

    List<String> classes = new ArrayList<>();
    training.path("target").path("classes").forEach(label -> classes.add(label.asString()));
    assertThat(classes).contains("1E5", "007");
    assertThat(answer("cell-codes", Map.of("x", "0.05", "y", "0")).path("prediction").asString())
        .isEqualTo("1E5");
    HttpResponse<String> csv =
        send(
            "POST",
            "/api/v1/models/cell-codes/predictions",
            "text/csv",
            "x,y\n0.05,0\n",
            "Accept",
            "text/csv");
    assertThat(csv.body().lines().findFirst().orElseThrow())
        .contains("probability_1E5", "probability_007");
  }

  @Test
  void integersThatNoDoubleEqualsAreTwoCategories() {
    JsonNode training =
        trainedOn(
            resource("integers-beyond-doubles.csv"),
            "",
            "cell-ids",
            "\"target\": \"price\", \"task\": \"regression\"");

    double even = number("cell-ids", Map.of("id", "9007199254740992"));
    double odd = number("cell-ids", Map.of("id", "9007199254740993"));
    assertThat(Math.abs(even - 100)).isLessThan(Math.abs(even - 200));
    assertThat(Math.abs(odd - 200)).isLessThan(Math.abs(odd - 100));
    assertThat(training.path("warnings").toString())
        .contains("integers that a number does not hold exactly", "9007199254740993");
    // As JSON numbers they are told apart, too.
    JsonNode json =
        body(
            post(
                "/api/v1/models/cell-ids/predictions",
                "{\"rows\": [{\"id\": 9007199254740992}, {\"id\": 9007199254740993}]}"));
    assertThat(json.path("predictions").path(0).path("prediction").asDouble())
        .isCloseTo(even, within(0.1));
    assertThat(json.path("predictions").path(1).path("prediction").asDouble())
        .isCloseTo(odd, within(0.1));
  }

  @Test
  void integersTypedNumericAreRoundedAndThatIsSaid() {
    JsonNode training =
        trainedOn(
            resource("integers-beyond-doubles.csv"),
            "",
            "cell-rounded",
            """
            "target": "price", "task": "regression", "columns": {"id": {"type": "numeric"}}""");

    assertThat(training.path("warnings").toString())
        .contains("the first, '9007199254740993', is taken as 9007199254740992");
  }

  @Test
  void truthValuesAreWordsAndDigits() {
    trainedOn(resource("truth-values.csv"), "", "cell-truth", "\"target\": \"y\"");
    JsonNode asTrue = answer("cell-truth", row("active", "true", "vip", "yes", "flag", "T"));

    for (String word : List.of("1", "TRUE", "True")) {
      assertThat(answer("cell-truth", row("active", word, "vip", "yes", "flag", "T")))
          .isEqualTo(asTrue);
    }
    askedByEveryWay("cell-truth", row("active", "yes", "vip", "yes", "flag", "T"))
        .forEach(
            (way, answer) -> {
              assertProblem(answer, 422, "invalid-data");
              assertThat(answer.body()).as(way).contains("active", "'yes'");
            });
  }

  private static Map<String, String> row(String... cells) {
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < cells.length; i += 2) {
      row.put(cells[i], cells[i + 1]);
    }
    return row;
  }

  @Test
  void tokensOfADataSetHoldWhereItsModelIsAsked() {
    String csv = resource("minus-999.csv");
    JsonNode training =
        trainedOn(csv, "&missing=-999", "cell-999", "\"target\": \"y\", \"task\": \"regression\"");

    for (String missing : List.of("-999", "-999.0", "")) {
      assertThat(number("cell-999", Map.of("temp", missing, "x", "1")))
          .as(missing)
          .isCloseTo(500, within(25.0));
    }
    JsonNode json =
        body(
            post(
                "/api/v1/models/cell-999/predictions",
                "{\"rows\": [{\"temp\": -999, \"x\": 1}, {\"temp\": null, \"x\": 1}]}"));
    assertThat(json.path("predictions").path(0).path("prediction").asDouble())
        .isCloseTo(json.path("predictions").path(1).path("prediction").asDouble(), within(0.1));
    String dataset = uploaded(csv, "&missing=-999").path("id").asString();
    String other = uploaded(csv, "").path("id").asString();
    double byBody = r2("cell-999", "text/csv", csv, "");
    for (String id : List.of(dataset, other)) {
      assertThat(r2("cell-999", "application/json", "{\"dataset\": \"" + id + "\"}", ""))
          .isCloseTo(byBody, within(1e-9));
    }
    assertThat(
            body(get(training.path("links").path("model").asString()))
                .path("input")
                .path("missingTokens")
                .toString())
        .isEqualTo("[\"-999\"]");
    assertThat(body(get("/api/v1/datasets/" + dataset)).path("missingTokens").toString())
        .isEqualTo("[\"-999\"]");
  }

  @Test
  void withoutTokensNaIsACategory() {
    trainedOn(resource("continents-na.csv"), "&missing=", "cell-na", "\"target\": \"y\"");

    assertThat(answer("cell-na", Map.of("continent", "NA", "x", "1")).path("prediction").asString())
        .isEqualTo("NA");
  }

  @Test
  void aBodyMayAddTokens() {
    trainedOn(
        resource("minus-999.csv"),
        "&missing=-999",
        "cell-more",
        "\"target\": \"y\", \"task\": \"regression\"");
    String path = "/api/v1/models/cell-more/predictions?missing=none,-1";

    for (String cell : List.of("none", "-1", "-1.0", "-999")) {
      for (HttpResponse<String> answer :
          List.of(
              send("POST", path, "text/csv", "temp,x\n" + cell + ",1\n"),
              post(path, "{\"rows\": [{\"temp\": \"" + cell + "\", \"x\": 1}]}"),
              send(
                  "POST",
                  path,
                  "application/x-ndjson",
                  "{\"temp\": \"" + cell + "\", \"x\": 1}\n"))) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(body(answer).path("predictions").path(0).path("prediction").asDouble())
            .isCloseTo(500, within(25.0));
      }
    }
    // Of a GET every parameter is a column.
    assertProblem(
        get("/api/v1/models/cell-more/predictions?temp=1&x=1&missing=none"),
        400,
        "unknown-parameter");
  }

  @Test
  void stringsOfJsonAreReadAsCellsOfCsv() {
    JsonNode training = trained(resource("zip-code-strings.json"));

    assertThat(training.path("state").asString()).isEqualTo("succeeded");
    String csv = resource("zip-codes-again.csv");
    assertThat(r2("zj", "text/csv", csv, "")).isCloseTo(1, within(0.05));
    String dataset = uploaded(csv, "").path("id").asString();
    assertThat(r2("zj", "application/json", "{\"dataset\": \"" + dataset + "\"}", ""))
        .isCloseTo(1, within(0.05));
    assertThat(training.path("warnings").toString())
        .contains("column 'zip' has JSON strings only and is taken for categories");
  }

  @Test
  void outerBlanksDoNotCount() {
    trained(resource("outer-blanks.json"));

    double inner = number("sp", Map.of("job", "Private"));
    assertThat(number("sp", Map.of("job", " Private"))).isCloseTo(inner, within(1e-9));
    for (String gov : List.of("Gov", "Gov ", " Gov", "\tGov\u2003")) {
      assertThat(number("sp", Map.of("job", gov))).isCloseTo(110, within(5.5));
    }
    assertThat(number("sp", Map.of(" job ", "Gov"))).isCloseTo(110, within(5.5));
  }

  @Test
  void aNumericColumnMayHaveAFewOtherTexts() {
    JsonNode training =
        trainedOn(resource("one-text-among-numbers.csv"), "", "cell-few", "\"target\": \"y\"");

    assertThat(number("cell-few", Map.of("a", "45.5"))).isCloseTo(68.25, within(3.4));
    String numbers =
        "a,y\n"
            + IntStream.range(0, 1000)
                .mapToObj(
                    i -> (i == 7 ? "unknown" : i == 8 ? "Infinity" : i % 90) + "," + 1.5 * (i % 90))
                .collect(Collectors.joining("\n"));
    JsonNode described = uploaded(numbers, "").path("columns").path(0);
    assertThat(described.path("type").asString()).isEqualTo("numeric");
    assertThat(described.path("missingTokens").toString()).isEqualTo("[\"unknown\",\"Infinity\"]");
    JsonNode second =
        trainedOn(numbers, "", "cell-unknown", "\"target\": \"y\", \"task\": \"regression\"");
    assertThat(second.path("warnings").toString())
        .contains("'unknown' or 'Infinity'", "2 of 1000 cells");
    assertThat(number("cell-unknown", Map.of("a", "45.5"))).isCloseTo(68.25, within(3.4));
    answer("cell-unknown", Map.of("a", "unknown"));
    askedByEveryWay("cell-unknown", Map.of("a", "other"))
        .forEach((_, answer) -> assertProblem(answer, 422, "invalid-data"));
    assertThat(training.path("state").asString()).isEqualTo("succeeded");
  }

  @Test
  void aTypeThatIsAskedForHoldsForEveryCell() {
    String csv =
        "a,y\n"
            + IntStream.range(0, 100)
                .mapToObj(i -> (i == 7 ? "unknown" : String.valueOf(i % 10)) + "," + i % 10)
                .collect(Collectors.joining("\n"));
    String dataset = uploaded(csv, "").path("id").asString();
    String request =
        """
        {"model": "cell-typed", "data": {"dataset": "%s", "target": "y", "task": "regression",
         "columns": {"a": {"type": "%s"}}}}""";

    HttpResponse<String> numeric = train(request.formatted(dataset, "numeric"));
    assertProblem(numeric, 422, "invalid-data", "/data/columns/a/type");
    assertThat(numeric.body()).contains("row 7", "'unknown'");
    JsonNode training = trained(request.formatted(dataset, "categorical"));
    assertThat(
            body(get(training.path("links").path("model").asString()))
                .path("input")
                .path("features")
                .path(0)
                .path("categories")
                .toString())
        .isEqualTo("[\"0\",\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"unknown\"]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"before", "after"})
  void tokensOfARequestMayStandBeforeOrAfterItsRows(String place) {
    String rows =
        IntStream.range(0, 60)
            .mapToObj(
                i ->
                    "{\"t\": %s, \"c\": \"%s\", \"y\": %d}"
                        .formatted(
                            i % 4 == 0 ? "-1" : i % 4 == 1 ? "\"none\"" : i,
                            i % 3 == 0 ? "NA" : "b",
                            i))
            .collect(Collectors.joining(",", "\"rows\": [", "]"));
    String missing = "\"missing\": [\"-1\", \"none\"]";
    JsonNode training =
        trained(
            """
            {"model": "cell-%s", "data": {"target": "y", %s}, "training": {"epochs": 1}}"""
                .formatted(
                    place, place.equals("before") ? missing + "," + rows : rows + "," + missing));

    JsonNode input = body(get(training.path("links").path("model").asString())).path("input");
    assertThat(input.path("features").path(0).path("type").asString()).isEqualTo("numeric");
    assertThat(input.path("features").path(0).path("min").asDouble()).isGreaterThanOrEqualTo(2);
    assertThat(input.path("features").path(1).path("categories").toString())
        .isEqualTo("[\"NA\",\"b\"]");
    assertThat(input.path("missingTokens").toString()).isEqualTo("[\"-1\",\"none\"]");
  }

  @Test
  void textsAreKeptWhereTheUploadSaysSo() {
    String csv = "zip,\"a,b\",y\n" + "1.0,01.50,1\n2,2,2\n1.0,01.50,3\n";
    JsonNode described = uploaded(csv, "&categorical=zip&categorical=" + encoded("a,b"));

    assertThat(described.path("columns").path(0).path("top").path(0).path("value").asString())
        .isEqualTo("1.0");
    assertThat(described.path("columns").path(1).path("top").path(0).path("value").asString())
        .isEqualTo("01.50");
    HttpResponse<String> refused =
        send("POST", "/api/v1/datasets?name=x&categorical=zap", "text/csv", csv);
    assertProblem(refused, 422, "invalid-data");
    assertThat(refused.body()).contains("'zap'");
    JsonNode training =
        trained(
            """
            {"model": "cell-shortest", "data": {"dataset": "%s", "target": "y", "task": "regression",
             "columns": {"zip": {"type": "categorical"}}}, "training": {"epochs": 1}}"""
                .formatted(uploaded(csv, "").path("id").asString()));
    assertThat(training.path("warnings").toString()).contains("'1.0' is '1'", "categorical=zip");
  }

  @Test
  void aColumnOfManyTextsIsKeptWhereTheUploadSaysSo() {
    String csv =
        "id,y\n"
            + IntStream.range(0, 100_010)
                .mapToObj(i -> "c" + i + "," + i % 7)
                .collect(Collectors.joining("\n"));

    assertThat(uploaded(csv, "").path("warnings").toString()).contains("keep=id");
    JsonNode kept = uploaded(csv, "&keep=id");
    assertThat(kept.path("warnings")).isEmpty();
    assertThat(kept.path("columns").path(0).path("top").path(0).path("value").asString())
        .isEqualTo("c0");
  }
}
