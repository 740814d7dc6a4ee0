package dev.backprop.service.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Predictions and evaluations of an uploaded data set.
class DatasetPredictionTest extends PredictionServiceTest {

  private String dataset = "";

  @AfterEach
  void deleteDataset() {
    if (!dataset.isEmpty()) {
      delete("/api/v1/datasets/" + dataset);
    }
  }

  private void upload(String csv, String... options) {
    HttpResponse<String> answer =
        send("POST", "/api/v1/datasets?name=rows" + String.join("", options), "text/csv", csv);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    dataset = body(answer).path("id").asString();
  }

  private HttpResponse<String> predict(String model, String... headers) {
    return post(MODELS + model + "/predictions", "{\"dataset\": \"" + dataset + "\"}", headers);
  }

  private HttpResponse<String> evaluate(String model) {
    return post(MODELS + model + "/evaluations", "{\"dataset\": \"" + dataset + "\"}");
  }

  @Test
  void answersADataSetAsItsCsvInEveryForm() {
    String csv = Requests.penguinsCsv();
    upload(csv);

    for (String form : List.of("application/json", "text/csv", "application/x-ndjson")) {
      HttpResponse<String> rows =
          send("POST", MODELS + SPECIES + "/predictions", "text/csv", csv, "Accept", form);
      HttpResponse<String> answer = predict(SPECIES, "Accept", form);

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith(form);
      assertThat(answer.body()).isEqualTo(rows.body());
    }
  }

  /// More rows than a part has, with categories and missing cells.
  @Test
  void answersAndScoresManyPartsAsOneTable() {
    List<String> lines = Requests.penguinsCsv().lines().toList();
    String csv =
        lines.getFirst()
            + "\n"
            + IntStream.range(0, 40_000)
                .mapToObj(i -> lines.get(1 + i % 344))
                .collect(Collectors.joining("\n"))
            + "\n";
    upload(csv);

    HttpResponse<String> answer = predict(SPECIES, "Accept", "text/csv");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    String byRows =
        send("POST", MODELS + SPECIES + "/predictions", "text/csv", csv, "Accept", "text/csv")
            .body();
    assertThat(answer.body().lines()).hasSize(40_001);
    assertThat(answer.body().equals(byRows)).isTrue();
    assertThat(body(evaluate(SPECIES)).path("metrics"))
        .isEqualTo(
            body(send("POST", MODELS + SPECIES + "/evaluations", "text/csv", csv)).path("metrics"));
    assertThat(body(evaluate(MASS)).path("errors").path(0).path("pointer").asString())
        .as("rows without a mass")
        .isEqualTo("");
  }

  @Test
  void scoresAWeightedModelOverParts() {
    String rows =
        IntStream.range(0, 60)
            .mapToObj(i -> "{\"x\": %d, \"y\": %d, \"w\": 1}".formatted(i, i % 3))
            .collect(Collectors.joining(","));
    succeeded(
        """
        {"model": "p-weighted", "data": {"target": "y", "task": "regression", "weight": "w", "rows": [%s]},
         "network": {"layers": []}, "training": {"epochs": 2}}"""
            .formatted(rows));
    // The weights of the whole first part are 0.
    String csv =
        "x,y,w\n"
            + IntStream.range(0, 20_000)
                .mapToObj(i -> "%d,%d,%d\n".formatted(i % 60, i % 3, i < 18_000 ? 0 : 1 + i % 2))
                .collect(Collectors.joining());
    upload(csv);

    HttpResponse<String> answer = evaluate("p-weighted");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(body(answer).path("metrics"))
        .isEqualTo(
            body(send("POST", MODELS + "p-weighted/evaluations", "text/csv", csv)).path("metrics"));
    dataset = "";
  }

  @Test
  void tellsFaultsOfLaterPartsBeforeTheFirstAnswer() {
    upload(
        "queue,late\n"
            + IntStream.range(0, 30_000)
                .mapToObj(i -> i == 20_001 ? ",1\n" : i % 10 + ",1\n")
                .collect(Collectors.joining()));

    HttpResponse<String> answer = predict(TWO, "Accept", "text/csv");

    assertProblem(answer, 422, "invalid-data", "/dataset");
    assertThat(body(answer).path("detail").asString())
        .contains("column 'queue', row 20001: must have a value");
  }

