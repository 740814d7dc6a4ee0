package dev.backprop.service.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// How answers depend on columns.
class DependenceTest extends PredictionServiceTest {

  /// y = 3 a - 2 b, whatever the kind.
  private static final String LINE = "d-line";

  private static final String DATA = "d-line-rows";

  @BeforeAll
  void trainLine() {
    String rows =
        IntStream.range(0, 1_400)
            .mapToObj(
                i ->
                    "%s,%d,%s,%d"
                        .formatted(
                            i % 10 + 0.001 * i,
                            i % 7,
                            i % 3 == 0 ? "new" : "old",
                            3 * (i % 10) - 2 * (i % 7)))
            .collect(Collectors.joining("\n"));
    HttpResponse<String> made =
        send("POST", "/api/v1/datasets?name=" + DATA, "text/csv", "a,b,kind,y\n" + rows + "\n");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    succeeded(
        """
        {"model": "%s", "data": {"target": "y", "task": "regression", "dataset": "%s"},
         "network": {"layers": []},
         "training": {"epochs": 60, "optimizer": {"type": "adam", "learningRate": 0.05}}}"""
            .formatted(LINE, body(made).path("id").asString()));
  }

  private JsonNode asked(String model, String what, String json) {
    HttpResponse<String> answer = post(MODELS + model + "/" + what, json);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode named = body(post(MODELS + model + "/versions/1/" + what, json));
    assertThat(named).as("asked again, of the version").isEqualTo(body(answer));
    return named;
  }

  @Test
  void theMeanAnswerFollowsAColumn() {
    JsonNode found =
        asked(
            LINE,
            "partial-dependence",
            "{\"columns\": [\"a\"], \"dataset\": \"%s\"}".formatted(DATA));
    assertThat(found.path("columns").toString()).isEqualTo("[\"a\"]");
    assertThat(found.path("rows").asInt()).isEqualTo(500);
    JsonNode points = found.path("points");
    assertThat(points.size()).isEqualTo(50);
    JsonNode first = points.get(0);
    JsonNode last = points.get(49);
    double slope =
        (last.path("answer").asDouble() - first.path("answer").asDouble())
            / (last.path("value").asDouble() - first.path("value").asDouble());
    JsonNode low = body(get(MODELS + LINE + "/predictions?a=2&b=1&kind=new"));
    JsonNode high = body(get(MODELS + LINE + "/predictions?a=3&b=1&kind=new"));
    assertThat(slope)
        .isCloseTo(
            high.path("prediction").asDouble() - low.path("prediction").asDouble(), within(1e-3));
    assertThat(first.has("probabilities")).isFalse();
  }

  @Test
  void ofTwoColumnsEachPairHasAMeanAnswer() {
    JsonNode found =
        asked(
            LINE,
            "partial-dependence",
            "{\"columns\": [\"kind\", \"b\"], \"dataset\": \"%s\"}".formatted(DATA));
    assertThat(found.path("x").toString()).isEqualTo("[\"new\",\"old\"]");
    assertThat(found.path("y").toString()).isEqualTo("[0,1,2,3,4,5,6]");
    assertThat(found.path("rows").asInt()).isEqualTo(100);
    assertThat(found.path("answers").size()).isEqualTo(7);
    assertThat(found.path("answers").get(3).size()).isEqualTo(2);
    assertThat(found.path("answers").get(0).get(0).asDouble())
        .isGreaterThan(found.path("answers").get(6).get(0).asDouble());
    assertThat(found.has("points")).isFalse();
  }

  @Test
  void classesHaveProbabilities() {
    String rows =
        "island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,more\n"
            + "Biscoe,47,14,215,5000,male,1\nDream,40,18,190,3500,female,2\nNowhere,40,18,190,,,3\n";
    assertThat(send("POST", "/api/v1/datasets?name=d-birds", "text/csv", rows).statusCode())
        .isEqualTo(201);
    JsonNode points =
        asked(
                SPECIES,
                "partial-dependence",
                "{\"columns\": [\"island\"], \"dataset\": \"d-birds\"}")
            .path("points");
    assertThat(points.size()).isEqualTo(2);
    assertThat(points.get(0).path("value").asString()).isEqualTo("Biscoe");
    double sum = 0;
    for (JsonNode probability : points.get(0).path("probabilities")) {
      sum += probability.asDouble();
    }
    assertThat(sum).isCloseTo(1, within(1e-5));
    assertThat(points.get(0).has("answer")).isFalse();
  }

