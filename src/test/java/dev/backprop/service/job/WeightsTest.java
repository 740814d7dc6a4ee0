package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.backprop.ServiceTest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Trainings whose rows or classes do not all count the same.
class WeightsTest extends ServiceTest {

  /// Percent. Batches of other sizes take other paths through the products: 1e-5 of an output.
  private static final double OTHER_BATCH = 1e-3;

  /// 200 rows with x from 0 to 9. One in ten is rare, and only rows whose x is 7 or more are: at no
  /// x are there more rare ones than others.
  private static final String IMBALANCED =
      IntStream.range(0, 200)
          .mapToObj(
              i ->
                  "{\"x\": %d, \"kind\": \"%s\"}"
                      .formatted(
                          i % 10 == 0 ? 7 + i / 10 % 3 : i % 10, i % 10 == 0 ? "rare" : "usual"))
          .collect(Collectors.joining(",", "\"target\": \"kind\", \"rows\": [", "]"));

  private JsonNode imbalanced(String model, String classWeights) {
    return succeeded(
        """
        {"model": "%s", "data": {%s}, "network": {"layers": []},
         "training": {"epochs": 500, "batchSize": 200, "earlyStopping": null, "validationFraction": 0,
                      "classWeights": %s, "optimizer": {"type": "adam", "learningRate": 0.05}}}"""
            .formatted(model, IMBALANCED, classWeights));
  }

  private double recallOfRare(String model) {
    JsonNode rare =
        body(get("/api/v1/models/" + model + "/versions/1"))
            .path("metrics")
            .path("training")
            .path("perClass")
            .path(0);
    assertThat(rare.path("label").asString()).isEqualTo("rare");
    assertThat(rare.path("rows").asInt()).isEqualTo(20);
    return rare.path("recall").asDouble();
  }

  /// The losses are those of the logistic regressions that Newton's method finds in double
  /// precision on the same rows and weights.
  @Test
  void balancedClassesFindTheRareOne() {
    JsonNode unweighted = imbalanced("w-unweighted", "null");
    JsonNode balanced = imbalanced("w-balanced", "\"balanced\"");

    assertThat(recallOfRare("w-unweighted")).isZero();
    assertThat(recallOfRare("w-balanced")).isEqualTo(1);
    assertThat(unweighted.path("metrics").path("trainLoss").asDouble())
        .isCloseTo(0.2528179573335828, within(1e-4));
    assertThat(balanced.path("metrics").path("trainLoss").asDouble())
        .isCloseTo(0.45255154722876645, within(1e-4));
    assertThat(unweighted.path("spec").path("training").path("classWeights").isNull()).isTrue();
    assertThat(balanced.path("spec").path("training").path("classWeights").asString())
        .isEqualTo("balanced");
  }

  /// 200 / (2 · 20) and 200 / (2 · 180), times 1.8.
  @Test
  void balancedIsWhatItsFormulaGives() {
    JsonNode balanced = imbalanced("w-formula", "\"balanced\"");
    JsonNode given = imbalanced("w-given", "{\"rare\": 9, \"usual\": 1}");

    assertThat(given.path("spec").path("training").path("classWeights").toString())
        .isEqualTo("{\"rare\":9.0,\"usual\":1.0}");
    assertThat(given.path("metrics").path("trainLoss").asDouble())
        .isCloseTo(balanced.path("metrics").path("trainLoss").asDouble(), within(1e-4));
  }

  static Stream<Arguments> impossibleClassWeights() {
    String numbers =
        "\"target\": \"y\", \"rows\": [{\"x\": 1, \"y\": 0.5}, {\"x\": 2, \"y\": 1.5}]";
    String labels =
        """
        "target": ["p", "q"], "rows": [{"x": 1, "p": true, "q": false}, {"x": 2, "p": false, "q": true}]""";
    String bare = "\"inputs\": [[0], [1]], \"targets\": [[0], [1]]";
    return Stream.of(
        Arguments.of(IMBALANCED, "{\"rare\": 0}", 422, "/training/classWeights/rare"),
        Arguments.of(IMBALANCED, "{\"rare\": -1}", 422, "/training/classWeights/rare"),
        Arguments.of(IMBALANCED, "{\"rare\": 1e400}", 422, "/training/classWeights/rare"),
        Arguments.of(IMBALANCED, "{\"rare\": null}", 422, "/training/classWeights/rare"),
        Arguments.of(IMBALANCED, "{\"a/b\": 1}", 422, "/training/classWeights/a~1b"),
        Arguments.of(IMBALANCED, "\"fair\"", 422, "/training/classWeights"),
        Arguments.of(numbers, "\"balanced\"", 422, "/training/classWeights"),
        Arguments.of(labels, "\"balanced\"", 422, "/training/classWeights"),
        Arguments.of(bare, "{\"0\": 2}", 422, "/training/classWeights"),
        Arguments.of(IMBALANCED, "{\"rare\": \"2\"}", 400, "/training/classWeights/rare"),
        Arguments.of(IMBALANCED, "2", 400, "/training/classWeights"),
        Arguments.of(IMBALANCED, "[1, 2]", 400, "/training/classWeights"));
  }

