package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.caller.Role;
import dev.backprop.platform.storage.Databases;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Callers learn who they are to the service, and the page opens without that.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CallerTest {

  private static final String CALLER = "/api/v1/caller";

  private RunningService service;
  private String admin;

  @BeforeAll
  void start() {
    service =
        RunningService.start(
            List.of("--backprop.data-directory=" + Databases.temporaryDirectory()));
    assertThat(ServiceCalls.body(service.get(CALLER)).path("role").asString()).isEqualTo("admin");
    admin =
        ServiceCalls.body(service.post("/api/v1/keys", "{\"role\": \"admin\"}"))
            .path("key")
            .asString();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aKeyLearnsItsRoleAndLimits(Role role) {
    JsonNode made =
        ServiceCalls.body(
            service.post(
                "/api/v1/keys",
                """
                {"role": "%s", "modelPrefixes": ["a-"], "requestsPerSecond": 7}"""
                    .formatted(role.json()),
                "X-API-Key",
                admin));
    JsonNode caller =
        ServiceCalls.body(service.get(CALLER, "X-API-Key", made.path("key").asString()));

    assertThat(caller.path("id").asString()).isEqualTo(made.path("id").asString());
    assertThat(caller.path("role").asString()).isEqualTo(role.json());
    assertThat(caller.path("modelPrefixes").path(0).asString()).isEqualTo("a-");
    assertThat(caller.path("requestsPerSecond").asInt()).isEqualTo(7);
    assertThat(caller.path("storedBytes").isNull()).isTrue();
  }

  @Test
  void theLinksTellTheRoleThatWhoAsksHas() {
    String key =
        ServiceCalls.body(service.post("/api/v1/keys", "{\"role\": \"train\"}", "X-API-Key", admin))
            .path("key")
            .asString();
    assertThat(ServiceCalls.body(service.get("/api/v1")).path("role").isNull()).isTrue();
    assertThat(ServiceCalls.body(service.get("/api/v1", "X-API-Key", key)).path("role").asString())
        .isEqualTo("train");
  }

  @Test
  void nobodyIsRefused() {
    assertThat(service.get(CALLER).statusCode()).isEqualTo(401);
    assertThat(service.get("/api/v1/status").statusCode()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/page/page.js", "/page/vendor/preact.js", "/page/sample/penguins.csv"})
  void thePageOpensWithoutAKey(String path) {
    assertThat(service.get(path, "Accept", "text/html, */*;q=0.8").statusCode()).isEqualTo(200);
  }
}
