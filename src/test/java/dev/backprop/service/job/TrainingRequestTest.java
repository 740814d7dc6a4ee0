package dev.backprop.service.job;

import static dev.backprop.platform.caller.Caller.ANYBODY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// What a training request may say, and what is said about one that may not.
class TrainingRequestTest extends JobServiceTest {

  private static final String MODEL = "\"model\": \"m\"";
  private static final String ROWS =
      """
      "rows": [{"x": 1, "c": "a", "y": 1.5}, {"x": 2, "c": "b", "y": 2.5}, {"x": 3, "c": "a", "y": 3.5}, {"x": 4, "c": "b", "y": 4.25}]""";
  private static final String DATA = "\"data\": {\"target\": \"y\", " + ROWS + "}";

  static Stream<Arguments> requestsThatAreNotUnderstood() {
    return Stream.of(
        Arguments.of("{", null),
        Arguments.of("", null),
        Arguments.of("[]", null),
        Arguments.of("{" + MODEL + ", " + DATA + "} x", null),
        Arguments.of("{" + MODEL + ", " + MODEL + ", " + DATA + "}", null),
        Arguments.of("{" + MODEL + ", \"extra\": 1, " + DATA + "}", "/extra"),
        Arguments.of("{\"model\": 7, " + DATA + "}", "/model"),
        Arguments.of("{" + MODEL + ", \"activate\": \"yes\", " + DATA + "}", "/activate"),
        Arguments.of("{" + MODEL + ", \"data\": []}", "/data"),
        Arguments.of("{" + MODEL + ", \"data\": {\"rowz\": []}}", "/data/rowz"),
        Arguments.of("{" + MODEL + ", \"data\": {\"target\": 1, " + ROWS + "}}", "/data/target"),
        Arguments.of(
            "{" + MODEL + ", \"data\": {\"target\": [1], " + ROWS + "}}", "/data/target/0"),
        Arguments.of(
            "{" + MODEL + ", \"data\": {\"task\": true, \"target\": \"y\", " + ROWS + "}}",
            "/data/task"),
        Arguments.of("{" + MODEL + ", \"data\": {\"dataset\": 1}}", "/data/dataset"),
        Arguments.of(
            "{" + MODEL + ", \"validation\": {\"set\": \"x\"}, " + DATA + "}", "/validation/set"),
        Arguments.of(
            "{" + MODEL + ", " + DATA + ", \"network\": {\"layer\": []}}", "/network/layer"),
        Arguments.of(
            "{" + MODEL + ", " + DATA + ", \"training\": {\"epochs\": 64.7}}", "/training/epochs"),
        Arguments.of(
            "{" + MODEL + ", " + DATA + ", \"training\": {\"epochs\": \"5\"}}",
            "/training/epochs"));
  }

  @ParameterizedTest
  @MethodSource("requestsThatAreNotUnderstood")
  void refusesWhatItDoesNotUnderstand(String request, String pointer) {
    HttpResponse<String> answer = train(request);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    if (pointer != null) {
      assertThat(pointer(answer)).as(answer.body()).isEqualTo(pointer);
    }
    assertNothingKept();
  }

