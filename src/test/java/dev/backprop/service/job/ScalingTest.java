package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.Requests;
import dev.backprop.ServiceTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Scaled weights, as requests ask for them.
class ScalingTest extends ServiceTest {

  private static final String QUERY =
      "island=Biscoe&bill_length_mm=46&bill_depth_mm=14.5&flipper_length_mm=215&body_mass_g=5000&sex=male&year=2008";

  private static String asked(String model, String more, String network) {
    return """
    {"model": "%s", %s "data": {"target": "species", %s},
     "network": {"layers": [{"type": "dense", "units": 16}, "dropout"], %s},
     "training": {"epochs": 40, "seed": 4}}"""
        .replace("\"dropout\"", "{\"type\": \"dropout\", \"rate\": 0.1}")
        .formatted(model, more, Requests.penguinRows(), network);
  }

  private JsonNode predicted(String model) {
    return body(get("/api/v1/models/" + model + "/predictions?" + QUERY));
  }

  @Test
  void trainsAnswersAndGoesOn() {
    JsonNode training = succeeded(asked("scaled-ntk", "", "\"scaling\": \"ntk\", \"members\": 2"));
    JsonNode network = training.path("spec").path("network");
    assertThat(network.path("scaling").asString()).isEqualTo("ntk");
    double before = training.path("metrics").path("validationLoss").asDouble();
    assertThat(before).isPositive().isLessThan(0.5);
    assertThat(body(get("/api/v1/models/scaled-ntk/versions/1")).path("spec").path("network"))
        .isEqualTo(network);
    assertThat(predicted("scaled-ntk").path("prediction").asString()).isEqualTo("Gentoo");

    String warm = "\"warmStart\": {\"model\": \"scaled-ntk\"},";
    JsonNode more = succeeded(asked("scaled-ntk", warm, "\"scaling\": \"ntk\", \"members\": 2"));
    assertThat(more.path("history").path(0).path("validationLoss").asDouble())
        .isCloseTo(before, within(0.5 * before));
    assertProblem(
        train(asked("scaled-ntk", warm, "\"scaling\": \"standard\", \"members\": 2")),
        422,
        "invalid-spec",
        "/network/scaling");
  }

  /// Nothing tells of it.
  @Test
  void standardIsAsBefore() {
    JsonNode none = succeeded(asked("unscaled", "", "\"inputScale\": false"));
    JsonNode standard = succeeded(asked("standard", "", "\"scaling\": \"standard\""));
    assertThat(standard.path("spec")).isEqualTo(none.path("spec"));
    assertThat(standard.path("spec").path("network").has("scaling")).isFalse();
    assertThat(predicted("standard").path("probabilities"))
        .isEqualTo(predicted("unscaled").path("probabilities"));
  }

  @Test
  void refusesWhatIsNoScaling() {
    assertProblem(
        train(asked("scaled-refused", "", "\"scaling\": \"mup\"")),
        422,
        "invalid-spec",
        "/network/scaling");
  }
}