  /// Cells mean what they mean in other rows.
  @Test
  void readsCellsAsTheModelDoes() {
    upload("t,rain\nNA,1\n3,4\n");
    assertProblem(predict(LABELS), 422, "invalid-data", "/dataset");

    delete("/api/v1/datasets/" + dataset);
    upload("queue,late\nx9,1\n8,0\n", "&categorical=queue");
    HttpResponse<String> text = predict(TWO);
    assertProblem(text, 422, "invalid-data", "/dataset");
    assertThat(body(text).path("detail").asString()).contains("'x9'");

    delete("/api/v1/datasets/" + dataset);
    upload("queue\n9\n08\n", "&categorical=queue");
    JsonNode predictions = body(predict(TWO)).path("predictions");
    assertThat(predictions).hasSize(2);
    assertThat(predictions.path(1))
        .isEqualTo(
            body(post(MODELS + TWO + "/predictions", "{\"rows\": [{\"queue\": 8}]}"))
                .path("predictions")
                .path(0));
  }

  @Test
  void warnsOfCellsThatTheModelWasNotTrainedFor() {
    upload("queue\n3\n99\n");

    JsonNode predictions = body(predict(TWO)).path("predictions");

    assertThat(predictions.path(0).has("warnings")).isFalse();
    assertThat(predictions.path(1).path("warnings").path(0).asString())
        .isEqualTo("queue: 99 is outside the training range 0 to 9");
  }

  @Test
  void takesADataSetByItsName() {
    String csv = "queue,late\n9,1\n0,0\n8,1\n1,0\n";
    List<String> ids = new ArrayList<>();
    for (String name : List.of("p%20once", "p%20twice", "p%20twice")) {
      ids.add(
          body(send("POST", "/api/v1/datasets?name=" + name, "text/csv", csv))
              .path("id")
              .asString());
    }
    String once = "{\"dataset\": \"p once\"}";
    String twice = "{\"dataset\": \"p twice\"}";
    String training =
        """
        {"model": "p-named", "data": {"target": "late", "dataset": "%s"}, "validation": {"dataset": "%s"},
         "network": {"layers": []}, "training": {"epochs": 1}}""";

    assertThat(body(post(MODELS + TWO + "/predictions", once)).path("predictions")).hasSize(4);
    assertThat(body(post(MODELS + TWO + "/evaluations", once)).at("/metrics/rows").asInt())
        .isEqualTo(4);
    assertThat(succeeded(training.formatted("p once", "p once")).path("dataset").asString())
        .isEqualTo(ids.getFirst());

    for (HttpResponse<String> ambiguous :
        List.of(
            post(MODELS + TWO + "/predictions", twice),
            post(MODELS + TWO + "/evaluations", twice),
            train(training.formatted("p twice", "p once")),
            train(training.formatted("p once", "p twice")))) {
      assertProblem(ambiguous, 409, "ambiguous-name");
      assertThat(body(ambiguous).path("ids").valueStream().map(JsonNode::asString))
          .containsExactly(ids.get(2), ids.get(1));
      assertThat(body(ambiguous).path("detail").asString())
          .contains("'p twice'", ids.get(2) + ", " + ids.get(1));
    }
    assertProblem(
        train(training.formatted("p thrice", "p once")), 422, "invalid-spec", "/data/dataset");
    assertProblem(
        train(training.formatted("p once", "p thrice")),
        422,
        "invalid-spec",
        "/validation/dataset");
    assertProblem(get("/api/v1/datasets/p%20once"), 404, "not-found");
    ids.forEach(id -> assertThat(delete("/api/v1/datasets/" + id).statusCode()).isEqualTo(204));
  }

  @Test
  void holdsTheDataSetWhileItIsAnswered() throws IOException {
    upload(
        "queue\n"
            + IntStream.range(0, 400_000)
                .mapToObj(i -> i % 10 + "\n")
                .collect(Collectors.joining()));
    String path = "/api/v1/datasets/" + dataset;

    HttpResponse<InputStream> answer =
        send(
            request(MODELS + TWO + "/predictions")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"dataset\": \"" + dataset + "\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofInputStream());

    assertThat(answer.statusCode()).isEqualTo(200);
    HttpResponse<String> refused = delete(path);
    assertProblem(refused, 409, "in-use");
    assertThat(body(refused).path("detail").asString()).contains("is needed by prediction ");
    try (InputStream body = answer.body()) {
      assertThat(JSON.readTree(body).path("predictions")).hasSize(400_000);
    }
    // The hold ends a moment after the last byte.
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    int status = delete(path).statusCode();
    while (status == 409 && System.nanoTime() < deadline) {
      status = delete(path).statusCode();
    }
    assertThat(status).isEqualTo(204);
    dataset = "";
  }
}
