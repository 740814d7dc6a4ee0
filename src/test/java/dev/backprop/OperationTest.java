package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/// What an operator sees of the service: metrics, health, the log.
@ExtendWith(OutputCaptureExtension.class)
class OperationTest {

  private static RunningService start(Path directory) {
    return RunningService.start(List.of("--backprop.data-directory=" + directory));
  }

  private static String metrics(RunningService service) {
    return service.get("/actuator/prometheus").body();
  }

  @Test
  void metricsAreThereFromTheBeginning(@TempDir Path directory) {
    try (RunningService service = start(directory)) {
      assertThat(metrics(service).lines())
          .contains(
              "backprop_training_queue_capacity 100.0",
              "backprop_processes 1.0",
              "backprop_training_takeovers_total 0.0",
              "backprop_training_resumed_total 0.0",
              "backprop_training_workers_died_total 0.0",
              "backprop_storage_faults_total{kind=\"full\"} 0.0",
              "backprop_storage_faults_total{kind=\"read-only\"} 0.0",
              "backprop_storage_faults_total{kind=\"corrupt\"} 0.0",
              "backprop_storage_faults_total{kind=\"io\"} 0.0",
              "backprop_storage_faults_total{kind=\"unavailable\"} 0.0")
          .anyMatch(line -> line.startsWith("disk_free_bytes{path=\"" + directory + "\"}"))
          .anyMatch(line -> line.startsWith("disk_total_bytes{path=\"" + directory + "\"}"));
    }
  }

  @Test
  void theSeriesOfADeletedModelGo(@TempDir Path directory) {
    try (RunningService service = start(directory)) {
      for (String model : List.of("stays", "goes")) {
        service.succeeded(Requests.xor(model));
        service.get("/api/v1/models/" + model + "/predictions?inputs=0,1");
      }
      assertThat(metrics(service)).contains("model=\"stays\"", "model=\"goes\"");

      assertThat(service.delete("/api/v1/models/goes").statusCode()).isEqualTo(204);

      assertThat(metrics(service)).contains("model=\"stays\"").doesNotContain("model=\"goes\"");
      assertThat(service.get("/api/v1/models/goes/predictions?inputs=0,1").statusCode())
          .isEqualTo(404);
      assertThat(metrics(service)).doesNotContain("model=\"goes\"");
    }
  }

  @Test
  void healthHasTheStorage(@TempDir Path directory) {
    try (RunningService service = start(directory)) {
      JsonNode health = RunningService.body(service.get("/actuator/health"));
      JsonNode storage = health.path("components").path("storage");
      assertThat(storage.path("status").asString()).isEqualTo("UP");
      assertThat(storage.path("details").path("storage").asString()).isEqualTo("sqlite");
      assertThat(
              health.path("components").path("diskSpace").path("details").path("path").asString())
          .isEqualTo(directory.toString());
    }
  }

  @Test
  void infoHasTheWholeCommit(@TempDir Path directory) throws IOException {
    String commit = "0123456789abcdef0123456789abcdef01234567";
    Path git =
        Files.writeString(directory.resolve("git.properties"), "git.commit.id=" + commit + "\n");
    try (RunningService service =
        RunningService.start(
            List.of(
                "--backprop.data-directory=" + directory,
                "--spring.info.git.location=" + git.toUri()))) {
      JsonNode info = RunningService.body(service.get("/actuator/info"));
      assertThat(info.path("git").path("commit").path("id").asString()).isEqualTo(commit);
    }
  }

  @Test
  void theListOfComponentsIsServed(@TempDir Path directory) throws IOException {
    Sbom built = Sbom.read("application.cdx.json");
    try (RunningService service = start(directory)) {
      JsonNode served = RunningService.body(service.get("/actuator/sbom/application"));
      assertThat(served.path("bomFormat").asString()).isEqualTo("CycloneDX");
      assertThat(served.path("components").size()).isEqualTo(built.components().size());
    }
  }

  @Test
  void everyChangeIsALineWithItsIds(@TempDir Path directory, CapturedOutput output) {
    String dataset;
    String trained;
    String cancelled;
    try (RunningService service = start(directory)) {
      HttpResponse<String> upload =
          service.send("POST", "/api/v1/datasets?name=p", "text/csv", Requests.penguinsCsv());
      dataset = RunningService.body(upload).path("id").asString();
      trained = service.succeeded(Requests.xor("mine")).path("id").asString();
      service.succeeded(Requests.xor("mine"));
      service.send("PUT", "/api/v1/models/mine/current", "application/json", "{\"version\": 1}");
      byte[] artifact = service.bytes("/api/v1/models/mine/versions/1/artifact");
      assertThat(
              service
                  .post("/api/v1/models/copy/versions", "application/zip", artifact)
                  .statusCode())
          .isEqualTo(201);
      cancelled = service.begin(Requests.endless("never"));
      service.awaitEpoch(cancelled);
      service.post("/api/v1/trainings/" + cancelled + "/cancel", "");
      service.ended(cancelled);
      service.delete("/api/v1/models/mine/versions/2");
      service.delete("/api/v1/models/copy");
      service.delete("/api/v1/datasets/" + dataset);
    }
    String[] lines = {
      "The schema of the database came from migration 0 to ",
      "outcome=201 socket=127.0.0.1 forwarded=- dataset=" + dataset + " rows=344 bytes=",
      "outcome=202 socket=127.0.0.1 forwarded=- training=" + trained + " model=mine rows=",
      "Training " + trained + " of model mine starts: ",
      "Model mine has a version 1, from training " + trained + ", which is current now",
      "Training " + trained + " of model mine succeeded: ",
      "Model mine has a version 2, from training ",
      "key=- method=PUT route=/api/v1/models/{name}/current outcome=200 ",
      " route=/api/v1/models/{name}/versions outcome=201 socket=127.0.0.1 forwarded=- model=copy version=1 ",
      " route=/api/v1/trainings/{id}/cancel outcome=202 socket=127.0.0.1 forwarded=- training="
          + cancelled,
      "Training " + cancelled + " of model never cancelled: ",
      "method=DELETE route=/api/v1/models/{name}/versions/{version} outcome=204 ",
      "method=DELETE route=/api/v1/models/{name} outcome=204 ",
      "method=DELETE route=/api/v1/datasets/{id} outcome=204 socket=127.0.0.1 forwarded=- dataset="
          + dataset
    };
    for (String line : lines) {
      assertThat(output.getAll().lines().filter(printed -> printed.contains(line)))
          .as(line)
          .hasSize(1);
    }
    assertThat(output.getAll()).doesNotContain("flywaydb", "rows returned", "does not exist");
  }
}
