package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.storage.Databases;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Two services over one PostgreSQL database work as one.
class ReplicasTest {

  private static RunningService replica(String database) {
    return RunningService.start(
        List.of("--spring.datasource.url=" + database, "--spring.datasource.username=postgres"));
  }

  @Test
  void whatOneAcceptsEitherRunsShowsAndCancels() throws Exception {
    String database = Databases.emptyPostgresql();
    try (RunningService one = replica(database);
        RunningService other = replica(database)) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        ids.add((i % 2 == 0 ? one : other).begin(Requests.xor("shared")));
      }
      List<Integer> versions = new ArrayList<>();
      for (String id : ids) {
        JsonNode training = other.ended(id);
        assertThat(training.path("state").asString())
            .as(training.toString())
            .isEqualTo("succeeded");
        versions.add(training.path("result").path("version").asInt());
      }
      assertThat(versions).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6);
      assertThat(one.get("/api/v1/trainings?model=shared").body())
          .isEqualTo(other.get("/api/v1/trainings?model=shared").body());

      List<String> endless =
          List.of(one.begin(Requests.endless("shared")), one.begin(Requests.endless("shared")));
      for (String id : endless) {
        one.awaitEpoch(id);
        other.awaitEpoch(id);
        String answer = other.post("/api/v1/trainings/" + id + "/cancel", "").body();
        assertThat(answer).contains("\"state\":\"running\"");
        assertThat(one.ended(id).path("state").asString()).isEqualTo("cancelled");
        assertThat(other.get("/api/v1/trainings/" + id + "/events").body())
            .contains("event: epoch\nid: 1\n")
            .contains("event: end\nid: end\n");
      }
      assertThat(one.delete("/api/v1/models/shared").statusCode()).isEqualTo(204);
    }
  }

  @Test
  void aKeyOfOneIsOneOfTheOther() throws Exception {
    String database = Databases.emptyPostgresql();
    try (RunningService one = replica(database);
        RunningService other = replica(database)) {
      String admin = key(one.post("/api/v1/keys", "{\"role\": \"admin\"}"));
      assertThat(models(other, admin)).isEqualTo(200);

      for (int i = 0; i < 3; i++) {
        JsonNode made =
            RunningService.body(
                other.post("/api/v1/keys", "{\"role\": \"predict\"}", "X-API-Key", admin));
        String key = made.path("key").asString();
        String path = "/api/v1/keys/" + made.path("id").asString();
        assertThat(models(one, key)).isEqualTo(200);

        String rotated = key(one.post(path + "/rotate", "{}", "X-API-Key", admin));
        assertThat(models(other, rotated)).isEqualTo(200);
        assertThat(models(other, key)).isEqualTo(200);

        assertThat(one.delete(path, "X-API-Key", admin).statusCode()).isEqualTo(204);
        long deadline = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        int status = 200;
        while (status == 200 && System.nanoTime() < deadline) {
          status = models(other, rotated);
        }
        assertThat(status).isEqualTo(401);
        assertThat(models(other, key)).isEqualTo(401);
        assertThat(models(one, rotated)).isEqualTo(401);
      }
      assertThat(other.get("/api/v1/models").statusCode()).isEqualTo(401);
    }
  }

  private static String key(HttpResponse<String> answer) {
    return RunningService.body(answer).path("key").asString();
  }

  private static int models(RunningService service, String key) {
    return service.get("/api/v1/models", "Authorization", "Bearer " + key).statusCode();
  }
}
