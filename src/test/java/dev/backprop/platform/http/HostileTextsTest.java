package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.ServiceTest;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.KeptWarnings;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Texts that could come in and never go out again, into an answer or a database, and others that
/// only look so.
class HostileTextsTest extends ServiceTest {

  private static final String HALF = "half of a surrogate pair";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"rows\": [{\"a\": \"\\ud800\", \"b\": 1}, {\"a\": \"x\", \"b\": 2}]}",
        "{\"rows\": [{\"a\": \"x\\udc00y\", \"b\": 1}, {\"a\": \"x\", \"b\": 2}]}",
        "{\"rows\": [{\"a\\ud83d\": \"x\", \"b\": 1}, {\"a\": \"x\", \"b\": 2}]}"
      })
  void refusesHalfACharacterInADataSet(String body) {
    HttpResponse<String> answer = post("/api/v1/datasets?name=half", body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    assertThat(body(answer).path("detail").asString()).contains(HALF);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\": \"m\\ud800\", \"data\": {}}",
        "{\"model\": \"m\", \"data\": {\"target\": \"\\ud800\", \"rows\": [{\"a\": 1}]}}",
        "{\"model\": \"m\", \"data\": {\"target\": \"a\", \"missing\": [\"\\udfff\"], \"rows\": [{\"a\": 1}]}}",
        "{\"model\": \"m\", \"data\": {\"target\": \"a\", \"rows\": [{\"a\": 1, \"b\": \"\\ud800\"}, {\"a\": 2}]}}",
        "{\"model\": \"m\", \"data\": {\"target\": \"a\", \"columns\": {\"\\ud800\": {\"type\": \"ignore\"}}, \"rows\": [{\"a\": 1, \"b\": 1}, {\"a\": 2, \"b\": 3}]}}",
        "{\"model\": \"m\", \"data\": {\"target\": \"a\", \"rows\": [{\"a\": 1, \"b\": 1}, {\"a\": 2, \"b\": 3}]}, \"training\": {\"classWeights\": {\"\\ud800\": 2}}}",
        "{\"model\": \"m\", \"\\ud800\": 1}",
        "{\"model\": \"m\", \"network\": {\"layers\": [\"\\ud800\"]}}",
        "{\"model\": \"m\", \"network\": {\"loss\": {\"type\": \"hub\\ud800er\"}}}"
      })
  void refusesHalfACharacterInATraining(String body) {
    HttpResponse<String> answer = train(body);

    assertThat(answer.statusCode()).as(answer.body()).isIn(400, 422);
    assertThat(body(answer).path("code").asString()).isNotEmpty();
  }

  /// Neither what is quoted nor what is warned of is cut within a character.
  @Test
  void cutsBetweenCharacters() {
    for (String lead : new String[] {"", "x"}) {
      String smiles = lead + "😀".repeat(300);
      assertProblem(
          get("/api/v1/models?" + URLEncoder.encode(smiles, StandardCharsets.UTF_8) + "=1"),
          400,
          "unknown-parameter");
      assertProblem(train("{\"model\": \"" + smiles + "\", \"data\": {}}"), 422, "invalid-spec");
      assertThat(KeptWarnings.of(List.of(lead + "😀".repeat(1000))).getFirst())
          .matches(Excerpt::isWellFormed);
    }
  }

  @Test
  void keepsEveryCharacterThatThereIs() {
    String strange = "\\u0000 \\u0001 \\u2028 \\ufffe \\u202e \\ud83d\\ude00 \\\" \\\\ </script>";
    String rows =
        IntStream.range(0, 20)
            .mapToObj(
                i ->
                    "{\"%s\": \"%s\", \"y\": \"%s\"}"
                        .formatted(strange, i % 2 == 0 ? strange : "b", i % 2 == 0 ? strange : "n"))
            .collect(Collectors.joining(","));
    HttpResponse<String> upload =
        post("/api/v1/datasets?name=strange", "{\"rows\": [" + rows + "]}");
    assertThat(upload.statusCode()).as(upload.body()).isEqualTo(201);
    JsonNode expected = JSON.readTree("\"" + strange + "\"");

    JsonNode training =
        trained(
            "{\"model\": \"strange\", \"data\": {\"target\": \"y\", \"dataset\": \"%s\"}, \"training\": {\"epochs\": 60}}"
                .formatted(body(upload).path("id").asString()));
    assertThat(training.path("state").asString()).as(training.toString()).isEqualTo("succeeded");
    JsonNode answer =
        body(
            post(
                "/api/v1/models/strange/predictions",
                "{\"rows\": [{\"%s\": \"%s\"}]}".formatted(strange, strange)));

    assertThat(answer.path("predictions").path(0).path("prediction")).isEqualTo(expected);
    assertThat(body(get("/api/v1/models/strange")).path("current").path("target").path("classes"))
        .contains(expected);
  }

  /// A row of many columns stands in the query of a GET.
  @Test
  void readsARowOfThousandsOfColumnsFromTheQuery() {
    String query =
        IntStream.range(0, 3000).mapToObj(i -> "c" + i + "=" + i).collect(Collectors.joining("&"));

    assertProblem(get("/api/v1/models/nowhere/predictions?" + query), 404, "not-found");
    assertProblem(get("/api/v1/models?" + query), 400, "unknown-parameter");
    assertProblem(get("/api/v1/models?" + "a&".repeat(30_000)), 400, "unknown-parameter");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"epochs\": 1e999999999",
        "\"epochs\": 99999999999999999999",
        "\"seed\": 1e400",
        "\"seed\": -1e-999999999",
        "\"optimizer\": {\"type\": \"adam\", \"learningRate\": 1e999999999}",
        "\"optimizer\": {\"type\": \"adam\", \"learningRate\": -1e999999999}",
        "\"optimizer\": {\"type\": \"adam\", \"learningRate\": 1e-999999999}",
        "\"validationFraction\": 1e999999999",
        "\"clipNorm\": 1e999999999",
        "\"maxSeconds\": 1e999999999",
        "\"batchSize\": 2147483648",
        "\"classWeights\": {\"1\": 1e999999999}"
      })
  void refusesNumbersThatAreHuge(String option) {
    HttpResponse<String> answer =
        train(
            "{\"model\": \"huge\", \"data\": {\"target\": \"y\", \"rows\": [{\"x\": 1, \"y\": 1.5}, {\"x\": 2, \"y\": 2.5}, {\"x\": 3, \"y\": 4.5}]}, \"training\": {"
                + option
                + "}}");

    assertThat(answer.statusCode()).as(answer.body()).isIn(400, 422);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999999999", "-1e999999999", "1e-999999999"})
  void takesNoNumberOfARowForInfinite(String number) {
    HttpResponse<String> answer =
        post(
            "/api/v1/datasets?name=huge",
            "{\"rows\": [{\"x\": %s, \"y\": 1}, {\"x\": 2, \"y\": 2}]}".formatted(number));

    assertThat(answer.statusCode()).as(answer.body()).isIn(201, 422);
    assertThat(body(answer).path("columns").path(0).path("max").asDouble()).isLessThan(3);
  }
}
