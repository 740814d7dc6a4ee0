package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Trainings that go on from the parameters of a model.
class WarmStartTest extends JobServiceTest {

  /// `c` is nullable, `id` ignored.
  private static final String BASE_DATA =
      """
      {"target": "y", "columns": {"id": {"type": "ignore"}}, "rows": [
        {"id": 1, "x": 1, "c": "a", "b": true, "y": "no"}, {"id": 2, "x": 2, "c": "b", "b": false, "y": "yes"},
        {"id": 3, "x": 3, "c": null, "b": true, "y": "no"}, {"id": 4, "x": 4, "c": "b", "b": false, "y": "yes"},
        {"id": 5, "x": 5, "c": "a", "b": true, "y": "no"}, {"id": 6, "x": 6, "c": "b", "b": false, "y": "yes"}]}""";

  private static final String NETWORK =
      """
      {"layers": [{"type": "dense", "units": 5, "activation": "tanh"}, {"type": "dropout", "rate": 0.1}], "inputScale": true}""";

  private static final String GOOD_ROWS =
      """
      "rows": [{"y": "yes", "b": false, "x": 8, "c": "b"}, {"y": "no", "b": true, "x": 7, "c": "a"}]""";

  private static final String BARE = "{\"inputs\": [[0, 1], [1, 0]], \"targets\": [[1], [0]]}";

  @BeforeEach
  void trainBase() {
    if (get("/api/v1/models/ws-base").statusCode() == 404) {
      succeeded(
          "{\"model\": \"ws-base\", \"data\": %s, \"network\": %s, \"training\": {\"epochs\": 20}}"
              .formatted(BASE_DATA, NETWORK));
      succeeded(
          "{\"model\": \"ws-bare\", \"data\": %s, \"training\": {\"epochs\": 3}}".formatted(BARE));
    }
  }

  private static String from(String model, String data, String more) {
    return "{\"model\": \"ws-more\", \"warmStart\": {\"model\": \"%s\"}, \"data\": %s%s}"
        .formatted(model, data, more);
  }

  @Test
  void goesOnAtTheLossWhereTheModelEnded() {
    String request =
        """
        {"model": "ws-penguins", "data": {"target": "species", %s}, %s
         "training": {"epochs": 5, "batchSize": 64, "earlyStopping": null, "seed": 3}}""";
    JsonNode first = succeeded(request.formatted(Requests.penguinRows(), ""));
    JsonNode second =
        succeeded(
            request.formatted(
                Requests.penguinRows(), "\"warmStart\": {\"model\": \"ws-penguins\"},"));

    double before = first.path("metrics").path("validationLoss").asDouble();
    List<Double> after =
        second.path("history").findValues("validationLoss").stream()
            .map(JsonNode::asDouble)
            .toList();
    assertThat(after.getFirst()).isLessThan(before).isGreaterThan(before / 2);
    assertThat(after.getLast()).isLessThan(after.getFirst());
    assertThat(second.path("result").path("version").asInt()).isEqualTo(2);
    assertThat(second.path("warmStart").toString())
        .isEqualTo("{\"model\":\"ws-penguins\",\"version\":1}");
    assertThat(first.path("warmStart").isNull()).isTrue();

    JsonNode card = body(get("/api/v1/models/ws-penguins/versions/2"));
    assertThat(card.path("provenance").path("warmStart").toString())
        .isEqualTo("{\"model\":\"ws-penguins\",\"version\":1}");
    JsonNode firstCard = body(get("/api/v1/models/ws-penguins/versions/1"));
    assertThat(firstCard.path("provenance").path("warmStart").isNull()).isTrue();
    assertThat(card.path("input")).isEqualTo(firstCard.path("input"));
    assertThat(card.path("spec").path("network")).isEqualTo(firstCard.path("spec").path("network"));
  }

