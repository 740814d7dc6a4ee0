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

/// A PostgreSQL server stops and comes back while the service runs.
class DatabaseOutageTest {

  private static final String PREDICTION = "/api/v1/models/outage/predictions?inputs=0,1";
  private static final String READINESS = "/actuator/health/readiness";

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

  private static void assertUnavailable(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(answer.body()).contains("\"code\":\"storage-unavailable\"");
    assertThat(answer.headers().firstValue("Retry-After")).contains("5");
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
      assertThat(service.trained(Requests.xor("outage")).path("state").asString())
          .isEqualTo("succeeded");
      String prediction = service.get(PREDICTION).body();

      String second = service.begin(Requests.seconds("outage", 3));
      service.awaitEpoch(second);

      server.close();

      assertThat(service.get(PREDICTION).body()).isEqualTo(prediction);
      assertUnavailable(service.send("POST", "/api/v1/datasets?name=x", "text/csv", "a,b\n1,2\n"));
      assertUnavailable(service.get("/api/v1/models/unknown"));
      awaitReadiness(service, 503);
      assertThat(service.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
      assertUnavailable(service.train(Requests.xor("outage")));
      JsonNode waiting =
          RunningService.body(service.get("/api/v1/trainings/" + second, "Prefer", "wait=4"));
      assertThat(waiting.path("state").asString()).isEqualTo("running");
      assertThat(service.get(PREDICTION).body()).isEqualTo(prediction);

      server = server(directory, port);

      JsonNode done = service.ended(second);
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
