package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.plan.Standing;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Headlines in lists, and lists that are sorted by figures.
class SortedListsTest extends ServiceTest {

  private static final String MODELS = "/api/v1/models";

  /// Of penguins, after so many epochs: the more, the better.
  private JsonNode penguins(String model, int epochs) {
    return succeeded(
        """
        {"model": "%s", "data": {"target": "species", %s},
         "network": {"layers": [{"type": "dense", "units": 4}]},
         "training": {"epochs": %d, "testFraction": 0.2, "optimizer": {"type": "adam", "learningRate": 0.01}}}"""
            .formatted(model, Requests.penguinRows(), epochs));
  }

  private JsonNode numbers(String model, double testFraction) {
    return succeeded(
        """
        {"model": "%s", "data": {"target": "y", "task": "regression", "rows": [
          {"x": 1, "y": 3}, {"x": 2, "y": 5}, {"x": 3, "y": 7}, {"x": 4, "y": 9}, {"x": 5, "y": 11},
          {"x": 6, "y": 13}, {"x": 7, "y": 15}, {"x": 8, "y": 17}, {"x": 9, "y": 19}, {"x": 10, "y": 21}]},
         "training": {"epochs": 5, "validationFraction": 0, "testFraction": %s}}"""
            .formatted(model, testFraction));
  }

  private List<JsonNode> all(String path) {
    List<JsonNode> items = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = body(get(path + "&limit=1" + cursor));
      page.path("items").forEach(items::add);
      cursor =
          page.path("nextCursor").isNull() ? "" : "&cursor=" + page.path("nextCursor").asString();
    } while (!cursor.isEmpty());
    return items;
  }

  private static List<Double> values(List<JsonNode> items) {
    return items.stream()
        .map(item -> item.path("headline").path("value"))
        .filter(JsonNode::isNumber)
        .map(JsonNode::asDouble)
        .toList();
  }

  @Test
  void theHeadlineIsThatOfTheTestPart() {
    penguins("headline", 3);
    JsonNode test = body(get(MODELS + "/headline/versions/1")).path("metrics").path("test");

    JsonNode headline =
        body(get(MODELS + "/headline/versions")).path("items").path(0).path("headline");
    assertThat(headline.path("name").asString()).isEqualTo("accuracy");
    assertThat(headline.path("value")).isEqualTo(test.path("accuracy"));
    assertThat(headline.path("baseline")).isEqualTo(test.path("baseline").path("accuracy"));
    assertThat(headline.path("part").asString()).isEqualTo("test");
    assertThat(headline.has("interval")).isTrue();
    assertThat(body(get(MODELS + "?limit=1")).path("items").path(0).path("headline"))
        .isEqualTo(headline);
  }

  @Test
  void versionsAreSortedBestFirstPageByPage() {
    for (int epochs : List.of(1, 30, 4, 30)) {
      penguins("sorted", epochs);
    }

    List<JsonNode> byAccuracy = all(MODELS + "/sorted/versions?sort=accuracy");
    assertThat(byAccuracy).hasSize(4);
    assertThat(values(byAccuracy)).isSortedAccordingTo((a, b) -> Double.compare(b, a)).hasSize(4);
    // The same seed learns the same: of equal ones the newest comes first.
    assertThat(byAccuracy.stream().map(item -> item.path("version").asInt()))
        .startsWith(4, 2)
        .doesNotHaveDuplicates();
    assertThat(
            all(MODELS + "/sorted/versions?sort=logLoss").stream()
                .map(item -> item.path("version").asInt())
                .map(version -> body(get(MODELS + "/sorted/versions/" + version)))
                .map(card -> card.path("metrics").path("test").path("logLoss").asDouble()))
        .isSorted()
        .hasSize(4);
    assertThat(
            all(MODELS + "/sorted/versions?sort=rmse").stream()
                .map(item -> item.path("version").asInt()))
        .containsExactly(4, 3, 2, 1);
  }

  @Test
  void modelsWithoutTheFigureComeLast() {
    numbers("unjudged", 0);
    penguins("good", 30);
    numbers("straight", 0.3);
    penguins("poor", 1);

    List<JsonNode> models = all(MODELS + "?sort=accuracy");
    List<String> names = models.stream().map(item -> item.path("name").asString()).toList();
    assertThat(names).doesNotHaveDuplicates().containsSubsequence("poor", "straight", "unjudged");
    assertThat(names).containsSubsequence("good", "straight");
    List<JsonNode> judged =
        models.stream()
            .filter(model -> model.path("headline").path("name").asString().equals("accuracy"))
            .toList();
    assertThat(values(judged))
        .hasSizeGreaterThanOrEqualTo(2)
        .isSortedAccordingTo((a, b) -> Double.compare(b, a));
    assertThat(models.get(names.indexOf("unjudged")).path("headline").isNull()).isTrue();
    assertThat(models.get(names.indexOf("straight")).path("headline").path("name").asString())
        .isEqualTo("rmse");
  }

  @Test
  void trainingsAreSortedBestFirstPageByPage() {
    numbers("trained", 0);
    penguins("trained", 1);
    JsonNode best = penguins("trained", 30);
    numbers("trained", 0.3);
    penguins("trained", 5);

    List<JsonNode> sorted = all("/api/v1/trainings?model=trained&sort=accuracy");
    assertThat(sorted).hasSize(5);
    assertThat(values(sorted.subList(0, 3))).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    assertThat(sorted.getFirst().path("id")).isEqualTo(best.path("id"));
    assertThat(sorted.getFirst().path("headline").path("part").asString()).isEqualTo("test");
    assertThat(sorted.get(3).path("headline").path("name").asString()).isEqualTo("rmse");
    assertThat(sorted.get(4).path("headline").isNull()).isTrue();
    assertThat(best.path("headline")).isEqualTo(sorted.getFirst().path("headline"));
    assertThat(
            all("/api/v1/trainings?model=trained&sort=rmse").stream()
                .map(item -> item.path("id").asString()))
        .hasSize(5)
        .startsWith(sorted.get(3).path("id").asString())
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "?sort=acuracy, 422, invalid-spec",
    "?sort=, 422, invalid-spec",
    "?sort=-accuracy, 422, invalid-spec",
    "?sort=accuracy&sort=auc, 400, repeated-parameter",
    "?sort=accuracy&cursor=MQ, 400, invalid-cursor",
    "?sort=accuracy&cursor=YXVjIC0gMQ, 400, invalid-cursor",
    "?sort=accuracy&cursor=YWNjdXJhY3kgeCAx, 400, invalid-cursor",
  })
  void refuses(String query, int status, String code) {
    if (get(MODELS + "/refused").statusCode() == 404) {
      numbers("refused", 0);
    }
    for (String list : List.of(MODELS, MODELS + "/refused/versions", "/api/v1/trainings")) {
      assertProblem(get(list + query), status, code);
    }
  }

  @Test
  void namesTheFiguresThatThereAre() {
    assertThat(body(get(MODELS + "?sort=x")).path("detail").asString())
        .contains(Standing.names())
        .contains("'x'");
    assertThat(
            body(get("/v3/api-docs"))
                .at("/components/parameters/sort/schema/enum")
                .valueStream()
                .map(JsonNode::asString))
        .containsExactlyInAnyOrderElementsOf(Standing.names());
  }
}
