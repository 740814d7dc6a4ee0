package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import dev.backprop.ServiceTest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The figures of layers, from the request to the artifact.
class LayerStatisticsTest extends ServiceTest {

  private static String request(String model, String training) {
    return """
    {"model": "%s", "data": {"target": "species", %s},
     "network": {"layers": [{"type": "dense", "units": 4}, {"type": "dropout", "rate": 0.1}]},
     "training": {"epochs": 3, %s}}"""
        .formatted(model, Requests.penguinRows(), training);
  }

  @Test
  void areInEveryEpochOfATrainingThatAsksForThem() {
    JsonNode training = succeeded(request("watched", "\"layerStatistics\": true"));
    JsonNode history = training.path("history");
    assertThat(history).hasSize(3);
    for (JsonNode epoch : history) {
      assertThat(epoch.path("layers").valueStream().map(layer -> layer.path("layer").asString()))
          .containsExactly("layers.0", "output");
      for (JsonNode layer : epoch.path("layers")) {
        assertThat(layer.propertyNames())
            .containsExactly("layer", "updateToWeight", "mean", "std", "dead");
      }
    }
    assertThat(training.at("/spec/training/layerStatistics").asBoolean()).isTrue();
    assertThat(body(get("/api/v1/models/watched/versions/1")).path("history")).isEqualTo(history);
    byte[] artifact = bytes("/api/v1/models/watched/versions/1/artifact");
    HttpResponse<String> imported =
        send(
            request("/api/v1/models/watched-again/versions")
                .header("Content-Type", "application/zip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(artifact))
                .build());
    assertThat(imported.statusCode()).as(imported.body()).isEqualTo(201);
    assertThat(body(get("/api/v1/models/watched-again/versions/1")).path("history"))
        .isEqualTo(history);
  }

  @Test
  void areAbsentFromAnother() {
    JsonNode training = succeeded(request("unwatched", "\"layerStatistics\": false"));
    assertThat(training.at("/history/0").has("layers")).isFalse();
    assertThat(training.at("/spec/training").has("layerStatistics")).isFalse();
  }

  @Test
  void doNotGoWithFullBatches() {
    assertProblem(
        train(request("refused", "\"layerStatistics\": true, \"optimizer\": \"rprop\"")),
        422,
        "invalid-spec",
        "/training/layerStatistics");
  }
}
