package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Every preset trains as few rows as can be trained at all, or says what to do.
class TinyTablesTest extends ServiceTest {

  private static final List<String> PRESETS = List.of("plain", "fast", "default", "best");

  /// Of two classes, if there are two rows.
  private static String request(String preset, String target, int rows) {
    return """
    {"model": "tiny", "preset": "%s", "training": {"maxSeconds": 1},
     "data": {"target": "%s", "columns": {"%s": {"type": "ignore"}}, "rows": [%s]}}"""
        .formatted(
            preset,
            target,
            target.equals("price") ? "kind" : "price",
            IntStream.range(0, rows)
                .mapToObj(
                    i ->
                        "{\"x\": %s, \"price\": %s, \"kind\": \"%s\"}"
                            .formatted(i * 1.5, i * 2.25 + 1.5, i % 2 == 0 ? "a" : "b"))
                .collect(Collectors.joining(",")));
  }

  private HttpResponse<String> train(String preset, String target, int rows) {
    return send(
        request("/api/v1/trainings")
            .header("Content-Type", "application/json")
            .header("Prefer", "wait=60")
            .POST(HttpRequest.BodyPublishers.ofString(request(preset, target, rows)))
            .build());
  }

  @Test
  void oneRowIsTooFewForAll() {
    for (String preset : PRESETS) {
      for (String target : List.of("price", "kind")) {
        assertRefused(
            train(preset, target, 1),
            Refusal.of("", 422, "invalid-data")
                .at("/data/rows")
                .saying("must have at least 2 rows, had 1"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void fewRowsAreTrainedByAll(int rows) {
    for (String preset : PRESETS) {
      for (String target : List.of("price", "kind")) {
        if (preset.equals("fast") && target.equals("kind") && rows == 2) {
          continue;
        }
        HttpResponse<String> answer = train(preset, target, rows);
        JsonNode training = body(answer);
        assertThat(training.path("state").asString())
            .as(preset + " " + target + ": " + answer.body())
            .isEqualTo("succeeded");
        boolean holdsOut = preset.equals("fast");
        assertThat(training.at("/rows/validation").asInt()).isEqualTo(holdsOut ? 1 : 0);
        assertThat(training.at("/spec/training/bagging/folds").asInt(0))
            .isEqualTo(holdsOut || preset.equals("plain") ? 0 : rows);
      }
    }
  }

  @Test
  void whatCannotHoldRowsOutSaysWhatCanTrainThem() {
    assertRefused(
        train("fast", "kind", 2),
        Refusal.of("", 422, "invalid-spec")
            .at("/preset")
            .saying(
                "must be plain, which trains on all rows: the preset fast holds rows out, and can hold out 0 of 2, since a row of every class has to train"));
  }
}
