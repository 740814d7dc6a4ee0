package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.storage.Databases;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Two services over one PostgreSQL database work as one.
class ReplicasTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static RunningService replica() {
    return RunningService.start(
        List.of(
            "--spring.datasource.url=" + Databases.postgresqlUrl(),
            "--spring.datasource.username=postgres"));
  }

  private static String train(RunningService service, String body) throws Exception {
    return JSON.readTree(service.send("POST", "/api/v1/trainings", "application/json", body).body())
        .path("id")
        .asString();
  }

  private static JsonNode get(RunningService service, String id, int wait) throws Exception {
    return JSON.readTree(service.get("/api/v1/trainings/" + id, "Prefer", "wait=" + wait).body());
  }

  @Test
  void whatOneAcceptsEitherRunsShowsAndCancels() throws Exception {
    try (RunningService one = replica();
        RunningService other = replica()) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        ids.add(train(i % 2 == 0 ? one : other, Requests.xor("shared")));
      }
      List<Integer> versions = new ArrayList<>();
      for (String id : ids) {
        JsonNode training = get(other, id, 60);
        assertThat(training.path("state").asString())
            .as(training.toString())
            .isEqualTo("succeeded");
        versions.add(training.path("result").path("version").asInt());
      }
      assertThat(versions).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6);
      assertThat(one.get("/api/v1/trainings?model=shared").body())
          .isEqualTo(other.get("/api/v1/trainings?model=shared").body());

      List<String> endless =
          List.of(train(one, Requests.endless("shared")), train(one, Requests.endless("shared")));
      for (String id : endless) {
        while (get(one, id, 0).path("progress").path("epoch").asInt() == 0
            || get(other, id, 0).path("progress").path("epoch").asInt() == 0) {}
        String answer =
            other.send("POST", "/api/v1/trainings/" + id + "/cancel", "text/plain", "").body();
        assertThat(answer).contains("\"state\":\"running\"");
        assertThat(get(one, id, 10).path("state").asString()).isEqualTo("cancelled");
        assertThat(other.get("/api/v1/trainings/" + id + "/events").body())
            .contains("event: epoch\nid: 1\n")
            .contains("event: end\nid: end\n");
      }
      assertThat(one.send("DELETE", "/api/v1/models/shared", "text/plain", "").statusCode())
          .isEqualTo(204);
    }
  }
}