  @Test
  void aSurfaceHasTheAnswersOverTwoColumns() {
    JsonNode found =
        asked(
            LINE,
            "surface",
            "{\"x\": \"a\", \"y\": \"b\", \"at\": {\"kind\": \"old\", \"y\": 1}, \"size\": 4}");
    assertThat(found.path("columns").toString()).isEqualTo("[\"a\",\"b\"]");
    assertThat(found.path("y").toString()).isEqualTo("[0,2,4,6]");
    assertThat(found.path("x").size()).isEqualTo(4);
    JsonNode single =
        body(
            get(
                MODELS
                    + LINE
                    + "/predictions?kind=old&b=4&a="
                    + found.path("x").get(1).asString()));
    assertThat(found.path("answers").get(2).get(1).asDouble())
        .isCloseTo(single.path("prediction").asDouble(), within(1e-3));
    assertThat(asked(LINE, "surface", "{\"x\": \"a\", \"y\": \"b\"}").path("answers").size())
        .isEqualTo(50);
    JsonNode classes =
        asked(SPECIES, "surface", "{\"x\": \"island\", \"y\": \"body_mass_g\", \"size\": 5}");
    assertThat(classes.path("x").size()).isEqualTo(3);
    assertThat(classes.path("answers").get(4).get(2).propertyNames())
        .containsExactly("Adelie", "Chinstrap", "Gentoo");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "partial-dependence | {'columns': [], 'dataset': 'D'} | 422 | invalid-data | /columns | must be 1 or 2, were 0",
        "partial-dependence | {'columns': ['a', 'b', 'kind'], 'dataset': 'D'} | 422 | invalid-data | /columns | must be 1 or 2, were 3",
        "partial-dependence | {'columns': ['a', 'a'], 'dataset': 'D'} | 422 | invalid-data | /columns/1 | must be another column than the first, was 'a' too",
        "partial-dependence | {'columns': ['y'], 'dataset': 'D'} | 422 | invalid-data | /columns/0 | must be one of the 3 columns that the model uses, was 'y'",
        "partial-dependence | {'columns': [null], 'dataset': 'D'} | 400 | wrong-type | /columns/0 | must be a string, was null",
        "partial-dependence | {'columns': ['a']} | 400 | wrong-type | /dataset | is required",
        "partial-dependence | {'columns': ['a'], 'dataset': 'no-such'} | 422 | invalid-data | /dataset | must be the id or the name of a data set, 'no-such' is none",
        "partial-dependence | {'columns': ['a'], 'dataset': 'D', 'rows': []} | 400 | unknown-field | /rows | is not known",
        "surface | {'x': 'a', 'y': 'a'} | 422 | invalid-data | /y | must be another column than x, was 'a' too",
        "surface | {'x': 'a'} | 400 | wrong-type | /y | is required",
        "surface | {'x': 'z', 'y': 'a'} | 422 | invalid-data | /x | must be one of the 3 columns that the model uses, was 'z'",
        "surface | {'x': 'a', 'y': 'b', 'size': 1} | 422 | invalid-data | /size | must be from 2 to 100, was 1",
        "surface | {'x': 'a', 'y': 'b', 'size': 101} | 422 | invalid-data | /size | must be from 2 to 100, was 101",
        "surface | {'x': 'a', 'y': 'b', 'at': {'z': 1}} | 400 | unknown-field | /at/z | is no column of the training data",
        "surface | {'x': 'a', 'y': 'b', 'at': {'b': 'x'}} | 422 | invalid-data | /at/b | must be a number",
        "surface | {'x': 'a', 'y': 'b', 'at': {'kind': null}} | 422 | invalid-data | /at/kind | must have a value",
        "surface | {'x': 'a', 'y': 'b', 'at': {'kind': []}} | 400 | wrong-type | /at/kind | must be a string, a number, true, false or null",
        "surface | {'x': 'a', 'y': 'b', 'at': {'a': 1e999}} | 422 | invalid-data | /at/a | must be a finite number"
      })
  void refusesWhatCannotBe(
      String what, String json, int status, String code, String pointer, String detail) {
    HttpResponse<String> got =
        post(
            MODELS + LINE + "/" + what,
            json.replace('\'', '"').replace("\"D\"", "\"" + DATA + "\""));
    assertProblem(got, status, code);
    JsonNode fault = body(got).path("errors").path(0);
    assertThat(fault.path("pointer").asString()).isEqualTo(pointer);
    assertThat(fault.path("detail").asString()).contains(detail);
  }

  @Test
  void aDataSetNeedsItsColumnsAndValues() {
    send("POST", "/api/v1/datasets?name=d-few", "text/csv", "a,b\n1,2\n3,4\n");
    HttpResponse<String> got =
        post(
            MODELS + LINE + "/partial-dependence",
            "{\"columns\": [\"a\"], \"dataset\": \"d-few\"}");
    assertThat(got.statusCode()).as(got.body()).isEqualTo(422);
    send("POST", "/api/v1/datasets?name=d-unseen", "text/csv", "a,b,kind\n1,2,odd\n3,4,stranger\n");
    HttpResponse<String> none =
        post(
            MODELS + LINE + "/partial-dependence",
            "{\"columns\": [\"kind\"], \"dataset\": \"d-unseen\"}");
    assertProblem(none, 422, "invalid-data");
    assertThat(body(none).path("errors").path(0).path("detail").asString())
        .isEqualTo("must have a value in the data set, has 0 that are known");
  }

  @Test
  void neitherBareNumbersNorFormerVersionsHaveSurfaces() throws Exception {
    for (String what : new String[] {"partial-dependence", "surface"}) {
      String json =
          what.equals("surface")
              ? "{\"x\": \"0\", \"y\": \"1\"}"
              : "{\"columns\": [\"0\"], \"dataset\": \"%s\"}".formatted(DATA);
      HttpResponse<String> bare = post(MODELS + XOR + "/" + what, json);
      assertProblem(bare, 422, "invalid-data");
      assertThat(body(bare).path("detail").asString())
          .isEqualTo("this model takes bare numbers, it has no columns");
      assertProblem(post(MODELS + "nobody/" + what, json), 404, "not-found");
      assertProblem(post(MODELS + LINE + "/versions/9/" + what, json), 404, "not-found");
    }
    byte[] former;
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("/formats/3/classes.zip"))) {
      former = in.readAllBytes();
    }
    send(
        request(MODELS + "d-former/versions", "Content-Type", "application/zip")
            .POST(BodyPublishers.ofByteArray(former))
            .build());
    assertProblem(
        post(MODELS + "d-former/surface", "{\"x\": \"temp\", \"y\": \"size\"}"),
        422,
        "no-insights");
  }
}
