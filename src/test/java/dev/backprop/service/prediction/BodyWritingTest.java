package dev.backprop.service.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.ServiceTest;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// The same rows, written in many ways, are the same rows, in uploads, predictions and evaluations.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BodyWritingTest extends ServiceTest {

  private static final String DATASETS = "/api/v1/datasets";
  private static final String MODEL = "/api/v1/models/body-writing";
  private static final String LABELLED =
      """
      {"rows": [{"size": 1.5, "place": "Köln, \\"Süd\\"", "weight": 2, "price": 1250.5},
                {"size": 2500, "place": "Bonn", "weight": 1, "price": 3700},
                {"size": null, "place": null, "weight": 1, "price": 12}]}""";
  private static final String ROWS =
      LABELLED.replaceAll(", \"weight\": \\d, \"price\": [\\d.]+", "");

  private static final String HEADER = "size,place,weight,price\n";

  @BeforeAll
  void trainOnEveryColumn() {
    String rows =
        IntStream.range(0, 60)
            .mapToObj(
                i ->
                    "{\"size\": %s, \"place\": %s, \"weight\": %d, \"price\": %s}"
                        .formatted(
                            i % 9 == 0 ? "null" : String.valueOf(i * 50.5),
                            i % 9 == 0 ? "null" : i % 2 == 0 ? "\"Bonn\"" : "\"Köln, \\\"Süd\\\"\"",
                            1 + i % 2,
                            i * 70.25))
            .collect(Collectors.joining(","));
    train(
        "body-writing", "\"target\": \"price\", \"weight\": \"weight\", \"rows\": [" + rows + "]");
    String numbers =
        IntStream.range(0, 20)
            .mapToObj(i -> "{\"H\": %s, \"y\": %d}".formatted(i % 4 == 0 ? "null" : "" + i, 3 * i))
            .collect(Collectors.joining(","));
    train("body-one", "\"target\": \"y\", \"rows\": [" + numbers + "]");
  }

  private void train(String model, String data) {
    JsonNode training =
        trained(
            """
            {"model": "%s", "data": {"task": "regression", %s},
             "network": {"layers": [{"type": "dense", "units": 4}]}, "training": {"epochs": 20}}"""
                .formatted(model, data));
    assertThat(training.path("state").asString()).as(training.toString()).isEqualTo("succeeded");
  }

  /// Query, Content-Type and text.
  static Stream<Arguments> writings() {
    String plain = HEADER + "1.5,\"Köln, \"\"Süd\"\"\",2,1250.5\n2500,Bonn,1,3700\n,,1,12\n";
    String semicolons =
        "size;place;weight;price\n1,5;\"Köln, \"\"Süd\"\"\";2;1.250,5\n2.500;Bonn;1;3.700\n;;1;12\n";
    return Stream.of(
        Arguments.of("", "text/csv", plain),
        Arguments.of("", "text/csv; charset=iso-8859-1", plain),
        Arguments.of("", "text/csv; charset=windows-1252", plain),
        Arguments.of("", "text/csv; charset=UTF-16", plain),
        Arguments.of("", "text/csv; charset=utf-16le", "\uFEFF" + plain),
        Arguments.of("&header=true&delimiter=,&decimal=.", "text/csv", plain),
        Arguments.of("", "text/csv", "sep=,\r\n" + plain.replace("\n", "\r\n")),
        Arguments.of(
            "",
            "text/csv",
            plain.replace(",\"Köln", ", \t\"Köln").replace("Süd\"\"\",", "Süd\"\"\" \t ,")),
        Arguments.of(
            "", "text/csv", plain.replace("Bonn", "\" Bonn\t\"").replace("size", "\" size \"")),
        Arguments.of("", "text/csv", plain.replace("\n,,1", "\n\"\",\"\",1")),
        Arguments.of("", "text/csv", "\n" + plain.replace("2500", "\n\n2500") + "\n \n"),
        Arguments.of("&delimiter=;&decimal=,&thousands=.", "text/csv", semicolons),
        Arguments.of("&decimal=,&thousands=.", "text/csv", "sep=;\n" + semicolons),
        Arguments.of(
            "&delimiter=%09&thousands=%20",
            "text/csv",
            HEADER.replace(',', '\t')
                + "1.5\tKöln, \"Süd\"\t2\t1\u202F250.5\n2\u00A0500\tBonn\t1\t3 700\n\t\t1\t12\n"),
        Arguments.of(
            "&thousands=,",
            "text/csv",
            plain.replace("2500", "\"2,500\"").replace("1250.5", "\"1,250.5\"")));
  }

  private HttpResponse<String> sent(String path, String type, String text) {
    int charset = type.indexOf("charset=");
    byte[] bytes =
        text.getBytes(Charset.forName(charset < 0 ? "UTF-8" : type.substring(charset + 8)));
    return send(
        request(path)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(bytes))
            .build());
  }

  private static JsonNode ok(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return body(answer);
  }

  @ParameterizedTest
  @MethodSource("writings")
  void theSameRowsAreUploadedFromEveryWriting(String query, String type, String text) {
    JsonNode dataset = ok(sent(DATASETS + "?name=w" + query, type, text), 201);
    String id = dataset.path("id").asString();

    assertThat(dataset.path("warnings")).isEmpty();
    assertThat(body(get(DATASETS + "/" + id + "/rows"))).isEqualTo(JSON.readTree(LABELLED));
    delete(DATASETS + "/" + id);
  }

  @ParameterizedTest
  @MethodSource("writings")
  void theSameRowsArePredictedAndEvaluatedFromEveryWriting(String query, String type, String text) {
    String options = query.isEmpty() ? "" : "?" + query.substring(1);
    JsonNode predictions = ok(post(MODEL + "/predictions", ROWS), 200);
    JsonNode evaluation = ok(post(MODEL + "/evaluations", LABELLED), 200);

    for (String version : List.of("", "/versions/1")) {
      assertThat(ok(sent(MODEL + version + "/predictions" + options, type, text), 200))
          .isEqualTo(predictions);
      assertThat(ok(sent(MODEL + version + "/evaluations" + options, type, text), 200))
          .isEqualTo(evaluation);
    }
  }

  @Test
  void aFileOfAFormIsWrittenAsTheQueryAndItsOwnTypeSay() {
    String form =
        """
        --limit\r
        Content-Disposition: form-data; name="file"; filename="prices.csv"\r
        Content-Type: application/vnd.ms-excel; charset=windows-1252\r
        \r
        size;place\r
        1,5;Köln\r
        \r
        --limit--\r
        """;
    byte[] bytes = form.getBytes(Charset.forName("windows-1252"));
    HttpResponse<String> answer =
        send(
            request(DATASETS + "?name=form&delimiter=;&decimal=,")
                .header("Content-Type", "multipart/form-data; boundary=limit")
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes))
                .build());
    String id = ok(answer, 201).path("id").asString();

    assertThat(get(DATASETS + "/" + id + "/rows").body())
        .contains("[{\"size\":1.5,\"place\":\"Köln\"}]");
    delete(DATASETS + "/" + id);
  }

  @Test
  void withoutAHeaderTheColumnsStandAsInTraining() {
    JsonNode predictions = ok(post(MODEL + "/predictions", ROWS), 200);
    JsonNode evaluation = ok(post(MODEL + "/evaluations", LABELLED), 200);

    assertThat(
            ok(
                sent(
                    MODEL + "/predictions?header=false",
                    "text/csv",
                    "1.5,\"Köln, \"\"Süd\"\"\"\n2500,Bonn\n,\n"),
                200))
        .isEqualTo(predictions);
    assertThat(
            ok(
                sent(
                    MODEL + "/evaluations?header=false",
                    "text/csv",
                    "1.5,\"Köln, \"\"Süd\"\"\",2,1250.5\n2500,Bonn,1,3700\n,,1,12\n"),
                200))
        .isEqualTo(evaluation);
    HttpResponse<String> wide =
        sent(MODEL + "/predictions?header=false", "text/csv", "1.5,Bonn,2\n");
    assertProblem(wide, 400, "malformed-data");
    assertThat(body(wide).path("detail").asString())
        .isEqualTo("line 1: must have 2 cells without a header, size, place, has 3");
    HttpResponse<String> narrow =
        sent(MODEL + "/evaluations?header=false", "text/csv", "1.5,Bonn,2\n");
    assertThat(body(narrow).path("detail").asString())
        .isEqualTo("line 1: must have 4 cells without a header, size, place, weight, price, has 3");
  }

  @Test
  void aBlankLineOfOneColumnIsARow() {
    JsonNode answers =
        ok(sent("/api/v1/models/body-one/predictions", "text/csv", "H\n1\n\n2\n"), 200);
    JsonNode rows =
        ok(
            post(
                "/api/v1/models/body-one/predictions",
                "{\"rows\": [{\"H\": 1}, {\"H\": null}, {\"H\": 2}]}"),
            200);

    assertThat(answers.path("predictions")).hasSize(3);
    assertThat(answers).isEqualTo(rows);
    assertThat(
            ok(
                    sent(
                        "/api/v1/models/body-one/predictions?header=false",
                        "text/csv",
                        "\n1\r\n\r\n2\n\n"),
                    200)
                .path("predictions"))
        .hasSize(4);
  }

  @Test
  void readsJsonInTheCharsetThatItIsSaidToHave() {
    JsonNode predictions = ok(post(MODEL + "/predictions", ROWS), 200);
    String lines =
        "{\"size\": 1.5, \"place\": \"Köln, \\\"Süd\\\"\"}\n{\"size\": 2500, \"place\": \"Bonn\"}\n{}\n";

    for (String charset : List.of("utf-8", "utf-16", "iso-8859-1", "windows-1252")) {
      assertThat(
              ok(sent(MODEL + "/predictions", "application/json; charset=" + charset, ROWS), 200))
          .isEqualTo(predictions);
      assertThat(
              ok(
                  sent(MODEL + "/predictions", "application/x-ndjson; charset=" + charset, lines),
                  200))
          .isEqualTo(predictions);
      JsonNode dataset =
          ok(sent(DATASETS + "?name=j", "application/json; charset=" + charset, LABELLED), 201);
      String id = dataset.path("id").asString();
      assertThat(body(get(DATASETS + "/" + id + "/rows"))).isEqualTo(JSON.readTree(LABELLED));
      delete(DATASETS + "/" + id);
    }
    String training =
        "{\"model\": \"never\", \"data\": {\"target\": \"y\", \"rows\": [{\"ö\": 1, \"y\": 1.5}, {\"ö\": 2, \"y\": 2.5}]}}";
    String plan = "/api/v1/trainings?validateOnly=true";
    assertThat(ok(sent(plan, "application/json; charset=utf-16", training), 200))
        .isEqualTo(ok(post(plan, training), 200));
    assertProblem(
        sent(plan, "application/json; charset=iso-8859-1", training),
        415,
        "unsupported-media-type");
    assertProblem(
        send("POST", MODEL + "/predictions", "text/csv; charset=koi8-r", "size,place\n1,x\n"),
        415,
        "unsupported-media-type");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "delimiter=; | application/json | invalid-parameter | text/csv, the body is application/json",
        "header=true | application/x-ndjson | invalid-parameter | application/x-ndjson",
        "decimal=. | application/json | invalid-parameter | decimal",
        "thousands=, | application/x-ndjson | invalid-parameter | thousands",
        "header=yes | text/csv | invalid-parameter | true or false, was 'yes'",
        "header= | text/csv | invalid-parameter | true or false",
        "delimiter= | text/csv | invalid-parameter | one character",
        "delimiter=%3B%3B | text/csv | invalid-parameter | one character",
        "delimiter=%22 | text/csv | invalid-parameter | one character",
        "delimiter=%7C | text/csv | invalid-parameter | first line",
        "decimal=; | text/csv | invalid-parameter | must be . or ,, was ';'",
        "decimal= | text/csv | invalid-parameter | must be . or ,",
        "thousands= | text/csv | invalid-parameter | or a blank",
        "thousands=_ | text/csv | invalid-parameter | or a blank",
        "thousands=. | text/csv | invalid-parameter | must differ",
        "decimal=,&thousands=, | text/csv | invalid-parameter | must differ",
        "decimal=,&decimal=, | text/csv | repeated-parameter | once",
        "separator=; | text/csv | unknown-parameter | separator",
        "delimitr=; | text/csv | unknown-parameter | did you mean delimiter",
      })
  void refusesOptionsThatCannotBe(String query, String type, String code, String detail) {
    String body = type.equals("text/csv") ? "sep=;\nsize;place\n1;x\n" : ROWS;
    for (String path :
        List.of(
            MODEL + "/predictions?",
            MODEL + "/versions/1/predictions?",
            MODEL + "/evaluations?",
            MODEL + "/versions/1/evaluations?",
            DATASETS + "?name=a&")) {
      HttpResponse<String> answer = send("POST", path + query, type, body);

      assertProblem(answer, 400, code);
      assertThat(body(answer).path("detail").asString()).contains(detail);
    }
  }

  @Test
  void advisesTheDelimiterWhereATextWasReadAsOneColumn() throws IOException {
    String advice = "with the delimiter ';' it has %d: give delimiter=%%3B";
    String csv = Files.readString(Path.of("src/test/resources/writing/semicolons.csv"));
    JsonNode dataset = ok(sent(DATASETS + "?name=semicolons", "text/csv", csv), 201);
    String id = dataset.path("id").asString();

    assertThat(dataset.path("columns")).hasSize(1);
    assertThat(dataset.path("warnings").path(0).asString()).endsWith(advice.formatted(3));
    assertAdvised(
        train(
            "{\"model\": \"never\", \"data\": {\"dataset\": \"%s\", \"target\": \"y\"}}"
                .formatted(id)),
        422,
        advice.formatted(3));
    assertAdvised(
        train(
            """
            {"model": "never", "data": {"target": "y", "rows": [{"a": 1, "y": 1}, {"a": 2, "y": 2}]},
             "validation": {"dataset": "%s"}}"""
                .formatted(id)),
        422,
        advice.formatted(3));
    assertAdvised(
        post(MODEL + "/evaluations", "{\"dataset\": \"" + id + "\"}"), 422, advice.formatted(3));
    delete(DATASETS + "/" + id);
    assertAdvised(
        sent(MODEL + "/predictions", "text/csv", "size;place\n1;x\n2;y\n"),
        400,
        advice.formatted(2));
    assertAdvised(
        sent(DATASETS + "?name=ragged", "text/csv", "size;place\n1,5;x\n2,5;y\n"),
        400,
        advice.formatted(2));
  }

  private static void assertAdvised(HttpResponse<String> answer, int status, String advice) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(body(answer).path("detail").asString()).contains(advice);
  }

  @Test
  void warnsOfNumbersThatAreWrittenInAnotherWay() {
    String csv =
        "size;price;rate\n"
            + IntStream.range(0, 60)
                .mapToObj(i -> i + ";" + i % 7 + ",5;" + i % 5 + "%\n")
                .collect(Collectors.joining());
    JsonNode dataset = ok(sent(DATASETS + "?name=comma&delimiter=;", "text/csv", csv), 201);
    String id = dataset.path("id").asString();
    JsonNode plan =
        ok(
            post(
                "/api/v1/trainings?validateOnly=true",
                "{\"model\": \"never\", \"data\": {\"dataset\": \"%s\", \"target\": \"price\"}}"
                    .formatted(id)),
            200);

    for (JsonNode warned : List.of(dataset, plan)) {
      assertThat(warned.path("warnings").valueStream().map(JsonNode::asString))
          .anySatisfy(warning -> assertThat(warning).contains("'price'", "with decimal=,"))
          .anySatisfy(warning -> assertThat(warning).contains("'rate'", "without '%'"));
    }
    delete(DATASETS + "/" + id);
  }
}
