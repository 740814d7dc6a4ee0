package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Targets that are learned as logarithms or quantiles, and answers that are clamped.
class TargetEncodingTest extends ServiceTest {

  /// Prices that grow with the exponential of a number.
  private static String prices() {
    Random random = new Random(3);
    return IntStream.range(0, 600)
        .mapToObj(
            i -> {
              double x = random.nextDouble(0, 6);
              double price = Math.exp(x + 0.1 * random.nextGaussian());
              return "{\"x\": %.4f, \"price\": %.4f, \"twice\": %.4f}"
                  .formatted(x, price, 2 * price - 50);
            })
        .collect(Collectors.joining(","));
  }

  private static String request(String model, String target, String more) {
    return """
    {"model": "%s", "data": {"target": %s, "rows": [%s]}, "training": {"epochs": 60, "seed": 1}%s}"""
        .formatted(model, target, prices(), more);
  }

  private double prediction(String model, double x) {
    HttpResponse<String> answer = get("/api/v1/models/" + model + "/predictions?x=" + x);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return body(answer).path("prediction").asDouble();
  }

  private JsonNode validation(String model) {
    return body(get("/api/v1/models/" + model + "/versions/1")).at("/metrics/validation");
  }

  @ParameterizedTest
  @CsvSource({"log", "quantile"})
  void answersAndErrorsAreInOriginalUnits(String target) {
    String model = "target-" + target;
    String ignored = ", \"columns\": {\"twice\": {\"type\": \"ignore\"}}";
    succeeded(
        request(model, "\"price\"" + ignored, ", \"encoding\": {\"target\": \"" + target + "\"}"));

    for (double x : new double[] {1, 3, 5}) {
      assertThat(prediction(model, x)).isCloseTo(Math.exp(x), within(0.3 * Math.exp(x)));
    }
    JsonNode metrics = validation(model);
    assertThat(metrics.path("r2").asDouble()).isGreaterThan(0.9);
    assertThat(metrics.path("rmse").asDouble()).isBetween(1.0, 40.0);
    assertThat(metrics.at("/baseline/rmse").asDouble()).isBetween(60.0, 150.0);
    String rows = prices();
    HttpResponse<String> evaluated =
        post("/api/v1/models/" + model + "/evaluations", "{\"rows\": [" + rows + "]}");
    assertThat(body(evaluated).at("/metrics/r2").asDouble())
        .as(evaluated.body())
        .isGreaterThan(0.9);
    HttpResponse<String> copied =
        send(
            request("/api/v1/models/" + model + "-copy/versions")
                .header("Content-Type", "application/zip")
                .POST(
                    BodyPublishers.ofByteArray(
                        bytes("/api/v1/models/" + model + "/versions/1/artifact")))
                .build());
    assertThat(copied.statusCode()).as(copied.body()).isEqualTo(201);
    assertThat(prediction(model + "-copy", 4.5)).isEqualTo(prediction(model, 4.5));
  }

  @Test
  void clampedAnswersStayWithinTheNumbersThatTrained() {
    String ignored = ", \"columns\": {\"twice\": {\"type\": \"ignore\"}}";
    succeeded(request("target-free", "\"price\"" + ignored, ""));
    succeeded(
        request("target-clamped", "\"price\"" + ignored, ", \"encoding\": {\"clamp\": true}"));

    assertThat(prediction("target-free", -30)).isNegative();
    assertThat(prediction("target-clamped", -30)).isBetween(0.5, 2.0);
    assertThat(prediction("target-clamped", 40)).isBetween(300.0, 600.0);
    assertThat(
            body(get("/api/v1/models/target-clamped/versions/1"))
                .at("/spec/encoding/clamp")
                .asBoolean())
        .isTrue();
    assertThat(validation("target-clamped").path("rmse").asDouble())
        .isLessThanOrEqualTo(validation("target-free").path("rmse").asDouble());
    succeeded(
        request(
            "target-clamped",
            "\"price\"" + ignored,
            ", \"warmStart\": {\"model\": \"target-clamped\"}"));
    assertThat(prediction("target-clamped", -30)).isBetween(0.5, 2.0);
  }

  @Test
  void severalTargetsAndQuantilesHaveEachTheirOwn() {
    succeeded(
        request(
            "target-several",
            "[\"price\", \"twice\"]",
            ", \"encoding\": {\"target\": \"log\", \"clamp\": true}"));
    JsonNode answer = body(get("/api/v1/models/target-several/predictions?x=4")).path("prediction");
    assertThat(answer.path("price").asDouble()).as("%s", answer).isCloseTo(54.6, within(20.0));
    assertThat(answer.path("twice").asDouble()).isCloseTo(59.2, within(30.0));
    String ignored = ", \"columns\": {\"twice\": {\"type\": \"ignore\"}}";
    succeeded(
        request(
            "target-taus",
            "\"price\"" + ignored,
            ", \"encoding\": {\"target\": \"log\", \"clamp\": true},"
                + " \"network\": {\"loss\": {\"type\": \"quantile\", \"taus\": [0.1, 0.5, 0.9]}}"));
    assertThat(prediction("target-taus", 4)).isCloseTo(Math.exp(4), within(20.0));
    JsonNode metrics = validation("target-taus");
    assertThat(metrics.at("/quantiles/0/coverage").asDouble()).isLessThan(0.5);
    assertThat(metrics.path("rmse").asDouble()).isBetween(1.0, 60.0);
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"target\": \"log\"}', '{}', /encoding/target",
    "'{\"clamp\": true}', '{}', /encoding/clamp",
    "'{\"target\": \"auto\"}', '{}', /encoding/target",
  })
  void classesHaveNeither(String encoding, String network, String pointer) {
    HttpResponse<String> refused =
        post(
            "/api/v1/trainings?validateOnly=true",
            """
            {"model": "m", "data": {"target": "y", "rows": [
              {"x": 1, "y": "a"}, {"x": 2, "y": "b"}, {"x": 3, "y": "a"}]},
             "encoding": %s, "network": %s}"""
                .formatted(encoding, network));

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
    assertThat(body(refused).at("/errors/0/pointer").asString())
        .as(refused.body())
        .isEqualTo(pointer);
  }

  @Test
  void aLossThatTakesNumbersAsTheyAreTakesNoTransform() {
    HttpResponse<String> refused =
        post(
            "/api/v1/trainings?validateOnly=true",
            """
            {"model": "m", "data": {"target": "y", "task": "regression", "rows": [
              {"x": 1, "y": 3}, {"x": 2, "y": 5}, {"x": 3, "y": 2}]},
             "encoding": {"target": "log"}, "network": {"loss": "poisson"}}""");

    assertProblem(refused, 422, "invalid-spec", "/encoding/target");
    assertThat(refused.body())
        .contains("must be none with the loss poisson, which takes numbers as they are, was log");
  }
}
