package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.Requests;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Trainings that are measured on every row once.
class CrossValidationTest extends JobServiceTest {

  private static String request(String model, String data, String training) {
    return "{\"model\": \"%s\", \"data\": {%s}, \"training\": {%s}}"
        .formatted(model, data, training);
  }

  @Test
  void measuresPenguinsOnEveryFoldAndLearnsFromAllOfThem() {
    JsonNode training =
        succeeded(
            request(
                "cv-penguins",
                "\"target\": \"species\", " + Requests.penguinRows(),
                "\"epochs\": 20, \"testFraction\": 0.1, \"crossValidation\": {\"folds\": 4}"));
    JsonNode rows = training.path("rows");
    assertThat(rows.path("validation").asInt()).isZero();
    assertThat(rows.path("training").asInt() + rows.path("test").asInt()).isEqualTo(344);

    JsonNode result = training.path("result").path("crossValidation");
    JsonNode folds = result.path("folds");
    assertThat(folds.findValues("fold").stream().map(JsonNode::asInt)).containsExactly(1, 2, 3, 4);
    assertThat(folds.findValues("rows").stream().mapToInt(JsonNode::asInt).sum())
        .isEqualTo(rows.path("training").asInt());
    List<Double> accuracies =
        folds.findValues("accuracy").stream().map(JsonNode::asDouble).toList();
    double mean = accuracies.stream().mapToDouble(a -> a).average().orElseThrow();
    double squares = accuracies.stream().mapToDouble(a -> (a - mean) * (a - mean)).sum();
    JsonNode accuracy = result.path("metrics").path("accuracy");
    assertThat(accuracy.path("mean").asDouble()).isCloseTo(mean, within(1e-12)).isGreaterThan(0.9);
    assertThat(accuracy.path("standardDeviation").asDouble())
        .isCloseTo(Math.sqrt(squares / 3), within(1e-12));
    assertThat(accuracy.path("folds").asInt()).isEqualTo(4);
    assertThat(result.path("metrics").propertyNames())
        .containsExactly("loss", "accuracy", "logLoss");
    assertThat(result.path("parts").propertyNames())
        .containsExactly("Adelie", "Chinstrap", "Gentoo");
    JsonNode recall = result.path("parts").path("Gentoo").path("recall");
    assertThat(recall.path("mean").asDouble()).isBetween(0.9, 1.0);
    assertThat(recall.path("folds").asInt()).isEqualTo(4);

    int epochs = result.path("epochs").asInt();
    assertThat(folds.findValues("bestEpoch").stream().map(JsonNode::asInt).sorted().toList().get(1))
        .isEqualTo(epochs);
    assertThat(training.path("result").path("bestEpoch").asInt()).isEqualTo(epochs);
    assertThat(training.path("history")).hasSize(epochs);
    assertThat(training.path("history").path(0).has("validationLoss")).isFalse();
    assertThat(training.path("progress").path("fraction").asDouble()).isEqualTo(1);
    assertThat(training.path("progress").path("folds").path("ended").asInt()).isEqualTo(4);

    JsonNode card = body(get("/api/v1/models/cv-penguins/versions/1"));
    assertThat(card.path("crossValidation")).isEqualTo(result);
    assertThat(card.path("metrics").propertyNames()).containsExactly("test");
    assertThat(card.path("spec").path("training").path("crossValidation").toString())
        .isEqualTo("{\"folds\":4}");
    assertThat(card.path("spec").path("training").path("earlyStopping").path("type").asString())
        .isEqualTo("patience");
  }

  @Test
  void foldsAreFiveUnlessToldOtherwise() {
    JsonNode plan =
        body(
            post(
                "/api/v1/trainings?validateOnly=true",
                request("cv-default", Requests.bareRows(60), "\"crossValidation\": {}")));
    assertThat(plan.path("spec").path("training").path("crossValidation").path("folds").asInt())
        .isEqualTo(5);
    assertThat(plan.path("rows").toString())
        .isEqualTo("{\"training\":60,\"validation\":0,\"test\":0}");
    // What it answers may be asked.
    JsonNode again =
        body(
            post(
                "/api/v1/trainings?validateOnly=true",
                "{\"model\": \"cv-default\", \"data\": {%s}, \"training\": %s}"
                    .formatted(
                        Requests.bareRows(60), plan.path("spec").path("training").toString())));
    assertThat(again.path("spec")).isEqualTo(plan.path("spec"));
  }

  @Test
  void oneThatIsNotAskedForIsNotSpokenOf() {
    JsonNode training = succeeded(request("cv-none", Requests.bareRows(10), "\"epochs\": 2"));
    assertThat(training.path("result").has("crossValidation")).isFalse();
    assertThat(training.path("progress").has("folds")).isFalse();
    assertThat(body(get("/api/v1/models/cv-none/versions/1")).has("crossValidation")).isFalse();
  }

