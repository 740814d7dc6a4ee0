package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.ServiceTest;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Trainings that make data of their own of what they were given: nobody sees these, and they go
/// when the training ends.
class OwnDataTest extends ServiceTest {

  private static final String TRAINING = "\"training\": {\"epochs\": 5, \"seed\": 7}";

  private String upload(String name, int rows) {
    String csv =
        IntStream.range(0, rows)
            .mapToObj(i -> "%d,%s".formatted(i % 4, 10 * (i % 4) + i % 3 / 10.0))
            .collect(Collectors.joining("\n", "x,y\n", "\n"));
    return body(send("POST", "/api/v1/datasets?name=" + name, "text/csv", csv))
        .path("id")
        .asString();
  }

  private List<String> listed() {
    return body(get("/api/v1/datasets?limit=100")).path("items").findValuesAsString("id");
  }

  /// @return what each epoch has come to, without the time it took
  private static List<String> history(JsonNode training) {
    assertThat(training.path("history")).isNotEmpty();
    return StreamSupport.stream(training.path("history").spliterator(), false)
        .map(epoch -> epoch.deepCopy().asObject().without("seconds").toString())
        .toList();
  }

  @Test
  void aRetypedDataSetLeavesNothingBehind() {
    String data = upload("own-rows", 60);
    String validation = upload("own-validation", 12);
    List<String> before = listed();
    assertThat(before).contains(data, validation);
    String request =
        """
        {"model": "own-retyped", "validation": {"dataset": "%s"}, %s,
         "data": {"dataset": "%s", "target": "y", "columns": {"x": {"type": "categorical"}}}}"""
            .formatted(validation, TRAINING, data);

    JsonNode first = succeeded(request);
    assertThat(listed()).isEqualTo(before);
    JsonNode again = succeeded(request);

    assertThat(listed()).isEqualTo(before);
    assertThat(first.path("rows").toString())
        .isEqualTo("{\"training\":60,\"validation\":12,\"test\":0}");
    assertThat(get("/api/v1/models/own-retyped/predictions?x=4").statusCode()).isEqualTo(200);
    assertThat(history(again)).isEqualTo(history(first));
    assertThat(delete("/api/v1/datasets/" + data).statusCode()).isEqualTo(204);
    assertThat(delete("/api/v1/datasets/" + validation).statusCode()).isEqualTo(204);
    assertThat(listed()).doesNotContain(data, validation);
  }

  @Test
  void bareNumbersWithWeightsLeaveNothingBehind() {
    List<String> before = listed();
    String request =
        """
        {"model": "own-bare", %s, "data": {"inputs": [[0, 1], [1, 0], [1, 1], [0, 0], [2, 1]],
         "targets": [[1], [1], [0], [0], [3]], "weights": [1, 2, 3, 1, 0.5]}}"""
            .formatted(TRAINING);

    JsonNode first = succeeded(request);
    assertThat(listed()).isEqualTo(before);
    JsonNode again = succeeded(request);

    assertThat(listed()).isEqualTo(before);
    assertThat(history(again)).isEqualTo(history(first));
  }
}
