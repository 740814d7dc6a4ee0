package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A PostgreSQL server stops and comes back while the service runs.
class DatabaseOutageTest {

  private static final String PREDICTION = "/api/v1/models/outage/predictions?inputs=0,1";
  private static final String READINESS = "/actuator/health/readiness";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static EmbeddedPostgres server(Path directory, int port) throws IOException {
    return EmbeddedPostgres.builder()
        .setPort(port)
        .setDataDirectory(directory.toFile())
        .setCleanDataDirectory(false)
        .start();
  }

  private static void awaitReadiness(RunningService service, int status) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (service.get(READINESS).statusCode() != status) {
      assertThat(System.nanoTime()).as("readiness is not %d in time", status).isLessThan(deadline);
    }
  }

  private static void awaitRunning(RunningService service, String id) throws Exception {
    String state = "queued";
    while (state.equals("queued")) {
      state = JSON.readTree(service.get("/api/v1/trainings/" + id).body()).path("state").asString();
    }
    assertThat(state).isEqualTo("running");
  }

  private static void assertUnavailable(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(answer.body()).contains("\"code\":\"storage-unavailable\"");
    assertThat(answer.headers().firstValue("Retry-After")).contains("5");
  }

  private static JsonNode training(RunningService service, String id) throws Exception {
    return JSON.readTree(service.get("/api/v1/trainings/" + id, "Prefer", "wait=60").body());
  }

  @Test
  void liveModelsAnswerTrainingsWaitAndNothingIsLost(@TempDir Path directory) throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    EmbeddedPostgres server = server(directory, port);
    try (RunningService service =
        RunningService.start(
            List.of(
                "--spring.datasource.url=jdbc:postgresql://localhost:" + port + "/postgres",
                "--spring.datasource.username=postgres",
                "--spring.datasource.hikari.connection-timeout=500"))) {
      JsonNode first =
          training(
              service,
              JSON.readTree(
                      service
                          .send(
                              "POST",
                              "/api/v1/trainings",
                              "application/json",
                              Requests.xor("outage"))
                          .body())
                  .path("id")
                  .asString());
      assertThat(first.path("state").asString()).isEqualTo("succeeded");
      String prediction = service.get(PREDICTION).body();

      String second =
          JSON.readTree(
                  service
                      .send(
                          "POST",
                          "/api/v1/trainings",
                          "application/json",
                          Requests.seconds("outage", 3))
                      .body())
              .path("id")
              .asString();
      awaitRunning(service, second);

      server.close();

      assertThat(service.get(PREDICTION).body()).isEqualTo(prediction);
      assertUnavailable(service.send("POST", "/api/v1/datasets?name=x", "text/csv", "a,b\n1,2\n"));
      assertUnavailable(service.get("/api/v1/models/unknown"));
      awaitReadiness(service, 503);
      assertThat(service.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
      assertUnavailable(
          service.send("POST", "/api/v1/trainings", "application/json", Requests.xor("outage")));
      JsonNode waiting =
          JSON.readTree(service.get("/api/v1/trainings/" + second, "Prefer", "wait=4").body());
      assertThat(waiting.path("state").asString()).isEqualTo("running");
      assertThat(service.get(PREDICTION).body()).isEqualTo(prediction);

      server = server(directory, port);

      JsonNode done = training(service, second);
      assertThat(done.path("state").asString()).as(done.toString()).isEqualTo("succeeded");
      assertThat(done.path("result").path("version").asInt()).isEqualTo(2);
      awaitReadiness(service, 200);
      assertThat(service.get(PREDICTION).body()).contains("\"version\":2");
      assertThat(
              service
                  .send("POST", "/api/v1/datasets?name=x", "text/csv", "a,b\n1,2\n")
                  .statusCode())
          .isEqualTo(201);
    } finally {
      server.close();
    }
  }
}