  static Stream<Arguments> impossibleRequests() {
    return Stream.of(
        Arguments.of("{}", "/model"),
        Arguments.of("{" + DATA + "}", "/model"),
        Arguments.of("{\"model\": null, " + DATA + "}", "/model"),
        Arguments.of("{" + MODEL + "}", "/data"),
        Arguments.of("{\"model\": \"Not A Name\", " + DATA + "}", "/model"),
        Arguments.of("{" + MODEL + ", \"data\": {}}", "/data"),
        Arguments.of("{" + MODEL + ", \"data\": {" + ROWS + "}}", "/data/target"),
        Arguments.of(
            "{" + MODEL + ", \"data\": {\"target\": \"z\", " + ROWS + "}}", "/data/target"),
        Arguments.of("{" + MODEL + ", \"data\": {\"target\": [], " + ROWS + "}}", "/data/target"),
        Arguments.of(
            "{" + MODEL + ", \"data\": {\"target\": \"y\", \"dataset\": \"d\", " + ROWS + "}}",
            "/data"),
        Arguments.of("{" + MODEL + ", \"data\": {\"target\": \"y\", \"rows\": []}}", "/data/rows"),
        Arguments.of(
            "{" + MODEL + ", \"data\": {\"target\": \"y\", \"dataset\": \"nowhere\"}}",
            "/data/dataset"),
        Arguments.of("{" + MODEL + ", \"data\": {\"inputs\": [[1]]}}", "/data/targets"),
        Arguments.of("{" + MODEL + ", \"data\": {\"targets\": [[1]]}}", "/data/inputs"),
        Arguments.of(
            "{" + MODEL + ", \"data\": {\"inputs\": [[1], [2]], \"targets\": [[1]]}}",
            "/data/targets"),
        Arguments.of(
            "{" + MODEL + ", \"data\": {\"inputs\": [[1], [2, 3]], \"targets\": [[1], [2]]}}",
            "/data/inputs/1"),
        Arguments.of(
            "{" + MODEL + ", \"data\": {\"task\": \"guess\", \"target\": \"y\", " + ROWS + "}}",
            "/data/task"),
        Arguments.of(
            "{"
                + MODEL
                + ", \"data\": {\"task\": \"regression\", \"target\": \"c\", "
                + ROWS
                + "}}",
            "/data/target"),
        Arguments.of(
            "{"
                + MODEL
                + ", \"data\": {\"target\": \"y\", \"columns\": {\"zz\": {\"type\": \"ignore\"}}, "
                + ROWS
                + "}}",
            "/data/columns/zz"),
        Arguments.of(
            "{"
                + MODEL
                + ", \"data\": {\"target\": \"y\", \"columns\": {\"c\": {\"type\": \"numeric\"}}, "
                + ROWS
                + "}}",
            "/data/columns/c/type"),
        Arguments.of(
            "{" + MODEL + ", \"validation\": {\"dataset\": \"nowhere\"}, " + DATA + "}",
            "/validation/dataset"),
        Arguments.of("{" + MODEL + ", \"validation\": {}, " + DATA + "}", "/validation/dataset"),
        Arguments.of(
            "{"
                + MODEL
                + ", "
                + DATA
                + ", \"network\": {\"layers\": [{\"type\": \"dense\", \"units\": 0}]}}",
            "/network/layers/0/units"),
        Arguments.of(
            "{"
                + MODEL
                + ", "
                + DATA
                + ", \"network\": {\"layers\": [{\"type\": \"dense\", \"units\": 1000000000}]}}",
            "/network/layers/0/units"),
        Arguments.of(
            "{" + MODEL + ", " + DATA + ", \"network\": {\"loss\": \"cross-entropy\"}}",
            "/network/loss"),
        Arguments.of(
            "{" + MODEL + ", " + DATA + ", \"training\": {\"epochs\": 0}}", "/training/epochs"),
        Arguments.of(
            "{" + MODEL + ", " + DATA + ", \"training\": {\"batchSize\": 5}}",
            "/training/batchSize"),
        Arguments.of(
            "{" + MODEL + ", " + DATA + ", \"training\": {\"earlyStopping\": {\"patience\": 3}}}",
            "/training/earlyStopping"),
        Arguments.of(
            "{"
                + MODEL
                + ", "
                + DATA
                + ", \"training\": {\"optimizer\": {\"type\": \"adam\", \"learningRate\": -1}}}",
            "/training/optimizer/learningRate"));
  }

  @ParameterizedTest
  @MethodSource("impossibleRequests")
  void refusesWhatCannotBeAndSaysWhere(String request, String pointer) {
    HttpResponse<String> answer = train(request);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    assertThat(pointer(answer)).as(answer.body()).isEqualTo(pointer);
    assertNothingKept();
  }

  @Test
  void saysBothNumbers() {
    HttpResponse<String> answer =
        train("{" + MODEL + ", " + DATA + ", \"training\": {\"batchSize\": 5}}");

    assertThat(body(answer).path("errors").path(0).path("detail").asString())
        .isEqualTo("must be at most the 4 training rows, was 5");
  }