  /// Another seed takes other rows to train and validate on, whose means are others.
  @Test
  void stepsOfNoLengthAnswerAsTheModelDoes() {
    JsonNode training =
        succeeded(
            """
            {"model": "ws-still", "warmStart": {"model": "ws-base", "version": 1}, "data": {%s, %s]},
             "training": {"epochs": 3, "batchSize": 1, "optimizer": {"type": "sgd", "learningRate": 1e-30}}}"""
                .formatted(
                    "\"target\": [\"y\"], \"task\": \"classification\"",
                    GOOD_ROWS.replace(
                        "]", ", {\"x\": 70, \"b\": true, \"c\": \"new\", \"y\": \"no\"}")));
    assertThat(training.path("warnings").toString())
        .isEqualTo(
            """
            ["column 'c' has 1 categories in 1 rows that model 'ws-base' version 1 does not know, and learns nothing of: 'new'"]""");
    for (String row : List.of("x=3&c=a&b=true", "x=-4&b=false", "x=5&c=b&b=true")) {
      assertThat(body(get("/api/v1/models/ws-still/predictions?" + row)).path("probabilities"))
          .isEqualTo(body(get("/api/v1/models/ws-base/predictions?" + row)).path("probabilities"));
    }
    JsonNode x =
        body(get("/api/v1/models/ws-still/versions/1")).path("input").path("features").path(0);
    assertThat(x.path("max").asInt()).isEqualTo(70);
    assertThat(x.path("mean").asDouble()).isEqualTo(3.5);
  }

  @Test
  void theTargetAndTheNetworkMayBeLeftOutAndColumnsMayStandInAnyOrder() {
    JsonNode plan =
        body(
            post(
                "/api/v1/trainings?validateOnly=true", from("ws-base", "{" + GOOD_ROWS + "}", "")));
    assertThat(plan.path("warmStart").path("version").asInt()).isEqualTo(1);
    assertThat(plan.path("target").path("names").toString()).isEqualTo("[\"y\"]");
    assertThat(plan.path("spec").path("network"))
        .isEqualTo(body(get("/api/v1/models/ws-base/versions/1")).path("spec").path("network"));
    assertThat(plan.path("warnings")).isEmpty();
    succeeded(from("ws-base", BASE_DATA, ", \"network\": " + NETWORK));
  }

  @Test
  void rowsMayBeWeighedNowAndNotThen() {
    JsonNode training =
        succeeded(
            from(
                "ws-base",
                "{\"weight\": \"w\", %s}".formatted(GOOD_ROWS.replace("\"x\"", "\"w\": 2, \"x\"")),
                ""));
    int version = training.path("result").path("version").asInt();
    JsonNode unused =
        body(get("/api/v1/models/ws-more/versions/" + version)).path("input").path("unused");
    assertThat(unused.toString()).contains("{\"name\":\"w\",\"role\":\"weight\"}");
    // And the other way round.
    succeeded(from("ws-more", "{%s}".formatted(GOOD_ROWS.replace("\"x\"", "\"w\": 2, \"x\"")), ""));
  }

  /// Those that the first model ignored and those that only the second does.
  @Test
  void ignoredColumnsAreKnownToTheNewModel() {
    succeeded(
        """
        {"model": "ws-ignoring", "warmStart": {"model": "ws-base"},
         "data": {"columns": {"note": {"type": "ignore"}}, %s}}"""
            .formatted(GOOD_ROWS.replace("\"x\"", "\"note\": \"n\", \"x\"")));
    String row = "/api/v1/models/ws-ignoring/predictions?x=3&c=a&b=true";
    JsonNode expected = body(get(row));
    assertThat(expected.path("prediction").isString()).isTrue();
    assertThat(body(get(row + "&id=7&note=m"))).isEqualTo(expected);
    assertThat(get(row + "&other=1").statusCode()).isEqualTo(400);
    assertThat(
            body(get("/api/v1/models/ws-ignoring/versions/1"))
                .path("input")
                .path("unused")
                .toString())
        .isEqualTo(
            """
            [{"name":"id","role":"ignored"},{"name":"y","role":"target"},{"name":"note","role":"ignored"}]""");
    // Not ignored, it is unknown.
    JsonNode refused =
        body(
            train(
                from(
                    "ws-base",
                    "{" + GOOD_ROWS.replace("\"x\"", "\"note\": \"n\", \"x\"") + "}",
                    "")));
    assertThat(refused.path("detail").asString()).contains("column 'note'");
  }

