package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.ServiceTest;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Trainings that answer several quantiles of one number.
class QuantilesTest extends ServiceTest {

  /// The 90 % quantile of the standard normal distribution.
  private static final double Z90 = 1.2815515655446004;

  /// y = 2 x + (0.5 + x) e with e normal: the noise grows with x.
  private static String heteroscedastic(int rows) {
    Random random = new Random(5);
    return IntStream.range(0, rows)
        .mapToObj(
            _ -> {
              double x = random.nextDouble();
              return String.format(
                  Locale.ROOT,
                  "{\"x\": %.4f, \"y\": %.4f}",
                  x,
                  2 * x + (0.5 + x) * random.nextGaussian());
            })
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Test
  void areCalibratedWhereTheNoiseGrows() {
    JsonNode training =
        succeeded(
            """
            {"model": "q-noise", "data": {"target": "y", "rows": %s},
             "network": {"layers": [{"type": "dense", "units": 16, "activation": "tanh"}],
                         "loss": {"type": "quantile", "taus": [0.1, 0.5, 0.9]}},
             "training": {"epochs": 60, "batchSize": 64, "testFraction": 0.3, "seed": 3,
                          "schedule": "cosine", "earlyStopping": null,
                          "optimizer": {"type": "adam", "learningRate": 0.01}}}"""
                .formatted(heteroscedastic(6000)));
    assertThat(training.path("spec").path("network").path("loss").toString())
        .isEqualTo("{\"type\":\"quantile\",\"tau\":null,\"taus\":[0.1,0.5,0.9]}");
    assertThat(training.path("metrics").has("validationRmse")).isTrue();

    JsonNode test = body(get("/api/v1/models/q-noise/versions/1")).path("metrics").path("test");
    assertThat(test.path("rows").asInt()).isEqualTo(1800);
    double[] taus = {0.1, 0.5, 0.9};
    for (int j = 0; j < 3; j++) {
      JsonNode quantile = test.path("quantiles").path(j);
      assertThat(quantile.path("tau").asDouble()).isEqualTo(taus[j]);
      // Three standard deviations of a share of 1800 rows are 0.02 to 0.035.
      assertThat(quantile.path("coverage").asDouble()).isCloseTo(taus[j], within(0.035));
      assertThat(quantile.path("pinballLoss").asDouble()).isPositive();
    }
    // The middle one is about the median, so that half of its errors are below 0.
    assertThat(test.at("/errorQuantiles/3/error").asDouble()).isNegative();
    assertThat(test.at("/errorQuantiles/5/error").asDouble()).isPositive();
    for (double x : new double[] {0.2, 0.5, 0.8}) {
      JsonNode answer = body(get("/api/v1/models/q-noise/predictions?x=" + x));
      JsonNode quantiles = answer.path("quantiles");
      double spread = (0.5 + x) * Z90;
      assertThat(quantiles.propertyNames()).containsExactly("0.1", "0.5", "0.9");
      assertThat(quantiles.path("0.1").asDouble()).isCloseTo(2 * x - spread, within(0.25));
      assertThat(quantiles.path("0.5").asDouble()).isCloseTo(2 * x, within(0.25));
      assertThat(quantiles.path("0.9").asDouble()).isCloseTo(2 * x + spread, within(0.25));
      assertThat(answer.path("prediction")).isEqualTo(quantiles.path("0.5"));
    }
  }

  private void small(String model) {
    succeeded(
        """
        {"model": "%s", "data": {"target": "y", "rows": %s},
         "network": {"layers": [], "loss": {"type": "quantile", "taus": [0.25, 0.75, 0.9]}},
         "training": {"epochs": 5}}"""
            .formatted(model, heteroscedastic(100)));
  }

  @Test
  void areAnsweredAscendingInEveryForm() {
    small("q-forms");
    String path = "/api/v1/models/q-forms/predictions";
    JsonNode single = body(get(path + "?x=0.5"));
    JsonNode quantiles = single.path("quantiles");
    assertThat(quantiles.path("0.25").asDouble())
        .isLessThanOrEqualTo(quantiles.path("0.75").asDouble());
    assertThat(quantiles.path("0.75").asDouble())
        .isLessThanOrEqualTo(quantiles.path("0.9").asDouble());
    // 0.25 and 0.75 are as near to 0.5.
    assertThat(single.path("prediction")).isEqualTo(quantiles.path("0.25"));

    String rows = "{\"rows\": [{\"x\": 0.5}]}";
    JsonNode many = body(post(path, rows)).path("predictions").path(0);
    assertThat(many.path("quantiles").path("0.9").asDouble())
        .isCloseTo(quantiles.path("0.9").asDouble(), within(1e-5));
    JsonNode line = body(post(path, rows, "Accept", "application/x-ndjson"));
    assertThat(line).isEqualTo(many);
    String[] csv = post(path, rows, "Accept", "text/csv").body().split("\n", -1);
    assertThat(csv[0]).isEqualTo("prediction,quantile_0.25,quantile_0.75,quantile_0.9");
    assertThat(csv[1])
        .isEqualTo(
            Stream.of(
                    many.path("prediction"),
                    many.path("quantiles").path("0.25"),
                    many.path("quantiles").path("0.75"),
                    many.path("quantiles").path("0.9"))
                .map(JsonNode::toString)
                .collect(Collectors.joining(",")));
  }

  @Test
  void areEvaluatedOnOtherRows() {
    small("q-evaluated");
    HttpResponse<String> answer =
        post("/api/v1/models/q-evaluated/evaluations", "{\"rows\": " + heteroscedastic(50) + "}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode metrics = body(answer).path("metrics");
    assertThat(metrics.path("rows").asInt()).isEqualTo(50);
    assertThat(metrics.path("quantiles")).hasSize(3);
    assertThat(metrics.path("rmse").asDouble()).isPositive();
  }

  @Test
  void ofBareNumbersAreOutputsWithTargetsOfTheirOwn() {
    succeeded(
        """
            {"model": "q-bare", "data": {"inputs": [[0], [1], [0], [1]], "targets": [[1, 1], [2, 2], [3, 3], [4, 4]]},
             "network": {"layers": [], "loss": {"type": "quantile", "taus": [0.1, 0.9]}},
             "training": {"epochs": 500, "earlyStopping": null, "optimizer": {"type": "adam", "learningRate": 0.02}}}""");
    JsonNode outputs = body(get("/api/v1/models/q-bare/predictions?inputs=0")).path("outputs");
    assertThat(outputs).hasSize(2);
    assertThat(outputs.path(0).asDouble()).isCloseTo(1, within(0.15));
    assertThat(outputs.path(1).asDouble()).isCloseTo(3, within(0.15));
  }

  static Stream<Arguments> impossible() {
    String one =
        "\"target\": \"y\", \"rows\": [{\"x\": 1, \"y\": 0.5, \"z\": 2.5}, {\"x\": 2, \"y\": 1.5, \"z\": 1.5}]";
    String two = one.replace("\"y\", \"rows", "[\"y\", \"z\"], \"rows");
    String classes =
        "\"target\": \"c\", \"rows\": [{\"x\": 1, \"c\": \"a\"}, {\"x\": 2, \"c\": \"b\"}]";
    String bare = "\"inputs\": [[0], [1]], \"targets\": [[0], [1]]";
    return Stream.of(
        Arguments.of(one, "\"taus\": []", 422, "/network/loss/taus"),
        Arguments.of(one, "\"taus\": [0.5, 0.5]", 422, "/network/loss/taus/1"),
        Arguments.of(one, "\"taus\": [0.5, 0.4]", 422, "/network/loss/taus/1"),
        Arguments.of(one, "\"taus\": [0]", 422, "/network/loss/taus/0"),
        Arguments.of(one, "\"taus\": [0.5, 1]", 422, "/network/loss/taus/1"),
        Arguments.of(one, "\"taus\": [0.5, 1e400]", 422, "/network/loss/taus/1"),
        Arguments.of(one, "\"taus\": [null]", 422, "/network/loss/taus/0"),
        Arguments.of(one, "\"tau\": 0.5, \"taus\": [0.5]", 422, "/network/loss/taus"),
        Arguments.of(
            one,
            IntStream.rangeClosed(1, 100)
                .mapToObj(i -> Double.toString(i / 101.0))
                .collect(Collectors.joining(",", "\"taus\": [", "]")),
            422,
            "/network/loss/taus"),
        Arguments.of(one, "\"taus\": 0.5", 400, "/network/loss/taus"),
        Arguments.of(one, "\"taus\": [\"0.5\"]", 400, "/network/loss/taus/0"),
        Arguments.of(two, "\"taus\": [0.1, 0.9]", 422, "/network/loss/taus"),
        Arguments.of(classes, "\"taus\": [0.5]", 422, "/network/loss/taus"),
        Arguments.of(bare, "\"taus\": [0.1, 0.9]", 422, "/network/loss/taus"));
  }

  @ParameterizedTest
  @MethodSource("impossible")
  void areRefusedWhereTheyCannotBe(String data, String taus, int status, String pointer) {
    assertProblem(
        train(
            "{\"model\": \"q-refused\", \"data\": {%s}, \"network\": {\"loss\": {\"type\": \"quantile\", %s}}}"
                .formatted(data, taus)),
        status,
        status == 422 ? "invalid-spec" : "wrong-type",
        pointer);
  }
}