  @Test
  void takesTheKeysInAnyOrder() {
    String columns = "\"columns\": {\"x\": {\"type\": \"ignore\"}}";
    String missing = "\"missing\": [\"b\"]";
    String target = "\"target\": \"y\"";
    String training = "\"training\": {\"epochs\": 3}";
    String first =
        Requests.json(
            MODEL, training, "\"data\": " + Requests.json(target, columns, missing, ROWS));
    String last =
        Requests.json(
            "\"data\": " + Requests.json(missing, ROWS, columns, target), training, MODEL);

    JsonNode a = trained(first);
    JsonNode b = trained(last);

    assertThat(a.path("state").asString()).as(a.toString()).isEqualTo("succeeded");
    assertThat(b.path("history").path(2).path("trainLoss"))
        .isEqualTo(a.path("history").path(2).path("trainLoss"));
    JsonNode twice =
        trained(Requests.json(MODEL, training, "\"data\": " + Requests.json(target, ROWS)));
    assertThat(twice.path("history").path(2).path("trainLoss"))
        .isNotEqualTo(a.path("history").path(2).path("trainLoss"));
    JsonNode behind =
        trained(
            Requests.json(
                MODEL, training, "\"data\": " + Requests.json(target, columns, ROWS, missing)));
    assertThat(behind.path("history").path(2).path("trainLoss"))
        .isEqualTo(a.path("history").path(2).path("trainLoss"));
  }

  @Test
  void takesTargetsBeforeInputs() {
    succeeded(
        """
        {"data": {"targets": [[0],[1]], "inputs": [[0,1],[1,0]]}, "training": {"epochs": 2}, "model": "backwards"}""");
  }

  @Test
  void switchesEarlyStoppingOffByNull() {
    JsonNode training =
        trained(
            """
            {"model": "no-stop", "data": {%s}, "training": {"epochs": 2, "earlyStopping": null}}"""
                .formatted(Requests.bareRows(60)));

    assertThat(training.path("spec").path("training").path("earlyStopping").path("type").asString())
        .isEqualTo("none");
    assertThat(training.path("rows").path("validation").asInt()).isEqualTo(12);
  }

  @Test
  void learnsSeveralTargetsAtOnce() {
    JsonNode training =
        succeeded(
            "{\"model\": \"several\", \"data\": {\"target\": [\"y\", \"x\"], "
                + ROWS
                + "}, \"training\": {\"epochs\": 2}}");

    assertThat(training.path("target").path("names").toString()).isEqualTo("[\"y\",\"x\"]");
    assertThat(training.path("target").path("task").asString()).isEqualTo("regression");
  }

  @Test
  void takesATaskThatTheDataWouldNotSuggest() {
    JsonNode training =
        trained(
            """
            {"model": "asked", "data": {"target": "y", "task": "regression",
              "rows": [{"x": 1, "y": 0}, {"x": 2, "y": 1}, {"x": 3, "y": 0}, {"x": 4, "y": 1}]},
             "training": {"epochs": 2}}""");

    assertThat(training.path("target").path("task").asString()).isEqualTo("regression");
    assertThat(training.path("target").path("inferred").asBoolean()).isFalse();
  }

  @Test
  void refusesAWrongContentTypeMethodOrParameter() {
    HttpResponse<String> text =
        send(
            request("/api/v1/trainings")
                .header("Content-Type", "text/plain")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{}"))
                .build());
    assertThat(text.statusCode()).as(text.body()).isEqualTo(415);
    assertThat(delete("/api/v1/trainings").statusCode()).isEqualTo(405);
    assertThat(post("/api/v1/trainings?validate=true", Requests.xor("m")).statusCode())
        .isEqualTo(400);
    for (String prefer : List.of("wait=-1", "wait=x", "wait=61")) {
      assertThat(get("/api/v1/trainings", "Prefer", prefer).statusCode()).isEqualTo(200);
    }
  }

  private void assertNothingKept() {
    assertThat(
            trainings
                .list(new TrainingStore.Filter("m", JobState.QUEUED, ANYBODY), null, 1)
                .items())
        .isEmpty();
    assertThat(
            trainings
                .list(new TrainingStore.Filter("m", JobState.RUNNING, ANYBODY), null, 1)
                .items())
        .isEmpty();
  }

  private static String pointer(HttpResponse<String> answer) {
    return body(answer).path("errors").path(0).path("pointer").asString();
  }
}