  @Test
  void validatesOnADataSetAsTheModelReadsIt() {
    String id =
        body(send(
                "POST", "/api/v1/datasets?name=ws", "text/csv", "b,x,y\ntrue,2,no\nfalse,3,yes\n"))
            .path("id")
            .asString();
    JsonNode training =
        succeeded(
            from(
                "ws-base",
                "{" + GOOD_ROWS + "}",
                ", \"validation\": {\"dataset\": \"" + id + "\"}"));
    assertThat(training.path("rows").path("validation").asInt()).isEqualTo(2);
    succeeded(from("ws-base", "{\"dataset\": \"" + id + "\"}", ""));
    assertThat(delete("/api/v1/datasets/" + id).statusCode()).isEqualTo(204);
  }

  @Test
  void bareNumbersGoOnToo() {
    succeeded(from("ws-bare", BARE, ", \"training\": {\"epochs\": 2}"));
  }

  @Test
  void aModelThatIsDeletedMeanwhileIsStartedFromAllTheSame() throws InterruptedException {
    succeeded("{\"model\": \"ws-gone\", \"data\": %s}".formatted(BARE));
    String before = begin(Requests.endless("ws-before"));
    awaitFirstEpoch(before);
    String id = begin(from("ws-gone", BARE, ""));
    assertThat(delete("/api/v1/models/ws-gone").statusCode()).isEqualTo(204);
    assertThat(post("/api/v1/trainings/" + before + "/cancel", "").statusCode()).isEqualTo(202);

    JsonNode training = ended(id);
    assertThat(training.path("state").asString()).as(training.toString()).isEqualTo("succeeded");
    assertThat(training.path("warmStart").toString())
        .isEqualTo("{\"model\":\"ws-gone\",\"version\":1}");
    assertProblem(train(from("ws-gone", BARE, "")), 422, "invalid-spec", "/warmStart/model");
  }