  @ParameterizedTest
  @MethodSource("impossibleClassWeights")
  void refusesClassWeightsThatCannotBe(
      String data, String classWeights, int status, String pointer) {
    assertProblem(
        train(
            "{\"model\": \"w-refused\", \"data\": {%s}, \"training\": {\"classWeights\": %s}}"
                .formatted(data, classWeights)),
        status,
        status == 422 ? "invalid-spec" : "wrong-type",
        pointer);
  }

  private static final String WEIGHED =
      IntStream.range(0, 60)
          .mapToObj(
              i ->
                  "{\"x\": %d, \"y\": %d, \"w\": %d}"
                      .formatted(i / 2 % 5, i % 2 == 0 ? 10 : -10, i % 2 == 0 ? 3 : 1))
          .collect(
              Collectors.joining(
                  ",", "\"target\": \"y\", \"task\": \"regression\", \"rows\": [", "]"));

  /// Among rows of 10 and -10 that nothing tells apart, those of 10 weigh three times as much.
  @Test
  void rowsCountByTheirWeight() {
    succeeded(
        """
            {"model": "w-rows", "data": {"weight": "w", %s},
             "network": {"layers": []},
             "training": {"epochs": 400, "batchSize": 60, "earlyStopping": null, "validationFraction": 0,
                          "optimizer": {"type": "adam", "learningRate": 0.05}}}"""
            .formatted(WEIGHED));

    JsonNode card = body(get("/api/v1/models/w-rows/versions/1"));
    assertThat(card.path("input").path("features").findValuesAsString("name")).containsExactly("x");
    assertThat(card.path("input").path("unused").toString())
        .contains("{\"name\":\"w\",\"role\":\"weight\"}");
    // 3/4 · 10 - 1/4 · 10; errors 5 and 15.
    JsonNode metrics = card.path("metrics").path("training");
    assertThat(metrics.path("rows").asInt()).isEqualTo(60);
    assertThat(metrics.path("rmse").asDouble()).isCloseTo(Math.sqrt(75), within(0.2));
    assertThat(metrics.path("baseline").path("mae").asDouble()).isCloseTo(7.5, within(0.01));
    for (String row : List.of("x=1", "x=1&w=5", "x=1&w=")) {
      JsonNode answer = body(get("/api/v1/models/w-rows/predictions?" + row));
      assertThat(answer.path("prediction").asDouble()).as(row).isCloseTo(5, within(0.1));
    }
  }

  @Test
  void evaluationsCountRowsByTheirWeightWhereTheyHaveOne() {
    trained(
        "{\"model\": \"w-evaluated\", \"data\": {\"weight\": \"w\", %s}, \"training\": {\"epochs\": 3}}"
            .formatted(WEIGHED));
    JsonNode weighted =
        evaluated("{\"x\": 1, \"y\": 10, \"w\": 3}", "{\"x\": 1, \"y\": -10, \"w\": 1}");
    JsonNode fourRows =
        evaluated(
            "{\"x\": 1, \"y\": 10}",
            "{\"x\": 1, \"y\": 10}",
            "{\"x\": 1, \"y\": 10}",
            "{\"x\": 1, \"y\": -10}");

    assertThat(weighted.path("rows").asInt()).isEqualTo(2);
    for (String metric : List.of("loss", "rmse", "mae", "r2")) {
      assertThat(weighted.path(metric).asDouble())
          .as(metric)
          .isCloseTo(fourRows.path(metric).asDouble(), withinPercentage(OTHER_BATCH));
    }
    for (String bad :
        List.of("{\"x\": 1, \"y\": 1, \"w\": -1}", "{\"x\": 1, \"y\": 1, \"w\": null}")) {
      assertProblem(
          post(
              "/api/v1/models/w-evaluated/evaluations",
              "{\"rows\": [{\"x\": 1, \"y\": 2, \"w\": 1}, " + bad + "]}"),
          422,
          "invalid-data",
          "/rows");
    }
  }

  private JsonNode evaluated(String... rows) {
    return body(post(
            "/api/v1/models/w-evaluated/evaluations",
            "{\"rows\": [" + String.join(",", rows) + "]}"))
        .path("metrics");
  }

  @Test
  void validationRowsGivenApartCountByTheirWeightWhereTheyHaveOne() {
    double weighted = validationLoss("x,y,w\n1,10,3\n1,-10,1\n");
    double fourRows = validationLoss("x,y\n1,10\n1,10\n1,10\n1,-10\n");
    assertThat(weighted).isCloseTo(fourRows, withinPercentage(OTHER_BATCH));

    String id = dataset("x,y,w\n1,10,3\n1,-10,\n");
    assertProblem(train(validated(id)), 422, "invalid-data", "/validation/dataset");
    assertThat(delete("/api/v1/datasets/" + id).statusCode()).isEqualTo(204);
  }

  private String dataset(String csv) {
    return body(send("POST", "/api/v1/datasets?name=weights", "text/csv", csv))
        .path("id")
        .asString();
  }

