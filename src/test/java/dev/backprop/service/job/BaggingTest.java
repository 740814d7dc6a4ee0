package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.Requests;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Trainings whose networks are served together.
class BaggingTest extends JobServiceTest {

  private static String request(String model, String data, String training) {
    return "{\"model\": \"%s\", \"data\": {%s}, \"training\": {%s}}"
        .formatted(model, data, training);
  }

  private JsonNode penguins(String model) {
    return succeeded(
        request(
            model,
            "\"target\": \"species\", " + Requests.penguinRows(),
            "\"epochs\": 15, \"testFraction\": 0.1, \"bagging\": {\"folds\": 4}"));
  }

  @Test
  void theNetworksOfAllFoldsAnswer() {
    JsonNode training = penguins("bagged-penguins");

    assertThat(training.path("progress").path("fraction").asDouble()).isEqualTo(1);
    assertThat(training.path("progress").path("folds").path("ended").asInt()).isEqualTo(4);
    assertThat(training.path("history")).isEmpty();
    JsonNode card = body(get("/api/v1/models/bagged-penguins/versions/1"));
    assertThat(card.path("metrics").propertyNames()).containsExactly("outOfFold", "test");
    JsonNode outOfFold = card.path("metrics").path("outOfFold");
    assertThat(outOfFold.path("rows").asInt())
        .isEqualTo(training.path("rows").path("training").asInt());
    assertThat(outOfFold.path("accuracy").asDouble()).isGreaterThan(0.9);
    List<JsonNode> folds = List.copyOf(card.path("bagging").path("folds").values());
    assertThat(folds).hasSize(4);
    int epochs = folds.stream().mapToInt(fold -> fold.path("history").size()).sum();
    assertThat(training.path("result").path("epochs").asInt()).isEqualTo(epochs);
    assertThat(training.path("progress").path("epoch").asInt()).isEqualTo(epochs);
    assertThat(training.path("progress").path("epochs").asInt()).isEqualTo(4 * 15);
    assertThat(training.path("progress").path("examplesPerSecond").asDouble()).isPositive();
    for (int fold = 0; fold < 4; fold++) {
      assertThat(training.path("result").path("folds").path(fold))
          .isEqualTo(folds.get(fold).path("result"));
    }
    JsonNode metrics = training.path("metrics");
    assertThat(metrics.propertyNames()).containsExactly("outOfFold", "test");
    for (String name : List.of("rows", "loss", "accuracy", "logLoss")) {
      assertThat(metrics.path("outOfFold").path(name)).isEqualTo(outOfFold.path(name));
      assertThat(metrics.path("test").path(name))
          .isEqualTo(card.path("metrics").path("test").path(name));
    }
    assertThat(card.path("spec").path("training").path("bagging").toString())
        .isEqualTo("{\"folds\":4}");

    String row =
        "?island=Biscoe&bill_length_mm=50&bill_depth_mm=15&flipper_length_mm=225&body_mass_g=5500&sex=male&year=2008";
    JsonNode answer = body(get("/api/v1/models/bagged-penguins/predictions" + row));
    assertThat(answer.path("prediction").asString()).isEqualTo("Gentoo");
    double sum = 0;
    for (JsonNode probability : answer.path("probabilities").values()) {
      sum += probability.asDouble();
    }
    assertThat(sum).isCloseTo(1, within(1e-6));
  }

  @Test
  void anotherTrainingCannotStartFromSeveralNetworks() {
    penguins("bagged-start");
    HttpResponse<String> answer =
        post(
            "/api/v1/trainings",
            "{\"model\": \"m\", \"warmStart\": {\"model\": \"bagged-start\"}, \"data\": {%s}}"
                .formatted("\"target\": \"species\", " + Requests.penguinRows()));
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body())
        .contains("/warmStart/model", "must have one network to go on from", "has 4");
  }

  /// Numbers in bins, an embedded column and a numeric target: encoders of every fold differ.
  @Test
  void aCopyOfSeveralNetworksAnswersAsTheyDo() {
    succeeded(
        """
        {"model": "bagged-masses", "data": {"target": "body_mass_g", %s},
         "encoding": {"numbers": {"type": "piecewise-linear", "bins": 6}, "target": "log", "clamp": true},
         "network": {"layers": [{"type": "dense", "units": 8}], "embeddings": {"island": {"units": 2}}},
         "training": {"epochs": 3, "bagging": {"folds": 3}}}"""
            .formatted(Requests.penguinRows()));
    HttpResponse<String> copied =
        send(
            request("/api/v1/models/bagged-copy/versions")
                .header("Content-Type", "application/zip")
                .POST(
                    HttpRequest.BodyPublishers.ofByteArray(
                        bytes("/api/v1/models/bagged-masses/versions/1/artifact")))
                .build());
    assertThat(copied.statusCode()).as(copied.body()).isEqualTo(201);

    String row =
        "?species=Gentoo&island=Biscoe&bill_length_mm=50&bill_depth_mm=15&flipper_length_mm=225&sex=male&year=2008";
    JsonNode answer = body(get("/api/v1/models/bagged-masses/predictions" + row));
    assertThat(answer.path("prediction").asDouble()).isBetween(2_700.0, 6_300.0);
    assertThat(body(get("/api/v1/models/bagged-copy/predictions" + row)).path("prediction"))
        .isEqualTo(answer.path("prediction"));
    assertThat(body(get("/api/v1/models/bagged-copy/versions/1")).path("metrics"))
        .isEqualTo(body(get("/api/v1/models/bagged-masses/versions/1")).path("metrics"));
  }
}
