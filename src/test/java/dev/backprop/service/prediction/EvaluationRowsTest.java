package dev.backprop.service.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.Refusal;
import dev.backprop.Requests;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// The rows that an evaluation shows beside its metrics.
class EvaluationRowsTest extends PredictionServiceTest {

  private static final String PENGUINS = "{" + Requests.penguinRows() + "}";

  private JsonNode evaluated(String model, String query, String body) {
    return body(send("POST", MODELS + model + "/evaluations?" + query, "application/json", body));
  }

  /// What a model answers to the penguins, and what they are.
  private List<JsonNode> answers(String model, String target) {
    return body(send(
            "POST",
            MODELS + model + "/predictions?unknown=ignore&pass=" + target,
            "application/json",
            PENGUINS))
        .path("predictions")
        .valueStream()
        .toList();
  }

  /// The penguins that have such a value.
  private static String having(String column) {
    return PENGUINS
        .lines()
        .map(line -> line.replaceFirst("^\\{\"rows\": \\[", "").replaceFirst("(,|]})$", ""))
        .filter(line -> !line.contains("\"%s\": null".formatted(column)))
        .collect(Collectors.joining(",", "{\"rows\": [", "]}"));
  }

  private static List<JsonNode> items(JsonNode evaluation) {
    return evaluation.at("/rows/items").valueStream().toList();
  }

  private static List<Integer> numbers(JsonNode evaluation) {
    return items(evaluation).stream().map(item -> item.path("row").asInt()).toList();
  }

  @Test
  void showsTheRowsThatAreWrongTheSurestFirst() {
    List<JsonNode> answers = answers(SPECIES, "species");
    List<Integer> wrong = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      if (!answers.get(i).path("prediction").equals(answers.get(i).at("/pass/species"))) {
        wrong.add(i + 1);
      }
    }

    JsonNode evaluation = evaluated(SPECIES, "rows=errors&limit=1000", PENGUINS);
    assertThat(wrong).isNotEmpty();
    assertThat(evaluation.at("/rows/found").asInt()).isEqualTo(wrong.size());
    assertThat(numbers(evaluation)).containsExactlyInAnyOrderElementsOf(wrong);
    List<Double> sure = new ArrayList<>();
    for (JsonNode item : items(evaluation)) {
      JsonNode answer = answers.get(item.path("row").asInt() - 1);
      assertThat(item.path("predicted")).isEqualTo(answer.path("prediction"));
      assertThat(item.path("actual")).isEqualTo(answer.at("/pass/species"));
      assertThat(item.path("probability").asDouble())
          .isEqualTo(
              answer.path("probabilities").path(item.path("predicted").asString()).asDouble());
      assertThat(item.path("cells").has("bill_length_mm")).isTrue();
      assertThat(item.path("cells").has("species")).isFalse();
      assertThat(item.has("error")).isFalse();
      sure.add(item.path("probability").asDouble());
    }
    assertThat(sure).isSortedAccordingTo(Comparator.reverseOrder());

