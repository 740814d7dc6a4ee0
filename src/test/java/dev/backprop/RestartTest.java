package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.storage.Databases;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
            "--spring.datasource.url=" + Databases.postgresqlUrl(),
            "--spring.datasource.username=postgres"));
  }

  private static void restart(List<String> properties) throws Exception {
    String card;
    String dataset;
    String rows;
    HttpResponse<String> prediction;
    try (RunningService service = RunningService.start(properties)) {
      HttpResponse<String> training =
          service.send(
              "POST",
              "/api/v1/trainings",
              "application/json",
              "{\"model\": \"restart\", \"data\": {\"target\": \"species\", %s}, \"training\": {\"epochs\": 20}}"
                  .formatted(Requests.penguinRows()),
              "Prefer",
              "wait=60");
      assertThat(training.body()).contains("\"state\":\"succeeded\"");
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
      assertThat(service.send("DELETE", dataset, "text/plain", "").statusCode()).isEqualTo(204);
      assertThat(service.send("DELETE", "/api/v1/models/restart", "text/plain", "").statusCode())
          .isEqualTo(204);
    }
  }
}
