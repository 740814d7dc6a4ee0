package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.ServiceTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Networks that embed columns or scale inputs, as requests ask for them.
class EmbeddingsTest extends ServiceTest {

  /// 60 rows of 5 cities, a kind that is sometimes missing and a size. Of the city `unpriced` there
  /// is one row, without a price, which takes part in nothing.
  private static String rows() {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      int city = i % 5;
      rows.add(
          "{\"city\": \"city %d\", \"kind\": %s, \"size\": %d, \"price\": %d}"
              .formatted(
                  city, i % 3 == 0 ? "null" : "\"kind " + i % 2 + "\"", i % 7, 50 * city + i % 7));
    }
    rows.add("{\"city\": \"unpriced\", \"kind\": \"kind 0\", \"size\": 2}");
    return "{\"target\": \"price\", \"rows\": [" + String.join(",", rows) + "]}";
  }

  private static final String DATA = rows();

  private static String request(String model, String data, String network) {
    return """
    {"model": "%s", "data": %s, "network": {"layers": [{"type": "dense", "units": 16}], %s},
     "training": {"epochs": 150, "optimizer": {"type": "adam", "learningRate": 0.02}}}"""
        .formatted(model, data, network);
  }

  private JsonNode model(String name, String network) {
    return succeeded(request(name, DATA, network));
  }

  private JsonNode predicted(String model, String query) {
    JsonNode answer = body(get("/api/v1/models/" + model + "/predictions?" + query));
    assertThat(answer.path("prediction").isNumber()).as(answer.toString()).isTrue();
    return answer;
  }

  @Test
  void trainsAndAnswersWithEmbeddedColumns() {
    JsonNode training =
        model(
            "embedded",
            "\"embeddings\": {\"kind\": {}, \"city\": {\"units\": 4}}, \"inputScale\": true");

    JsonNode network = training.path("spec").path("network");
    assertThat(network.path("embeddings").toString())
        .isEqualTo("{\"kind\":{\"units\":1},\"city\":{\"units\":4}}");
    assertThat(network.path("inputScale").asBoolean()).isTrue();

    JsonNode card = body(get("/api/v1/models/embedded/versions/1"));
    assertThat(card.path("spec").path("network")).isEqualTo(network);
    // 6 cities of 4 units, 2 kinds and a missing one of 1, a factor for the size.
    assertThat(card.path("network").path("inputs").asInt()).isEqualTo(3);
    assertThat(card.path("network").path("layers").path(0).toString())
        .isEqualTo("{\"type\":\"input\",\"inputs\":3,\"units\":6,\"parameters\":28}");
    assertThat(card.path("network").path("parameters").asLong()).isEqualTo(28 + 112 + 17);
    JsonNode features = card.path("input").path("features");
    assertThat(features.path(0).path("name").asString()).isEqualTo("city");
    assertThat(features.path(0).path("embedded").asBoolean()).isTrue();
    assertThat(features.path(0).path("categories")).hasSize(6);
    assertThat(features.path(2).path("name").asString()).isEqualTo("size");
    assertThat(features.path(2).has("embedded")).isFalse();

    for (int city = 0; city < 5; city++) {
      JsonNode answer = predicted("embedded", "city=city%20" + city + "&kind=kind%201&size=3");
      assertThat(answer.path("prediction").asDouble()).isCloseTo(50 * city + 3, within(15.0));
      assertThat(answer.has("warnings")).isFalse();
    }
    assertThat(predicted("embedded", "city=city%204&size=3").path("prediction").asDouble())
        .as("of a missing kind")
        .isCloseTo(203, within(15.0));
  }

  /// What was never learned from is no vector at all: zeros.
  @Test
  void unseenCategoriesAreWarnedOfAndAnsweredAsThoseNothingWasLearnedOf() {
    model("embedded-unseen", "\"embeddings\": {\"city\": {}}");

    JsonNode unpriced = predicted("embedded-unseen", "city=unpriced&kind=kind%201&size=3");
    JsonNode unseen = predicted("embedded-unseen", "city=Atlantis&kind=kind%201&size=3");
    assertThat(unpriced.has("warnings")).isFalse();
    assertThat(unseen.path("warnings").toString())
        .isEqualTo("[\"city: 'Atlantis' was not seen in training\"]");
    assertThat(unseen.path("prediction")).isEqualTo(unpriced.path("prediction"));

    JsonNode batch =
        body(
            post(
                "/api/v1/models/embedded-unseen/predictions",
                """
                {"rows": [{"city": "Atlantis", "kind": "kind 1", "size": 3},
                          {"city": "city 4", "kind": null, "size": 3}]}"""));
    assertThat(batch.path("predictions").path(0).path("warnings").toString())
        .isEqualTo("[\"city: 'Atlantis' was not seen in training\"]");
    assertThat(batch.path("predictions").path(0).path("prediction").asDouble())
        .isCloseTo(unseen.path("prediction").asDouble(), within(1e-3));
    assertThat(batch.path("predictions").path(1).path("prediction").asDouble())
        .isCloseTo(
            predicted("embedded-unseen", "city=city%204&size=3").path("prediction").asDouble(),
            within(1e-3));
  }

  @Test
  void aPlanCountsWhatWouldBeLearned() {
    JsonNode plan =
        body(
            post(
                "/api/v1/trainings?validateOnly=true",
                request("embedded-plan", DATA, "\"embeddings\": {\"city\": {\"units\": 5}}")));

    // A city's index, two kinds and a missing one, a size.
    assertThat(plan.path("network").path("inputs").asInt()).isEqualTo(5);
    assertThat(plan.path("network").path("parameters").asLong()).isEqualTo(30 + 16 * 10 + 17);
    assertThat(plan.path("network").path("layers").path(0).path("type").asString())
        .isEqualTo("input");
  }

  @Test
  void bareNumbersMayBeScaled() {
    String xor = "{\"inputs\": [[0,0],[0,1],[1,0],[1,1]], \"targets\": [[0],[1],[1],[0]]}";
    JsonNode training = trained(request("scaled", xor, "\"inputScale\": true"));
    assertThat(training.path("state").asString()).isEqualTo("succeeded");
    JsonNode card = body(get("/api/v1/models/scaled/versions/1"));
    assertThat(card.path("network").path("layers").path(0).path("parameters").asInt()).isEqualTo(2);
    assertThat(
            body(get("/api/v1/models/scaled/predictions?inputs=0,1"))
                .path("outputs")
                .path(0)
                .asDouble())
        .isCloseTo(1, within(0.2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'embeddings': {'size': {}}            | 422 | /network/embeddings/size",
        "'embeddings': {'price': {}}           | 422 | /network/embeddings/price",
        "'embeddings': {'a/b': {}}             | 422 | /network/embeddings/a~1b",
        "'embeddings': {'city': null}          | 422 | /network/embeddings/city",
        "'embeddings': {'city': {'units': 0}}  | 422 | /network/embeddings/city/units",
        "'embeddings': {'city': {'units': 65537}} | 422 | /network/embeddings/city/units",
        "'embeddings': {'city': {'units': '4'}} | 400 | /network/embeddings/city/units",
        "'embeddings': {'city': {'width': 4}}  | 400 | /network/embeddings/city/width",
        "'embeddings': {'city': 4}             | 400 | /network/embeddings/city",
        "'embeddings': ['city']                | 400 | /network/embeddings",
        "'embeddings': 'auto'                  | 400 | /network/embeddings",
        "'inputScale': 1                       | 400 | /network/inputScale",
        "'inputScale': 'yes'                   | 400 | /network/inputScale",
      })
  void refusesWhatCannotBe(String network, int status, String pointer) {
    assertProblem(
        train(request("embedded-refused", DATA, network.replace('\'', '"'))),
        status,
        status == 422 ? "invalid-spec" : pointer.endsWith("width") ? "unknown-field" : "wrong-type",
        pointer);
  }

  @Test
  void aRefusalSaysWhatColumnsThereAre() {
    JsonNode answer =
        body(train(request("embedded-refused", DATA, "\"embeddings\": {\"town\": {}}")));
    assertThat(answer.path("errors").path(0).path("detail").asString())
        .isEqualTo("must be a categorical feature, is no column; there are city, kind");
  }

  @Test
  void aRefusalSaysWhyAColumnWasLeftOut() {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 120; i++) {
      rows.append(i == 0 ? "" : ",")
          .append("{\"id\": \"i%d\", \"x\": %d, \"y\": %d}".formatted(i, i % 5, i));
    }
    String data = "{\"target\": \"y\", %s \"rows\": [" + rows + "]}";
    String embeddings = "\"embeddings\": {\"id\": {}}";
    JsonNode answer = body(train(request("embedded-refused", data.formatted(""), embeddings)));
    assertThat(answer.path("errors").path(0).path("detail").asString())
        .isEqualTo(
            "must be a categorical feature, is left out: it has 120 distinct texts in 120 rows; "
                + "there are none");
    String typed = data.formatted("\"columns\": {\"id\": {\"type\": \"categorical\"}},");
    assertThat(train(request("embedded-typed", typed, embeddings)).statusCode()).isEqualTo(202);
  }

  @Test
  void bareNumbersHaveNoColumnsToEmbed() {
    assertProblem(
        train(
            request(
                "embedded-refused",
                "{\"inputs\": [[0],[1]], \"targets\": [[0],[1]]}",
                "\"embeddings\": {\"0\": {}}")),
        422,
        "invalid-spec",
        "/network/embeddings/0");
  }
}
