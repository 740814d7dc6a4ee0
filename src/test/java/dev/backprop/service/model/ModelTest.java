package dev.backprop.service.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import dev.backprop.ServiceTest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ModelTest extends ServiceTest {

  private static final String MODELS = "/api/v1/models";

  @Test
  void listsTheNewestFirstInPages() {
    version("list-a");
    version("list-b");
    version("list-a");

    JsonNode first = body(get(MODELS + "?limit=1"));
    assertThat(first.path("items").path(0).path("name").asString()).isEqualTo("list-b");
    JsonNode second = body(get(MODELS + "?limit=1&cursor=" + first.path("nextCursor").asString()));
    JsonNode item = second.path("items").path(0);
    assertThat(item.path("name").asString()).isEqualTo("list-a");
    assertThat(item.path("currentVersion").asInt()).isEqualTo(2);
    assertThat(item.path("latestVersion").asInt()).isEqualTo(2);
    assertThat(item.path("versionCount").asInt()).isEqualTo(2);
    assertThat(item.path("bytes").asLong()).isPositive();
    assertThat(item.path("target").path("task").asString()).isEqualTo("numbers");
    assertThat(item.path("self").asString()).isEqualTo("/api/v1/models/list-a");
    assertThat(item.has("history")).isFalse();
  }

  @Test
  void showsAModelWithItsVersionsAndTheCurrentCard() {
    version("shown");
    String training = version("shown");

    JsonNode model = body(get(MODELS + "/shown"));

    assertThat(model.path("name").asString()).isEqualTo("shown");
    assertThat(model.path("currentVersion").asInt()).isEqualTo(2);
    assertThat(model.path("versions").valueStream().map(v -> v.path("version").asInt()))
        .containsExactly(2, 1);
    JsonNode newest = model.path("versions").path(0);
    assertThat(newest.path("trainingId").asString()).isEqualTo(training);
    assertThat(newest.path("self").asString()).isEqualTo("/api/v1/models/shown/versions/2");
    assertThat(model.path("current")).isEqualTo(body(get(MODELS + "/shown/versions/2")));
    assertThat(model.path("current").path("current").asBoolean()).isTrue();
    assertThat(body(get(MODELS + "/shown/versions/1")).path("current").asBoolean(true)).isFalse();
  }

  @Test
  void tellsOnTheCardEverythingWorthKnowing() {
    JsonNode training =
        trained(
            """
            {"model": "card", "data": {"target": "species", "columns": {"year": {"type": "ignore"}}, %s},
             "network": {"layers": [{"type": "dense", "units": 16}]},
             "training": {"epochs": 30, "testFraction": 0.1}}"""
                .formatted(Requests.penguinRows()));

    JsonNode card = body(get(MODELS + "/card/versions/1"));

    assertThat(card.path("model").asString()).isEqualTo("card");
    assertThat(card.path("version").asInt()).isEqualTo(1);
    assertThat(card.path("bytes").asLong()).isPositive();
    assertThat(card.path("target")).isEqualTo(training.path("target"));
    assertThat(card.path("spec")).isEqualTo(training.path("spec"));
    assertThat(card.path("history")).isEqualTo(training.path("history"));
    assertThat(card.path("warnings")).isEqualTo(training.path("warnings"));
    assertThat(card.path("bestEpoch")).isEqualTo(training.path("result").path("bestEpoch"));
    assertThat(card.path("stoppedEarly")).isEqualTo(training.path("result").path("stoppedEarly"));

    JsonNode input = card.path("input");
    assertThat(input.path("type").asString()).isEqualTo("columns");
    JsonNode island = named(input.path("features"), "island");
    assertThat(island.path("type").asString()).isEqualTo("categorical");
    assertThat(island.path("categories").toString())
        .isEqualTo("[\"Biscoe\",\"Dream\",\"Torgersen\"]");
    JsonNode bill = named(input.path("features"), "bill_length_mm");
    assertThat(bill.path("nullable").asBoolean()).isTrue();
    assertThat(bill.path("min").asDouble()).isBetween(32.0, 40.0);
    assertThat(bill.path("max").asDouble()).isBetween(50.0, 59.7);
    assertThat(bill.path("median").asDouble()).isBetween(40.0, 48.0);
    assertThat(bill.path("std").asDouble()).isBetween(3.0, 7.0);
    assertThat(named(input.path("unused"), "year").path("role").asString()).isEqualTo("ignored");
    assertThat(named(input.path("unused"), "species").path("role").asString()).isEqualTo("target");

    JsonNode network = card.path("network");
    assertThat(network.path("outputs").asInt()).isEqualTo(3);
    assertThat(network.path("layers")).hasSize(2);
    assertThat(network.path("parameters").asInt())
        .isEqualTo((network.path("inputs").asInt() + 1) * 16 + 17 * 3);

    for (String part : List.of("validation", "test")) {
      JsonNode metrics = card.path("metrics").path(part);
      int rows = training.path("rows").path(part).asInt();
      assertThat(metrics.path("accuracy").asDouble()).as(part).isBetween(0.85, 1.0);
      assertThat(metrics.path("baseline").path("accuracy").asDouble()).isBetween(0.3, 0.6);
      assertThat(metrics.path("logLoss").asDouble()).isBetween(0.0, 0.6);
      assertThat(metrics.path("auc").asDouble()).isBetween(0.9, 1.0);
      assertThat(metrics.path("intervals").path("accuracy")).hasSize(2);
      assertThat(metrics.path("perClass")).hasSize(3);
      assertThat(
              metrics
                  .path("confusionMatrix")
                  .valueStream()
                  .flatMap(JsonNode::valueStream)
                  .mapToInt(JsonNode::asInt)
                  .sum())
          .isEqualTo(rows);
    }
    assertThat(card.path("provenance").path("trainingId")).isEqualTo(training.path("id"));
    assertThat(card.path("links").path("training").asString())
        .isEqualTo("/api/v1/trainings/" + training.path("id").asString());
    assertThat(get(card.path("links").path("self").asString()).body())
        .isEqualTo(get(MODELS + "/card/versions/1").body());
  }

  @Test
  void goesBackAndForthBetweenVersions() {
    version("switch");
    version("switch");

    HttpResponse<String> back = current("switch", "{\"version\": 1}");

    assertThat(back.statusCode()).as(back.body()).isEqualTo(200);
    assertThat(body(back)).isEqualTo(body(get(MODELS + "/switch")));
    assertThat(answering("switch")).isEqualTo(1);
    version("switch");
    assertThat(answering("switch")).isEqualTo(3);
    current("switch", "{\"version\": 2}");
    assertThat(answering("switch")).isEqualTo(2);
    current("switch", "{\"version\": 2}");
    assertThat(answering("switch")).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"version\": 7} | 422 | invalid-spec",
        "{\"version\": \"1\"} | 400 | wrong-type",
        "{\"version\": 1.0} | 400 | wrong-type",
        "{\"version\": null} | 400 | wrong-type",
        "{} | 400 | wrong-type",
        "{\"version\": 1, \"versoin\": 1} | 400 | unknown-field",
        "{\"version\": 1, \"version\": 1} | 400 | duplicate-field",
        "{\"version\": 1} 2 | 400 | malformed-json",
        "{\"version\": | 400 | malformed-json",
        "'' | 400 | malformed-json",
      })
  void refusesAVersionThatCannotBecomeCurrent(String json, int status, String code) {
    if (get(MODELS + "/refuses").statusCode() == 404) {
      version("refuses");
    }

    assertProblem(current("refuses", json), status, code);
    assertThat(answering("refuses")).isEqualTo(1);
  }

  @Test
  void hasNoCurrentVersionUntilOneIsActivated() {
    String quiet = training("passive").replaceFirst("\\{", "{\"activate\": false, ");
    trained(quiet);

    JsonNode model = body(get(MODELS + "/passive"));
    assertThat(model.path("currentVersion").isNull()).isTrue();
    assertThat(model.path("current").isNull()).isTrue();
    HttpResponse<String> refused = get(MODELS + "/passive/predictions?inputs=0,1");
    assertProblem(refused, 409, "conflict");
    assertThat(body(refused).path("detail").asString()).contains("/versions/1");
    assertThat(get(MODELS + "/passive/versions/1/predictions?inputs=0,1").statusCode())
        .isEqualTo(200);

    current("passive", "{\"version\": 1}");
    trained(quiet);
    assertThat(answering("passive")).isEqualTo(1);
  }

  @Test
  void makesTheHighestRemainingVersionCurrentWhenTheCurrentOneIsDeleted() {
    for (int i = 0; i < 4; i++) {
      version("deleting");
    }
    current("deleting", "{\"version\": 2}");

    assertThat(delete(MODELS + "/deleting/versions/4").statusCode()).isEqualTo(204);
    assertThat(answering("deleting")).isEqualTo(2);
    assertThat(delete(MODELS + "/deleting/versions/2").statusCode()).isEqualTo(204);
    assertThat(answering("deleting")).isEqualTo(3);
    assertProblem(get(MODELS + "/deleting/versions/2"), 404, "not-found");
    assertProblem(delete(MODELS + "/deleting/versions/2"), 404, "not-found");
    assertProblem(get(MODELS + "/deleting/versions/2/predictions?inputs=0,1"), 404, "not-found");
  }

  @Test
  void neverUsesANumberAgain() {
    version("numbers");
    version("numbers");
    delete(MODELS + "/numbers/versions/2");
    version("numbers");
    assertThat(answering("numbers")).isEqualTo(3);

    assertThat(delete(MODELS + "/numbers").statusCode()).isEqualTo(204);
    assertProblem(get(MODELS + "/numbers"), 404, "not-found");
    assertProblem(delete(MODELS + "/numbers"), 404, "not-found");
    assertProblem(get(MODELS + "/numbers/predictions?inputs=0,1"), 404, "not-found");
    version("numbers");

    assertThat(answering("numbers")).isEqualTo(4);
    assertThat(body(get(MODELS + "/numbers")).path("versions")).hasSize(1);
  }

  @Test
  void deletesAModelWithItsLastVersion() {
    version("last");

    assertThat(delete(MODELS + "/last/versions/1").statusCode()).isEqualTo(204);

    assertProblem(get(MODELS + "/last"), 404, "not-found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Upper", "-a", "a%20b", "%C3%A4", "a,b"})
  void refusesANameThatNoModelCanHave(String name) {
    String path = MODELS + "/" + name;
    assertProblem(get(path), 400, "invalid-parameter");
    assertProblem(get(path + "/versions/1"), 400, "invalid-parameter");
    assertProblem(get(path + "/predictions?x=1"), 400, "invalid-parameter");
    assertProblem(delete(path), 400, "invalid-parameter");
    assertProblem(current(name, "{\"version\": 1}"), 400, "invalid-parameter");
  }

  @Test
  void takesNamesUpToSixtyThreeCharacters() {
    String longest = "a".repeat(63);
    version(longest);

    assertThat(get(MODELS + "/" + longest).statusCode()).isEqualTo(200);
    assertProblem(get(MODELS + "/" + longest + "a"), 400, "invalid-parameter");
    assertProblem(train(training(longest + "a")), 422, "invalid-spec", "/model");
  }

  private static String training(String model) {
    return """
    {"model": "%s", "data": %s, "training": {"epochs": 2}}"""
        .formatted(model, Requests.XOR_DATA);
  }

  /// Trains one version more.
  ///
  /// @return the training's id
  private String version(String model) {
    return trained(training(model)).path("id").asString();
  }

  private HttpResponse<String> current(String model, String json) {
    return send("PUT", MODELS + "/" + model + "/current", "application/json", json);
  }

  /// The version that answers if none is named.
  private int answering(String model) {
    HttpResponse<String> answer = get(MODELS + "/" + model + "/predictions?inputs=0,1");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return body(answer).path("version").asInt();
  }

  private static JsonNode named(JsonNode items, String name) {
    return items
        .valueStream()
        .filter(item -> item.path("name").asString().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
