package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.ServiceTest;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Trainings that end because they have converged.
class LbfgsTest extends ServiceTest {

  /// 200 rows with x from 0 to 9. One in ten is rare, and only rows whose x is 7 or more are.
  private static final String IMBALANCED =
      IntStream.range(0, 200)
          .mapToObj(
              i ->
                  "{\"x\": %d, \"town\": \"town %d\", \"kind\": \"%s\"}"
                      .formatted(
                          i % 10 == 0 ? 7 + i / 10 % 3 : i % 10,
                          i % 3,
                          i % 10 == 0 ? "rare" : "usual"))
          .collect(Collectors.joining(",", "\"target\": \"kind\", \"rows\": [", "]"));

  private JsonNode succeeded(String model, String columns, String network, String training) {
    return succeeded(
        """
        {"model": "%s", "data": {%s, %s}, "network": {"layers": [] %s},
         "training": {"epochs": 300, "optimizer": "lbfgs" %s}}"""
            .formatted(model, columns, IMBALANCED, network, training));
  }

  private static final String X_ALONE = "\"columns\": {\"town\": {\"type\": \"ignore\"}}";

  /// The losses are those of the logistic regressions that Newton's method finds in double
  /// precision on the same rows and weights.
  @ParameterizedTest
  @CsvSource({"null, 0.2528179573335828", "'\"balanced\"', 0.45255154722876645"})
  void convergesToTheLogisticRegression(String classWeights, double loss) {
    String model = classWeights.equals("null") ? "lbfgs-plain" : "lbfgs-balanced";
    JsonNode training =
        succeeded(
            model, X_ALONE, "", ", \"validationFraction\": 0, \"classWeights\": " + classWeights);
    JsonNode result = training.path("result");
    assertThat(result.path("converged").asBoolean()).isTrue();
    assertThat(result.path("stoppedEarly").asBoolean()).isFalse();
    assertThat(result.path("stoppedByTime").asBoolean()).isFalse();
    assertThat(result.path("epochs").asInt()).isBetween(3, 30);
    assertThat(result.path("bestEpoch")).isEqualTo(result.path("epochs"));
    assertThat(training.path("metrics").path("trainLoss").asDouble()).isCloseTo(loss, within(1e-6));

    JsonNode card = body(get("/api/v1/models/" + model + "/versions/1"));
    assertThat(card.path("converged").asBoolean()).isTrue();
    assertThat(card.path("history").size()).isEqualTo(result.path("epochs").asInt());
    assertThat(card.path("spec").path("training").path("batchSize").asInt()).isEqualTo(200);
    assertThat(card.path("spec").path("training").path("optimizer").toString())
        .isEqualTo(
            """
            {"type":"lbfgs","history":10,"tolerance":1.0E-5,"changeTolerance":1.0E-9,"maxEvaluations":25}""");
  }

  @Test
  void learnsEmbeddingsAndFactorsToo() {
    JsonNode training =
        succeeded(
            "lbfgs-embedded",
            "\"columns\": {}",
            ", \"embeddings\": {\"town\": {\"units\": 2}}, \"inputScale\": true",
            ", \"earlyStopping\": null, \"regularization\": {\"l2\": 0.001}");
    assertThat(training.path("result").path("converged").asBoolean()).isTrue();
    assertThat(training.path("metrics").path("trainLoss").asDouble()).isLessThan(0.27);
  }

  @Test
  void aRunOfTooFewEpochsHasNotConverged() {
    JsonNode training =
        trained(
            """
            {"model": "lbfgs-short", "data": {%s}, "training": {"epochs": 2, "optimizer": "lbfgs"}}"""
                .formatted(IMBALANCED));
    assertThat(training.path("result").path("converged").asBoolean()).isFalse();
    assertThat(training.path("result").path("epochs").asInt()).isEqualTo(2);
    assertThat(body(get("/api/v1/models/lbfgs-short/versions/1")).path("converged").asBoolean(true))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"layers": []}                                                    | "batchSize": 32                        | /training/batchSize
          {"layers": [{"type": "dense", "units": 4}, {"type": "dropout", "rate": 0.5}]} | "epochs": 3                | /network/layers/1
          {"layers": ["batch-norm"]}                                         | "epochs": 3                           | /network/layers/0
          {"layers": [{"type": "dense", "units": 4, "learningRateFactor": 2}]} | "epochs": 3                         | /network/layers/0/learningRateFactor
          {"layers": []}                                                    | "schedule": "cosine"                   | /training/schedule
          {"layers": []}                                                    | "clipNorm": 1                          | /training/clipNorm
          {"layers": []}                                                    | "maxNorm": 1                           | /training/maxNorm
          {"layers": []}                                                    | "averaging": "ema"                     | /training/averaging
          {"layers": []}                                                    | "regularization": {"l1": 0.1}          | /training/regularization/l1
          """)
  void refusesWhatDoesNotGoWithIt(String network, String training, String pointer) {
    assertProblem(
        train(
            "{\"model\": \"lbfgs-refused\", \"data\": {%s}, \"network\": %s, \"training\": {\"optimizer\": \"lbfgs\", %s}}"
                .formatted(IMBALANCED, network, training)),
        422,
        "invalid-spec",
        pointer);
  }

  /// Four million parameters, two hundred times.
  @Test
  void refusesAHistoryThatDoesNotFit() {
    assertThat(planned(1).statusCode()).isEqualTo(200);
    assertProblem(planned(100), 422, "exceeds-memory");
  }

  private HttpResponse<String> planned(int history) {
    return post(
        "/api/v1/trainings?validateOnly=true",
        """
        {"model": "lbfgs-large", "data": {%s},
         "network": {"layers": [{"type": "dense", "units": 2048}, {"type": "dense", "units": 2048}]},
         "training": {"optimizer": {"type": "lbfgs", "history": %d}}}"""
            .formatted(IMBALANCED, history));
  }
}