    JsonNode first = evaluated(SPECIES, "rows=errors&limit=1", PENGUINS);
    assertThat(first.at("/rows/found").asInt()).isEqualTo(wrong.size());
    assertThat(numbers(first)).containsExactly(numbers(evaluation).getFirst());
    assertThat(evaluated(SPECIES, "", PENGUINS).has("rows")).isFalse();
  }

  @Test
  void showsTheRowsOfEachCellOfTheMatrix() {
    JsonNode metrics = evaluated(SPECIES, "", PENGUINS).path("metrics");
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        String actual = metrics.path("classes").path(i).asString();
        String predicted = metrics.path("classes").path(j).asString();
        JsonNode cell =
            evaluated(
                SPECIES,
                "rows=errors&limit=7&actual=%s&predicted=%s".formatted(actual, predicted),
                PENGUINS);
        int rows = metrics.path("confusionMatrix").path(i).path(j).asInt();
        assertThat(cell.at("/rows/found").asInt()).isEqualTo(rows);
        assertThat(items(cell))
            .hasSize(Math.min(7, rows))
            .allSatisfy(
                item -> {
                  assertThat(item.path("actual").asString()).isEqualTo(actual);
                  assertThat(item.path("predicted").asString()).isEqualTo(predicted);
                });
      }
    }
    // Of one side alone, errors are the wrong ones, a sample is all.
    int right = metrics.at("/confusionMatrix/0/0").asInt();
    assertThat(evaluated(SPECIES, "rows=errors&actual=Adelie", PENGUINS).at("/rows/found").asInt())
        .isEqualTo(152 - right);
    assertThat(evaluated(SPECIES, "rows=sample&actual=Adelie", PENGUINS).at("/rows/found").asInt())
        .isEqualTo(152);
  }

  @Test
  void showsTheNumbersThatAreFarthestOff() {
    List<JsonNode> rows =
        answers(MASS, "body_mass_g").stream()
            .filter(answer -> !answer.at("/pass/body_mass_g").isNull())
            .toList();
    List<Double> errors =
        rows.stream()
            .map(
                row ->
                    row.path("prediction").asDouble()
                        - Double.parseDouble(row.at("/pass/body_mass_g").asString()))
            .sorted(Comparator.comparingDouble((Double error) -> -Math.abs(error)))
            .toList();

    JsonNode evaluation = evaluated(MASS, "rows=errors&limit=5", having("body_mass_g"));
    assertThat(evaluation.at("/rows/found").asInt()).isEqualTo(rows.size());
    List<JsonNode> items = items(evaluation);
    assertThat(items).hasSize(5);
    for (int i = 0; i < 5; i++) {
      assertThat(items.get(i).path("error").asDouble()).isCloseTo(errors.get(i), within(1e-3));
      assertThat(items.get(i).path("predicted").asDouble())
          .isCloseTo(
              items.get(i).path("actual").asDouble() + items.get(i).path("error").asDouble(),
              within(1e-9));
      assertThat(items.get(i).has("probability")).isFalse();
    }
  }

  @Test
  void drawsTheSameRowsEachTime() {
    JsonNode once = evaluated(SPECIES, "rows=sample&limit=50", PENGUINS);
    assertThat(once.at("/rows/found").asInt()).isEqualTo(344);
    assertThat(numbers(once)).hasSize(50).doesNotHaveDuplicates().isSorted();
    assertThat(numbers(once).getLast()).isBetween(300, 344);
    assertThat(evaluated(SPECIES, "rows=sample&limit=50", PENGUINS)).isEqualTo(once);
    assertThat(numbers(evaluated(SPECIES, "rows=sample&limit=1000", PENGUINS)))
        .isEqualTo(IntStream.rangeClosed(1, 344).boxed().toList());
  }

  @Test
  void showsCellsOfADataSetAsTheyAreThere() {
    String id =
        body(send("POST", "/api/v1/datasets?name=er", "text/csv", Requests.penguinsCsv()))
            .path("id")
            .asString();
    JsonNode shown = evaluated(SPECIES, "rows=sample&limit=3", "{\"dataset\": \"" + id + "\"}");
    JsonNode rows = body(get("/api/v1/datasets/" + id + "/rows?limit=500")).path("rows");
    assertThat(numbers(shown))
        .isEqualTo(numbers(evaluated(SPECIES, "rows=sample&limit=3", PENGUINS)));
    for (JsonNode item : items(shown)) {
      JsonNode row = rows.path(item.path("row").asInt() - 1);
      assertThat(item.path("cells").propertyNames())
          .containsExactlyElementsOf(
              row.propertyNames().stream().filter(name -> !name.equals("species")).toList());
      item.path("cells")
          .properties()
          .forEach(cell -> assertThat(cell.getValue()).isEqualTo(row.path(cell.getKey())));
    }
    assertThat(delete("/api/v1/datasets/" + id).statusCode()).isEqualTo(204);
  }

  @Test
  void showsSeveralTargetsByTheirNames() {
    JsonNode labels =
        evaluated(
            LABELS,
            "rows=errors",
            """
            {"rows": [{"t": 39, "rain": 0, "hot": true, "wet": false}, {"t": 39, "rain": 0, "hot": true, "wet": true},
                      {"t": 39, "rain": 0, "hot": false, "wet": true}]}""");
    assertThat(numbers(labels)).containsExactly(3, 2);
    assertThat(items(labels).getFirst().path("actual").toString())
        .isEqualTo("{\"hot\":false,\"wet\":true}");
    assertThat(items(labels).getFirst().path("predicted").toString())
        .isEqualTo("{\"hot\":true,\"wet\":false}");
    assertThat(items(labels).getFirst().path("cells").toString())
        .isEqualTo("{\"t\":39,\"rain\":0}");

    JsonNode bills = evaluated(BILL, "rows=errors&limit=2", having("bill_length_mm"));
    JsonNode first = items(bills).getFirst();
    assertThat(first.at("/error/bill_depth_mm").asDouble())
        .isCloseTo(
            first.at("/predicted/bill_depth_mm").asDouble()
                - first.at("/actual/bill_depth_mm").asDouble(),
            within(1e-9));
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(SPECIES, "rows=wrong", "/rows", "must be errors or sample, was 'wrong'"),
        Arguments.of(SPECIES, "rows=errors&limit=0", "/limit", "from 1 to 1000, was 0"),
        Arguments.of(SPECIES, "rows=sample&limit=1001", "/limit", "from 1 to 1000, was 1001"),
        Arguments.of(SPECIES, "limit=5", "/limit", "goes with rows="),
        Arguments.of(SPECIES, "actual=Adelie", "/actual", "goes with rows="),
        Arguments.of(SPECIES, "predicted=Adelie", "/predicted", "goes with rows="),
        Arguments.of(
            SPECIES,
            "rows=errors&actual=Emperor",
            "/actual",
            "one of the 3 classes, was 'Emperor'"),
        Arguments.of(SPECIES, "rows=errors&predicted=", "/predicted", "one of the 3 classes"),
        Arguments.of(MASS, "rows=errors&actual=5000", "/actual", "goes with classes"),
        Arguments.of(LABELS, "rows=errors&predicted=true", "/predicted", "goes with classes"),
        Arguments.of(XOR, "rows=errors", "/rows", "takes bare numbers"));
  }

  @ParameterizedTest
  @MethodSource
  void refused(String model, String query, String pointer, String detail) {
    Refusal refusal = Refusal.of("{\"rows\": []}", 422, "invalid-data").at(pointer).saying(detail);
    assertRefused(post(MODELS + model + "/evaluations?" + query, refusal.body()), refusal);
  }
}