  private static String validated(String dataset) {
    return """
    {"model": "w-apart", "data": {"weight": "w", %s}, "validation": {"dataset": "%s"},
     "training": {"epochs": 2}}"""
        .formatted(WEIGHED, dataset);
  }

  private double validationLoss(String csv) {
    String id = dataset(csv);
    JsonNode training = succeeded(validated(id));
    assertThat(delete("/api/v1/datasets/" + id).statusCode()).isEqualTo(204);
    return training.path("metrics").path("validationLoss").asDouble();
  }

  /// Not all of them 0: what is left over is 5/8 of one input and 3/8 of none.
  @Test
  void bareNumbersHaveWeightsToo() {
    succeeded(
        """
            {"model": "w-bare", "data": {"inputs": [[0], [0], [0]], "targets": [[8], [0], [100]], "weights": [5, 3, 0]},
             "network": {"layers": []},
             "training": {"epochs": 500, "earlyStopping": null, "optimizer": {"type": "adam", "learningRate": 0.1}}}""");
    assertThat(
            body(get("/api/v1/models/w-bare/predictions?inputs=0"))
                .path("outputs")
                .path(0)
                .asDouble())
        .isCloseTo(5, within(0.05));
  }

  static Stream<Arguments> impossibleWeights() {
    String rows =
        "\"rows\": [{\"x\": 1, \"y\": 1.5, \"t\": \"a\", \"w\": %s}, {\"x\": 2, \"y\": 2.5, \"t\": \"b\", \"w\": %s}]";
    String good = rows.formatted("1", "2");
    String bare = "\"inputs\": [[0], [1]], \"targets\": [[0], [1]]";
    return Stream.of(
        Arguments.of("\"weight\": \"z\", " + good, 422, "/data/weight"),
        Arguments.of("\"weight\": \"y\", " + good, 422, "/data/weight"),
        Arguments.of("\"weight\": \"t\", " + good, 422, "/data/weight"),
        Arguments.of("\"weight\": \"w\", " + rows.formatted("1", "-2"), 422, "/data/weight"),
        Arguments.of("\"weight\": \"w\", " + rows.formatted("1", "1e31"), 422, "/data/weight"),
        Arguments.of("\"weight\": \"w\", " + rows.formatted("1", "null"), 422, "/data/weight"),
        Arguments.of("\"weight\": \"w\", " + rows.formatted("null", "null"), 422, "/data/weight"),
        Arguments.of("\"weight\": \"w\", " + rows.formatted("0", "0"), 422, "/data/weight"),
        Arguments.of("\"weight\": \"w\", " + rows.formatted("true", "false"), 422, "/data/weight"),
        Arguments.of(
            "\"weight\": \"w\", \"columns\": {\"w\": {\"type\": \"ignore\"}}, " + good,
            422,
            "/data/columns/w/type"),
        Arguments.of("\"weights\": [1, 2], " + good, 422, "/data/weights"),
        Arguments.of("\"weight\": 7, " + good, 400, "/data/weight"),
        Arguments.of("\"weight\": \"x\", " + bare, 422, "/data/weight"),
        Arguments.of("\"weights\": [1], " + bare, 422, "/data/weights"),
        Arguments.of("\"weights\": [1, -1], " + bare, 422, "/data/weights/1"),
        Arguments.of("\"weights\": [1, 1e31], " + bare, 422, "/data/weights/1"),
        Arguments.of("\"weights\": [1, 1e400], " + bare, 422, "/data/weights/1"),
        Arguments.of("\"weights\": [0, 0], " + bare, 422, "/data/weights"),
        Arguments.of("\"weights\": [], " + bare, 422, "/data/weights"),
        Arguments.of("\"weights\": [1, \"2\"], " + bare, 400, "/data/weights/1"),
        Arguments.of("\"weights\": 1, " + bare, 400, "/data/weights"));
  }

  @ParameterizedTest
  @MethodSource("impossibleWeights")
  void refusesWeightsThatCannotBe(String data, int status, String pointer) {
    String target = data.contains("rows") ? "\"target\": \"y\", " : "";
    HttpResponse<String> answer =
        train("{\"model\": \"w-refused\", \"data\": {" + target + data + "}}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(body(answer).path("errors").path(0).path("pointer").asString())
        .as(answer.body())
        .isEqualTo(pointer);
  }

  @Test
  void saysWhichRowHasAWeightThatCannotBe() {
    HttpResponse<String> answer =
        train(
            """
            {"model": "w-refused", "data": {"target": "y", "weight": "w",
              "rows": [{"x": 1, "y": 1.5, "w": 1}, {"x": 2, "y": null}, {"x": 2, "y": 2.5, "w": -3}]}}""");
    assertThat(body(answer).path("errors").path(0).path("detail").asString())
        .isEqualTo("column 'w', row 2: must be from 0 to 1.0E30, was -3.0");
  }

  /// NaN is no JSON.
  @Test
  void refusesAWeightThatIsNoNumber() {
    assertProblem(
        train(
            "{\"model\": \"w-refused\", \"data\": {%s}, \"training\": {\"classWeights\": {\"rare\": NaN}}}"
                .formatted(IMBALANCED)),
        400,
        "malformed-json");
  }
}