  @Test
  void namesTheFoldThatDiverges() {
    JsonNode training =
        trained(
            """
            {"model": "cv-diverges", "network": {"layers": []},
             "data": {"inputs": [[3], [4], [5], [6], [7], [8]], "targets": [[1], [2], [3], [1], [2], [3]]},
             "training": {"optimizer": {"type": "sgd", "learningRate": 1e30}, "crossValidation": {"folds": 3}}}""");
    assertThat(training.path("state").asString()).isEqualTo("failed");
    assertThat(training.path("error").path("code").asString()).isEqualTo("diverged");
    assertThat(training.path("error").path("detail").asString())
        .startsWith("fold 1 diverged in epoch ");
  }

  @Test
  void isCancelledWhileItsFoldsRun() {
    String id =
        begin(
            Requests.endless("cv-endless")
                .replace("\"epochs\"", "\"crossValidation\": {\"folds\": 3}, \"epochs\""));
    JsonNode progress = progress(id);
    while (progress.path("folds").path("epochs").asInt() < 2) {
      progress = progress(id);
    }
    assertThat(progress.path("epoch").asInt()).isZero();
    assertThat(progress.path("fraction").asDouble()).isBetween(1e-6, 0.1);
    assertThat(progress.path("etaSeconds").asDouble()).isPositive();
    assertThat(post("/api/v1/trainings/" + id + "/cancel", "").statusCode()).isEqualTo(202);
    JsonNode training = ended(id);
    assertThat(training.path("state").asString()).isEqualTo("cancelled");
    assertThat(training.path("history")).isEmpty();
  }

  private JsonNode progress(String id) {
    return body(get("/api/v1/trainings/" + id)).path("progress");
  }

  static Stream<Arguments> impossible() {
    return Stream.of(
        Arguments.of("{\"folds\": 1}", "", "/training/crossValidation/folds"),
        Arguments.of("{\"folds\": 21}", "", "/training/crossValidation/folds"),
        Arguments.of("{\"folds\": 13}", "", "/training/crossValidation/folds"),
        Arguments.of(
            "{\"folds\": 10}", ", \"testFraction\": 0.5", "/training/crossValidation/folds"),
        Arguments.of("{}", ", \"validationFraction\": 0.2", "/training/validationFraction"),
        Arguments.of("{}", ", \"maxSeconds\": 5", "/training/maxSeconds"),
        Arguments.of("{}", ", \"schedule\": \"reduce-on-plateau\"", "/training/schedule"),
        Arguments.of("{}", ", \"batchSize\": 13", "/training/batchSize"));
  }

  @ParameterizedTest
  @MethodSource("impossible")
  void refusesWhatDoesNotGoWithFolds(String folds, String more, String pointer) {
    assertProblem(
        train(request("cv-refused", Requests.bareRows(12), "\"crossValidation\": " + folds + more)),
        422,
        "invalid-spec",
        pointer);
  }

  @Test
  void refusesRowsGivenApartAndWarmStarts() {
    String rows =
        IntStream.range(0, 12)
            .mapToObj(i -> "{\"x\": %d, \"y\": %d.5}".formatted(i, i % 5))
            .collect(
                java.util.stream.Collectors.joining(",", "{\"target\": \"y\", \"rows\": [", "]}"));
    String id =
        body(send("POST", "/api/v1/datasets?name=cv", "text/csv", "x,y\n1,2.5\n2,3.5\n"))
            .path("id")
            .asString();
    String model = "{\"model\": \"cv-apart\", \"data\": " + rows;
    assertProblem(
        train(
            model
                + ", \"validation\": {\"dataset\": \""
                + id
                + "\"}, \"training\": {\"crossValidation\": {}}}"),
        422,
        "invalid-spec",
        "/training/crossValidation");
    assertThat(delete("/api/v1/datasets/" + id).statusCode()).isEqualTo(204);
    succeeded(model + ", \"training\": {\"epochs\": 2}}");
    assertProblem(
        train(
            model
                + ", \"warmStart\": {\"model\": \"cv-apart\"}, \"training\": {\"crossValidation\": {}}}"),
        422,
        "invalid-spec",
        "/training/crossValidation");
  }

  static Stream<Arguments> misunderstood() {
    return Stream.of(
        Arguments.of("5", "/training/crossValidation"),
        Arguments.of("[]", "/training/crossValidation"),
        Arguments.of("{\"folds\": \"5\"}", "/training/crossValidation/folds"),
        Arguments.of("{\"folds\": 2.5}", "/training/crossValidation/folds"),
        Arguments.of("{\"fold\": 5}", "/training/crossValidation/fold"));
  }

  @ParameterizedTest
  @MethodSource("misunderstood")
  void refusesWhatItDoesNotUnderstand(String folds, String pointer) {
    var answer =
        train(request("cv-refused", Requests.bareRows(12), "\"crossValidation\": " + folds));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(body(answer).path("errors").path(0).path("pointer").asString())
        .as(answer.body())
        .isEqualTo(pointer);
  }
}
