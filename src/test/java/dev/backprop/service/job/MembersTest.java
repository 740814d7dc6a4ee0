package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.Requests;
import dev.backprop.ServiceTest;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Networks of members that share weights, as requests ask for them.
class MembersTest extends ServiceTest {

  private static final String QUERY =
      "island=Biscoe&bill_length_mm=46&bill_depth_mm=14.5&flipper_length_mm=215&body_mass_g=5000&sex=male&year=2008";

  private static String asked(String model, String more, String network) {
    return """
    {"model": "%s", %s "data": {"target": "species", %s},
     "network": {"layers": [{"type": "dense", "units": 16}, {"type": "dropout", "rate": 0.1}], %s},
     "training": {"epochs": 40, "seed": 4}}"""
        .formatted(model, more, Requests.penguinRows(), network);
  }

  private JsonNode predicted(String model) {
    return body(get("/api/v1/models/" + model + "/predictions?" + QUERY));
  }

  @Test
  void trainsAnswersAndGoesOn() throws IOException, InterruptedException {
    JsonNode training = succeeded(asked("members", "", "\"members\": 4"));
    JsonNode network = training.path("spec").path("network");
    assertThat(network.path("members").asInt()).isEqualTo(4);
    double before = training.path("metrics").path("validationLoss").asDouble();
    assertThat(before).isPositive().isLessThan(0.5);

    JsonNode card = body(get("/api/v1/models/members/versions/1"));
    assertThat(card.path("spec").path("network")).isEqualTo(network);
    JsonNode layers = card.path("network").path("layers");
    int inputs = card.path("network").path("inputs").asInt();
    assertThat(layers.path(0).toString())
        .isEqualTo(
            "{\"type\":\"members\",\"inputs\":%d,\"units\":%d,\"parameters\":%d}"
                .formatted(inputs, inputs, 4 * inputs));
    assertThat(layers.path(3).path("parameters").asInt()).isEqualTo(4 * 17 * 3);

    JsonNode answer = predicted("members");
    assertThat(answer.path("prediction").asString()).as(answer.toString()).isEqualTo("Gentoo");
    double sum = 0;
    for (JsonNode probability : answer.path("probabilities")) {
      sum += probability.asDouble();
    }
    assertThat(sum).isCloseTo(1, within(1e-6)); // shown with some digits

    assertThat(copy("members", "members-copy").statusCode()).isEqualTo(201);
    assertThat(predicted("members-copy").path("probabilities"))
        .isEqualTo(answer.path("probabilities"));

    JsonNode more =
        succeeded(asked("members", "\"warmStart\": {\"model\": \"members\"},", "\"members\": 4"));
    assertThat(more.path("history").path(0).path("validationLoss").asDouble())
        .isCloseTo(before, within(0.5 * before));
    assertProblem(
        train(asked("members", "\"warmStart\": {\"model\": \"members\"},", "\"members\": 5")),
        422,
        "invalid-spec",
        "/network/members");
  }

  private HttpResponse<String> copy(String model, String name)
      throws IOException, InterruptedException {
    byte[] artifact =
        client()
            .send(
                request("/api/v1/models/" + model + "/versions/1/artifact").GET().build(),
                HttpResponse.BodyHandlers.ofByteArray())
            .body();
    return send(
        request("/api/v1/models/" + name + "/versions", "Content-Type", "application/zip")
            .POST(HttpRequest.BodyPublishers.ofByteArray(artifact))
            .build());
  }

  /// One member is what was there before members were: nothing tells of it.
  @Test
  void oneMemberIsNone() {
    JsonNode none = succeeded(asked("members-none", "", "\"inputScale\": false"));
    JsonNode one = succeeded(asked("members-one", "", "\"members\": 1"));
    assertThat(one.path("spec")).isEqualTo(none.path("spec"));
    assertThat(one.path("spec").path("network").has("members")).isFalse();
    assertThat(predicted("members-one").path("probabilities"))
        .isEqualTo(predicted("members-none").path("probabilities"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "0   | 422 | invalid-spec",
        "65  | 422 | invalid-spec",
        "1.5 | 400 | wrong-type",
        "'8' | 400 | wrong-type",
      })
  void refusesWhatIsNoCount(String members, int status, String code) {
    assertProblem(
        train(asked("members-refused", "", "\"members\": " + members.replace('\'', '"'))),
        status,
        code,
        "/network/members");
  }
}
