package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import dev.backprop.ServiceTest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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
        .contains("must be one of loss, rmse, mae for this target, was auc");
    assertProblem(
        train(request("refused", "species", "\"selection\": \"f1\"")),
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
