package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.Requests;
import dev.backprop.ServiceTest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Activations of which units learn their shares, as requests ask for them.
class ParametricActivationTest extends ServiceTest {

  private static final String QUERY =
      "?island=Biscoe&bill_length_mm=46&bill_depth_mm=14.5&flipper_length_mm=215&body_mass_g=5000&sex=male&year=2008";

  private static String asked(String model, String more, String layer) {
    return """
    {"model": "%s", %s "data": {"target": "species", %s},
     "network": {"layers": [{"type": "dense", "units": 16, %s},
       {"type": "residual", "layers": [{"type": "dense", "units": 16, %4$s}]}]},
     "training": {"epochs": 40, "seed": 4, "learningRateFactors": {"slopes": 0.1}, "layerStatistics": true}}"""
        .formatted(model, more, Requests.penguinRows(), layer);
  }

  private JsonNode predicted(String model) {
    return body(get("/api/v1/models/" + model + "/predictions" + QUERY));
  }

  @Test
  void trainAnswerGoOnAndMove() {
    String mish = "\"activation\": \"mish\", \"parametric\": true";
    JsonNode training = succeeded(asked("parametric", "", mish));
    JsonNode network = training.path("spec").path("network");
    assertThat(network.at("/layers/0/parametric").asBoolean()).isTrue();
    assertThat(network.at("/layers/1/layers/0/parametric").asBoolean()).isTrue();
    double before = training.path("metrics").path("validationLoss").asDouble();
    assertThat(before).isPositive().isLessThan(0.5);
    assertThat(training.at("/history/0/layers").findValuesAsString("layer"))
        .containsExactly("layers.0", "layers.1.layers.0", "layers.1", "output");
    JsonNode card = body(get("/api/v1/models/parametric/versions/1"));
    assertThat(card.path("spec").path("network")).isEqualTo(network);
    assertThat(card.at("/network/layers").findValuesAsString("type"))
        .containsExactly(
            "dense", "activation", "residual", "dense", "activation", "residual-end", "dense");
    assertThat(predicted("parametric").path("prediction").asString()).isEqualTo("Gentoo");

    HttpResponse<String> imported =
        send(
            request("/api/v1/models/parametric-again/versions")
                .header("Content-Type", "application/zip")
                .POST(
                    HttpRequest.BodyPublishers.ofByteArray(
                        bytes("/api/v1/models/parametric/versions/1/artifact")))
                .build());
    assertThat(imported.statusCode()).as(imported.body()).isEqualTo(201);
    assertThat(predicted("parametric-again").path("probabilities"))
        .isEqualTo(predicted("parametric").path("probabilities"));

    String warm = "\"warmStart\": {\"model\": \"parametric\"},";
    JsonNode more = succeeded(asked("parametric", warm, mish));
    assertThat(more.at("/history/0/validationLoss").asDouble())
        .isCloseTo(before, within(0.5 * before));
    assertThat(train(asked("parametric", warm, "\"activation\": \"mish\"")).statusCode())
        .isEqualTo(422);
  }

  /// Nothing tells of it.
  @Test
  void falseIsAsBefore() {
    JsonNode none = succeeded(asked("plain-mish", "", "\"activation\": \"mish\""));
    JsonNode said =
        succeeded(asked("not-parametric", "", "\"activation\": \"mish\", \"parametric\": false"));
    assertThat(said.path("spec")).isEqualTo(none.path("spec"));
    assertThat(said.at("/spec/network/layers/0").has("parametric")).isFalse();
    assertThat(predicted("not-parametric").path("probabilities"))
        .isEqualTo(predicted("plain-mish").path("probabilities"));
  }

  @ParameterizedTest
  @CsvSource({
    "identity, /network/layers/0/parametric",
    "prelu, /network/layers/0/parametric",
    "softmax, /network/layers/0/activation",
  })
  void refusedWhereThereIsNothingToLearn(String activation, String pointer) {
    assertProblem(
        train(
            asked(
                "parametric-refused",
                "",
                "\"activation\": \"%s\", \"parametric\": true".formatted(activation))),
        422,
        "invalid-spec",
        pointer);
  }

  @Test
  void anOutputLayerHasNone() {
    HttpResponse<String> answer =
        train(
            """
            {"model": "parametric-refused", "data": {"target": "species", %s},
             "network": {"output": {"parametric": true}}}"""
                .formatted(Requests.penguinRows()));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("/network/output/parametric");
  }
}
