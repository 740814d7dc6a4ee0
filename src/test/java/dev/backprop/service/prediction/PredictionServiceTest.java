package dev.backprop.service.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import dev.backprop.ServiceTest;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// The service with a model of every kind, trained once for all classes that predict.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PredictionServiceTest extends ServiceTest {

  static final String MODELS = "/api/v1/models/";

  /// Columns and three classes.
  static final String SPECIES = "p-species";

  /// One number.
  static final String MASS = "p-mass";

  /// Several numbers.
  static final String BILL = "p-bill";

  /// Several labels.
  static final String LABELS = "p-labels";

  /// Two classes, of numbers.
  static final String TWO = "p-two";

  /// Bare numbers.
  static final String XOR = "p-xor";

  @BeforeAll
  void trainEveryKind() {
    if (get(MODELS + XOR).statusCode() == 200) {
      return;
    }
    penguins(SPECIES, "\"species\"", "\"columns\": {\"year\": {\"type\": \"ignore\"}},");
    penguins(MASS, "\"body_mass_g\"", "");
    penguins(BILL, "[\"bill_length_mm\", \"bill_depth_mm\"]", "");
    columns(LABELS, "[\"hot\", \"wet\"]", labelRows());
    columns(TWO, "\"late\"", twoRows());
    assertSucceeded(trained(Requests.xor(XOR)));
  }

  private void penguins(String model, String target, String options) {
    assertSucceeded(
        trained(
            """
            {"model": "%s", "data": {"target": %s, %s %s},
             "network": {"layers": [{"type": "dense", "units": 16}]},
             "training": {"epochs": 40}}"""
                .formatted(model, target, options, Requests.penguinRows())));
  }

  private void columns(String model, String target, String rows) {
    assertSucceeded(
        trained(
            """
            {"model": "%s", "data": {"target": %s, "rows": [%s]},
             "network": {"layers": [{"type": "dense", "units": 8}]},
             "training": {"epochs": 60, "optimizer": {"type": "adam", "learningRate": 0.02}}}"""
                .formatted(model, target, rows)));
  }

  private static void assertSucceeded(JsonNode training) {
    assertThat(training.path("state").asString()).as(training.toString()).isEqualTo("succeeded");
  }

  private static String labelRows() {
    return IntStream.range(0, 120)
        .mapToObj(
            i ->
                "{\"t\": %d, \"rain\": %d, \"hot\": %b, \"wet\": %b}"
                    .formatted(i % 40, i * 7 % 20, i % 40 > 20, i * 7 % 20 > 8))
        .collect(Collectors.joining(","));
  }

  private static String twoRows() {
    return IntStream.range(0, 80)
        .mapToObj(i -> "{\"queue\": %d, \"late\": %d}".formatted(i % 10, i % 10 > 4 ? 1 : 0))
        .collect(Collectors.joining(","));
  }
}
