package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.storage.Databases;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// What was there before a service stopped is there when it starts again.
class RestartTest {

  private static final String PREDICTION =
      "/api/v1/models/restart/predictions?island=Dream&bill_length_mm=48.7&bill_depth_mm=18.4&flipper_length_mm=197&body_mass_g=3800&sex=female&year=2008";

  @Test
  void sqliteForgetsNothing(@TempDir Path directory) throws Exception {
    restart(List.of("--backprop.data-directory=" + directory));
  }

  @Test
  void postgresqlForgetsNothing() throws Exception {
    restart(
        List.of(
            "--spring.datasource.url=" + Databases.emptyPostgresql(),
            "--spring.datasource.username=postgres"));
  }

  private static void restart(List<String> properties) throws Exception {
    String card;
    String dataset;
    String rows;
    HttpResponse<String> prediction;
    try (RunningService service = RunningService.start(properties)) {
      JsonNode training =
          service.trained(
              "{\"model\": \"restart\", \"data\": {\"target\": \"species\", %s}, \"training\": {\"epochs\": 20}}"
                  .formatted(Requests.penguinRows()));
      assertThat(training.path("state").asString()).isEqualTo("succeeded");
      HttpResponse<String> upload =
          service.send(
              "POST", "/api/v1/datasets?name=penguins", "text/csv", Requests.penguinsCsv());
      dataset = upload.headers().firstValue("Location").orElseThrow();
      assertThat(service.get(dataset).body()).isEqualTo(upload.body());
      rows = service.get(dataset + "/rows").body();
      card = service.get("/api/v1/models/restart").body();
      prediction = service.get(PREDICTION);
      assertThat(prediction.statusCode()).as(prediction.body()).isEqualTo(200);
      assertThat(service.get("/actuator/health/readiness").body()).contains("\"UP\"");
    }
    try (RunningService service = RunningService.start(properties)) {
      assertThat(service.get("/api/v1/models/restart").body()).isEqualTo(card);
      HttpResponse<String> again = service.get(PREDICTION);
      assertThat(again.body()).isEqualTo(prediction.body());
      assertThat(again.headers().firstValue("ETag"))
          .isEqualTo(prediction.headers().firstValue("ETag"))
          .isPresent();
      assertThat(service.get(dataset + "/rows").body()).isEqualTo(rows);
      HttpResponse<String> evaluation =
          service.send(
              "POST",
              "/api/v1/models/restart/evaluations",
              "application/json",
              "{\"dataset\": \"%s\"}".formatted(dataset.substring(dataset.lastIndexOf('/') + 1)));
      assertThat(evaluation.body()).contains("\"accuracy\"");
      assertThat(service.delete(dataset).statusCode()).isEqualTo(204);
      assertThat(service.delete("/api/v1/models/restart").statusCode()).isEqualTo(204);
    }
  }

  private static final String RESUMED =
      """
      {"model": "%s", "data": {"target": "species", %s},
       "training": {"epochs": 3000, "earlyStopping": null, "seed": 7}}""";

  @Test
  void sqliteRunsWhatWasAccepted(@TempDir Path directory) throws Exception {
    goOn(List.of("--backprop.data-directory=" + directory));
  }

  @Test
  void postgresqlRunsWhatWasAccepted() throws Exception {
    goOn(
        List.of(
            "--spring.datasource.url=" + Databases.emptyPostgresql(),
            "--spring.datasource.username=postgres"));
  }

  /// A training that runs while the service stops and one that waits behind it end in the next
  /// service as they would have in the first.
  private static void goOn(List<String> properties) throws Exception {
    String body = RESUMED.formatted("resumed", Requests.penguinRows());
    String running;
    String dataset;
    String queued;
    try (RunningService service = RunningService.start(properties)) {
      dataset =
          RunningService.body(
                  service.send(
                      "POST", "/api/v1/datasets?name=p", "text/csv", Requests.penguinsCsv()))
              .path("id")
              .asString();
      running = service.begin(body);
      queued = service.begin(RESUMED.formatted("waiting", "\"dataset\": \"" + dataset + "\""));
      service.awaitEpoch(running);
    }
    try (RunningService service = RunningService.start(properties)) {
      HttpResponse<String> refused = service.delete("/api/v1/datasets/" + dataset);
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
      assertThat(refused.body()).contains("/api/v1/trainings/" + queued);

      JsonNode resumed = succeeded(service, running);
      succeeded(service, queued);
      assertThat(
              service
                  .context()
                  .getBean(MeterRegistry.class)
                  .counter("backprop.training.resumed")
                  .count())
          .isEqualTo(1);
      assertThat(epochs(service)).as("the first went on from its checkpoint").isBetween(3000, 5999);
      JsonNode undisturbed =
          succeeded(
              service, service.begin(RESUMED.formatted("undisturbed", Requests.penguinRows())));
      assertThat(resumed.path("result").path("version").asInt()).isEqualTo(1);
      assertThat(losses(resumed)).hasSize(3000).isEqualTo(losses(undisturbed));
      assertThat(service.get(PREDICTION.replace("restart", "resumed")).body())
          .isEqualTo(
              service
                  .get(PREDICTION.replace("restart", "undisturbed"))
                  .body()
                  .replace("undisturbed", "resumed"));
      for (String model : List.of("resumed", "waiting", "undisturbed")) {
        assertThat(service.delete("/api/v1/models/" + model).statusCode()).isEqualTo(204);
      }
      assertThat(service.delete("/api/v1/datasets/" + dataset).statusCode()).isEqualTo(204);
    }
  }

  @Test
  void whatDoesNotFitASmallerHeapAnyMoreEndsWithBothNumbers(@TempDir Path directory)
      throws Exception {
    String storage = "--backprop.data-directory=" + directory;
    String running;
    String queued;
    long bytes;
    try (RunningService service = RunningService.start(List.of(storage))) {
      running = service.begin(Requests.endless("running"));
      queued = service.begin(Requests.endless("queued"));
      bytes =
          service
              .context()
              .getBean(JdbcClient.class)
              .sql("SELECT max(bytes) FROM trainings")
              .query(Long.class)
              .single();
      service.awaitEpoch(running);
    }
    try (RunningService service =
        RunningService.start(List.of(storage, "--backprop.training.memory-budget=1MB"))) {
      for (String training : List.of(running, queued)) {
        JsonNode now = service.ended(training);
        assertThat(now.path("state").asString()).as(now.toString()).isEqualTo("failed");
        assertThat(now.path("error").path("code").asString()).isEqualTo("exceeds-memory");
        assertThat(now.path("error").path("detail").asString())
            .contains("needs %d bytes".formatted(bytes))
            .contains("more than 1048576 bytes");
      }
    }
  }

  /// Epochs of trainings that have run in a service.
  private static int epochs(RunningService service) {
    return (int)
        service.context().getBean(MeterRegistry.class).counter("backprop.training.epochs").count();
  }

  private static JsonNode succeeded(RunningService service, String training) {
    JsonNode ended = service.ended(training);
    assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("succeeded");
    return ended;
  }

  private static List<Double> losses(JsonNode training) {
    return training.path("history").valueStream().map(e -> e.path("trainLoss").asDouble()).toList();
  }
}
