package dev.backprop.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.ServiceTest;
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

  /// 200 rows with x from 0 to 9, one in ten of them rare, and those only where x is 7 or more: at
  /// no x are there more rare ones than others.
  private static final String IMBALANCED =
      IntStream.range(0, 200)
          .mapToObj(
              i ->
                  "{\"x\": %d, \"kind\": \"%s\"}"
                      .formatted(
                          i % 10 == 0 ? 7 + i / 10 % 3 : i % 10, i % 10 == 0 ? "rare" : "usual"))
          .collect(Collectors.joining(",", "\"target\": \"kind\", \"rows\": [", "]"));

  private JsonNode imbalanced(String model, String classWeights) {
    JsonNode training =
        trained(
            """
            {"model": "%s", "data": {%s}, "network": {"layers": []},
             "training": {"epochs": 500, "batchSize": 200, "earlyStopping": null, "validationFraction": 0,
                          "classWeights": %s, "optimizer": {"type": "adam", "learningRate": 0.05}}}"""
                .formatted(model, IMBALANCED, classWeights));
    assertThat(training.path("state").asString()).as(training.toString()).isEqualTo("succeeded");
    return training;
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
