package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import dev.backprop.ServiceTest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// The figure that decides which epoch is served, from the request to the artifact.
class SelectionTest extends ServiceTest {

  private static String request(String model, String target, String training) {
    return """
    {"model": "%s", "data": {"target": "%s", %s}, "training": {"epochs": 12, %s}}"""
        .formatted(model, target, Requests.penguinRows(), training);
  }

  @Test
  void isToldWithEveryEpoch() {
    JsonNode training =
        succeeded(
            request("selected", "species", "\"selection\": \"accuracy\", \"earlyStopping\": null"));
    JsonNode history = training.path("history");
    assertThat(history).hasSize(12);
    int best = 0;
    double highest = 0;
    for (JsonNode epoch : history) {
      assertThat(epoch.at("/selected/metric").asString()).isEqualTo("accuracy");
      double accuracy = epoch.at("/selected/value").asDouble();
      assertThat(accuracy).isEqualTo(epoch.path("validationAccuracy").asDouble());
      if (accuracy >= highest) {
        highest = accuracy;
        best = epoch.path("epoch").asInt();
      }
    }
    assertThat(training.at("/result/bestEpoch").asInt()).isEqualTo(best);
    assertThat(training.at("/metrics/selected")).isEqualTo(history.get(best - 1).path("selected"));
    assertThat(training.at("/spec/training/selection").asString()).isEqualTo("accuracy");

    HttpRequest events = request(training.at("/links/events").asString()).GET().build();
    try (Stream<String> lines = send(events, BodyHandlers.ofLines()).body()) {
      assertThat(
              lines
                  .filter(line -> line.startsWith("data: {\"epoch\":"))
                  .map(line -> JSON.readTree(line.substring("data: ".length()))))
          .containsExactlyElementsOf(history.valueStream().toList());
    }

    JsonNode card = body(get("/api/v1/models/selected/versions/1"));
    assertThat(card.path("history")).isEqualTo(history);
    byte[] artifact = bytes("/api/v1/models/selected/versions/1/artifact");
    HttpResponse<String> imported =
        send(
            request("/api/v1/models/selected-again/versions")
                .header("Content-Type", "application/zip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(artifact))
                .build());
    assertThat(imported.statusCode()).as(imported.body()).isEqualTo(201);
    assertThat(body(get("/api/v1/models/selected-again/versions/1")).path("history"))
        .isEqualTo(history);
  }

  /// Of three classes and of numbers, figures that are told in full at the end only.
  @ParameterizedTest
  @CsvSource({
    "species, f1, f1",
    "species, auc, auc",
    "species, pr-auc, prAuc",
    "species, mcc, mcc",
    "species, balanced-accuracy, balancedAccuracy",
    "species, brier, brier",
    "body_mass_g, r2, r2",
    "body_mass_g, mape, mape"
  })
  void mayBeAnyOfTheMetrics(String target, String metric, String name) {
    JsonNode training =
        succeeded(request("by-" + metric, target, "\"selection\": \"%s\"".formatted(metric)));
    int best = training.at("/result/bestEpoch").asInt();
    JsonNode selected = training.at("/history/%d/selected".formatted(best - 1));
    assertThat(selected.path("metric").asString()).isEqualTo(metric);
    assertThat(training.at("/metrics/selected")).isEqualTo(selected);
    JsonNode card = body(get("/api/v1/models/by-%s/versions/1".formatted(metric)));
    assertThat(card.at("/metrics/validation/" + name)).isEqualTo(selected.path("value"));
    assertThat(card.at("/metrics/validation/selectedOn").asBoolean()).isTrue();
  }

  @Test
  void refusesRowsThatDoNotDefineIt() {
    HttpResponse<String> refused =
        train(
            """
            {"model": "refused", "data": {"target": "y", "rows": [
              {"x": 1, "y": 0}, {"x": 2, "y": 0.5}, {"x": 3, "y": 0}, {"x": 4, "y": 0},
              {"x": 5, "y": 0}, {"x": 6, "y": 0}]},
             "training": {"selection": "mape", "validationFraction": 0.5}}""");
    assertProblem(refused, 422, "invalid-spec", "/training/selection");
    assertThat(body(refused).path("detail").asString())
        .contains("mape needs validation rows without a target of 0, ")
        .contains(" of 3 have one");
  }

  @Test
  void isAbsentUnlessItIsNamed() {
    JsonNode training = succeeded(request("unselected", "species", "\"earlyStopping\": null"));
    assertThat(training.at("/spec/training").has("selection")).isFalse();
    assertThat(training.at("/history/0").has("selected")).isFalse();
    assertThat(training.path("metrics").has("selected")).isFalse();
  }

  @Test
  void refusesWhatTheTargetDoesNotHave() {
    HttpResponse<String> numbers =
        train(request("refused", "body_mass_g", "\"selection\": \"auc\""));
    assertProblem(numbers, 422, "invalid-spec", "/training/selection");
    assertThat(body(numbers).path("detail").asString())
        .contains("must be one of loss, rmse, mae, r2, mape for this target, was auc");
    assertProblem(
        train(request("refused", "species", "\"selection\": \"coverage\"")),
        422,
        "invalid-spec",
        "/training/selection");
    assertProblem(
        train(
            request(
                "refused",
                "species",
                "\"selection\": \"accuracy\", \"earlyStopping\": {\"monitor\": \"validationLoss\"}")),
        422,
        "invalid-spec",
        "/training/earlyStopping/monitor");
    assertProblem(
        train(
            request(
                "refused", "species", "\"selection\": \"accuracy\", \"validationFraction\": 0")),
        422,
        "invalid-spec",
        "/training/selection");
  }
}