  static Stream<Arguments> impossible() {
    String data = "{" + GOOD_ROWS + "}";
    return Stream.of(
        Arguments.of("{}", data, "", "/warmStart/model", "is required"),
        Arguments.of("{\"model\": \"ws-none\"}", data, "", "/warmStart/model", "'ws-none' is none"),
        Arguments.of(
            "{\"model\": \"ws-base\", \"version\": 7}",
            data,
            "",
            "/warmStart/version",
            "whose latest is 1, was 7"),
        other(
            data,
            ", \"network\": {\"layers\": []}",
            "/network/layers",
            "must be 2 of them, as in model 'ws-base' version 1, was 0 of them"),
        other(
            data,
            ", \"network\": " + NETWORK.replace(": 5", ": 6"),
            "/network/layers/0/units",
            "must be 5, as in model 'ws-base' version 1, was 6"),
        other(
            data,
            ", \"network\": " + NETWORK.replace("tanh", "relu"),
            "/network/layers/0/activation/type",
            "must be \"tanh\", as in model 'ws-base' version 1, was \"relu\""),
        other(
            data,
            ", \"network\": " + NETWORK.replace("true", "false"),
            "/network/inputScale",
            "must be true, as in model 'ws-base' version 1, was false"),
        other("{\"target\": \"c\", " + GOOD_ROWS + "}", "", "/data/target", "must be [y], as in"),
        other(
            "{\"task\": \"regression\", " + GOOD_ROWS + "}",
            "",
            "/data/task",
            "must be classification, as in model 'ws-base' version 1, was regression"),
        other(
            "{\"columns\": {\"x\": {\"type\": \"categorical\"}}, " + GOOD_ROWS + "}",
            "",
            "/data/columns/x/type",
            "must be numeric, as in model 'ws-base' version 1, was categorical"),
        other(
            "{\"columns\": {\"c\": {\"type\": \"ignore\"}}, " + GOOD_ROWS + "}",
            "",
            "/data/columns/c/type",
            "must be categorical, as in model 'ws-base' version 1, was ignore"),
        other(
            "{\"columns\": {\"z\": {\"type\": \"ignore\"}}, " + GOOD_ROWS + "}",
            "",
            "/data/columns/z",
            "is none"),
        other(
            "{\"weight\": \"x\", " + GOOD_ROWS + "}", "", "/data/weight", "must not be a feature"),
        other("{\"weight\": \"y\", " + GOOD_ROWS + "}", "", "/data/weight", "must not be a target"),
        other("{\"weight\": \"w\", " + GOOD_ROWS + "}", "", "/data/weight", "'w' is none"),
        other(data.replace("\"x\": 8", "\"x\": \"tall\""), "", "/data/rows", "column 'x', row 0"),
        other(data.replace("\"x\": 8", "\"x\": null"), "", "/data/rows", "column 'x', row 0"),
        other(data.replace("\"x\"", "\"z\""), "", "/data/rows", "column 'z'"),
        other(
            data.replace("\"b\": false,", "").replace("\"b\": true,", ""), "", "/data/rows", "'b'"),
        other(data.replace("\"yes\"", "\"maybe\""), "", "/data/rows", "was 'maybe'"),
        other(data.replace("\"yes\"", "null"), "", "/data/target", "has one in 1"),
        other(
            "{\"rows\": [{\"x\": 1, \"b\": true, \"y\": \"no\"}]}",
            "",
            "/data/rows",
            "must have at least 2 rows, had 1"),
        other(BARE, "", "/data/inputs", "must be rows, as in model 'ws-base' version 1"),
        Arguments.of("{\"model\": \"ws-bare\"}", data, "", "/data/rows", "must be inputs"),
        Arguments.of(
            "{\"model\": \"ws-bare\"}",
            "{\"inputs\": [[0], [1]], \"targets\": [[1], [0]]}",
            "",
            "/data/inputs",
            "must be 2 numbers a row, as in model 'ws-bare' version 1, were 1"),
        Arguments.of(
            "{\"model\": \"ws-bare\"}",
            "{\"inputs\": [[0, 0], [1, 1]], \"targets\": [[1, 1], [0, 0]]}",
            "",
            "/data/targets",
            "must be 1 numbers a row, as in model 'ws-bare' version 1, were 2"));
  }

  private static Arguments other(String data, String more, String pointer, String detail) {
    return Arguments.of("{\"model\": \"ws-base\"}", data, more, pointer, detail);
  }

  @ParameterizedTest
  @MethodSource("impossible")
  void refusesAnotherSchemaOrNetwork(
      String warmStart, String data, String more, String pointer, String detail) {
    var answer =
        train(
            "{\"model\": \"ws-refused\", \"warmStart\": %s, \"data\": %s%s}"
                .formatted(warmStart, data, more));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    JsonNode error = body(answer).path("errors").path(0);
    assertThat(error.path("pointer").asString()).as(answer.body()).isEqualTo(pointer);
    assertThat(error.path("detail").asString()).contains(detail);
  }

  static Stream<Arguments> misunderstood() {
    return Stream.of(
        Arguments.of("[]", "/warmStart"),
        Arguments.of("\"ws-base\"", "/warmStart"),
        Arguments.of("{\"model\": 7}", "/warmStart/model"),
        Arguments.of("{\"model\": \"ws-base\", \"version\": \"1\"}", "/warmStart/version"),
        Arguments.of("{\"model\": \"ws-base\", \"version\": 1.5}", "/warmStart/version"),
        Arguments.of("{\"model\": \"ws-base\", \"epoch\": 1}", "/warmStart/epoch"));
  }

  @ParameterizedTest
  @MethodSource("misunderstood")
  void refusesWhatItDoesNotUnderstand(String warmStart, String pointer) {
    var answer =
        train(
            "{\"model\": \"ws-refused\", \"warmStart\": %s, \"data\": %s}"
                .formatted(warmStart, BARE));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(body(answer).path("errors").path(0).path("pointer").asString())
        .as(answer.body())
        .isEqualTo(pointer);
  }
}
