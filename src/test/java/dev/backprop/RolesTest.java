package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.caller.Role;
import dev.backprop.platform.http.RawConnection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Walks every operation of the API's description with every kind of caller.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RolesTest {

  private static final Set<String> OPEN = Set.of("get /api/v1");

  @TempDir private static Path directory;

  private RunningService service;
  private String admin = "";
  private String dataset = "";
  private String training = "";
  private String keyId = "";
  private JsonNode api = ServiceCalls.JSON.createObjectNode();
  private List<Operation> operations = List.of();

  /// @param role that it needs; null if it needs none
  private record Operation(String method, String path, JsonNode said, @Nullable Role role) {

    boolean changes() {
      return !method.equals("get");
    }

    boolean isOfAModel() {
      return path.contains("{name}") || path.startsWith("/api/v1/trainings/{id}");
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  @BeforeAll
  void start() {
    service =
        RunningService.start(List.of("--backprop.data-directory=" + directory.resolve("data")));
    admin =
        ServiceCalls.body(service.post("/api/v1/keys", "{\"role\": \"admin\"}"))
            .path("key")
            .asString();
    dataset =
        ServiceCalls.body(
                service.send(
                    "POST",
                    "/api/v1/datasets?name=walked",
                    "text/csv",
                    "a,b\n1,2\n3,4\n",
                    key(admin)))
            .path("id")
            .asString();
    HttpResponse<String> trained =
        service.post(
            "/api/v1/trainings", Requests.xor("walked"), "X-API-Key", admin, "Prefer", "wait=60");
    training = ServiceCalls.body(trained).path("id").asString();
    keyId = admin.substring(3, 11);
    api = ServiceCalls.body(service.get("/v3/api-docs"));
    List<Operation> found = new ArrayList<>();
    api.path("paths")
        .forEachEntry(
            (path, item) ->
                item.forEachEntry(
                    (method, said) -> found.add(new Operation(method, path, said, role(said)))));
    operations = List.copyOf(found);
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private static String[] key(String key) {
    return new String[] {"X-API-Key", key};
  }

  private static @Nullable Role role(JsonNode operation) {
    JsonNode security = operation.path("security");
    if (security.isEmpty()) {
      return null;
    }
    return Role.ofJson(security.path(0).path("apiKey").path(0).asString()).orElseThrow();
  }

  private String made(String json) {
    HttpResponse<String> made = service.post("/api/v1/keys", json, key(admin));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return ServiceCalls.body(made).path("key").asString();
  }

  /// Sends what the description has as an example, if anything.
  ///
  /// @param real whether the things of the path are those that there are
  private HttpResponse<String> send(
      Operation operation, boolean real, String @Nullable [] headers) {
    String id =
        operation.path().startsWith("/api/v1/trainings")
            ? training
            : operation.path().startsWith("/api/v1/datasets") ? dataset : keyId;
    String path =
        operation
            .path()
            .replace("{name}", real ? "walked" : "nobody")
            .replace("{version}", "1")
            .replace("{id}", real ? id : UUID.randomUUID().toString());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + service.port() + path));
    if (headers != null) {
      request.headers(headers);
    }
    JsonNode said = operation.said().path("requestBody");
    JsonNode content =
        (said.has("$ref") ? api.at(said.path("$ref").asString().substring(1)) : said)
            .path("content");
    String type = content.isEmpty() ? null : content.propertyNames().iterator().next();
    String body = "";
    if (type != null) {
      request.header("Content-Type", type);
      JsonNode media = content.path(type);
      JsonNode example =
          media
              .path("examples")
              .valueStream()
              .findFirst()
              .map(first -> first.path("value"))
              .orElse(media.path("example"));
      body = example.isString() ? example.asString() : example.toString();
    }
    return service.send(
        request
            .method(operation.method().toUpperCase(Locale.ROOT), BodyPublishers.ofString(body))
            .build());
  }

  @Test
  void everyOperationSaysItsRole() {
    assertThat(operations).hasSizeGreaterThan(30);
    for (Operation operation : operations) {
      assertThat(operation.role() == null)
          .as(operation.toString())
          .isEqualTo(OPEN.contains(operation.toString()));
    }
  }

  @Test
  void nobodyIsAnsweredWithoutAValidKey() {
    String revoked = made("{\"role\": \"admin\"}");
    assertThat(
            service
                .send(
                    "DELETE",
                    "/api/v1/keys/" + revoked.substring(3, 11),
                    "application/json",
                    "",
                    key(admin))
                .statusCode())
        .isEqualTo(204);
    String expired =
        made(
            "{\"role\": \"admin\", \"expiresAt\": \"%s\"}"
                .formatted(Instant.now().plusMillis(500)));
    while (service.get("/api/v1/models", key(expired)).statusCode() == 200) {
      Thread.onSpinWait();
    }
    String check = admin.substring(0, admin.length() - 1) + (admin.endsWith("0") ? "1" : "0");
    Map<String, String> callers = Map.of(revoked, "revoked", expired, "expired", check, "mistyped");
    for (Operation operation : operations) {
      if (operation.role() != null) {
        ServiceCalls.assertProblem(send(operation, true, null), 401, "unauthorized");
      }
      callers.forEach(
          (key, why) -> {
            HttpResponse<String> answer = send(operation, true, key(key));
            ServiceCalls.assertProblem(answer, 401, "unauthorized");
            assertThat(answer.body()).as(operation.toString()).contains(why);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
          });
    }
    assertThat(service.get("/api/v1/models/walked/versions/1", key(admin)).statusCode())
        .isEqualTo(200);
  }

  @Test
  void aRoleIsAnsweredWhatItMayAndNothingElse() {
    for (Role role : Role.values()) {
      String key = made("{\"role\": \"%s\"}".formatted(role.json()));
      for (Operation operation : operations) {
        boolean allowed = operation.role() == null || role.covers(operation.role());
        // What is allowed and changes something is tried on things that are not there.
        HttpResponse<String> answer = send(operation, !(allowed && operation.changes()), key(key));
        if (allowed) {
          assertThat(answer.statusCode())
              .as("%s by %s: %s", operation, role, answer.body())
              .isNotIn(401, 403)
              .isLessThan(500);
        } else {
          ServiceCalls.assertProblem(answer, 403, "forbidden");
          assertThat(answer.body())
              .contains(Objects.requireNonNull(operation.role()).json())
              .contains(role.json());
        }
      }
    }
  }

  @Test
  void aKeyForOtherModelsSeesNoneOfThese() {
    String foreign = made("{\"role\": \"admin\", \"modelPrefixes\": [\"foreign-\"]}");
    for (Operation operation : operations) {
      HttpResponse<String> answer = send(operation, true, key(foreign));
      if (operation.path().equals("/api/v1/models/{name}/versions") && operation.changes()) {
        ServiceCalls.assertProblem(answer, 403, "forbidden");
      } else if (operation.isOfAModel()) {
        ServiceCalls.assertProblem(answer, 404, "not-found");
      } else {
        assertThat(answer.statusCode()).as("%s: %s", operation, answer.body()).isNotEqualTo(401);
        assertThat(answer.body()).as(operation.toString()).doesNotContain("\"model\":\"walked\"");
      }
    }
    ServiceCalls.assertProblem(
        service.post("/api/v1/trainings", Requests.xor("walked"), key(foreign)), 403, "forbidden");
    for (String list : List.of("models", "trainings", "trainings?model=walked")) {
      assertThat(
              ServiceCalls.body(service.get("/api/v1/" + list, key(foreign)))
                  .path("items")
                  .isEmpty())
          .as(list)
          .isTrue();
    }
    assertThat(service.get("/api/v1/models/walked/versions/1", key(admin)).statusCode())
        .isEqualTo(200);
  }

  @Test
  void theActuatorIsForAdmins() {
    for (String path :
        List.of("", "/info", "/metrics", "/prometheus", "/sbom", "/health/storage", "/nothing")) {
      for (Role role : Role.values()) {
        String key = made("{\"role\": \"%s\"}".formatted(role.json()));
        HttpResponse<String> answer = service.get("/actuator" + path, key(key));
        if (role == Role.ADMIN) {
          assertThat(answer.statusCode()).as(path).isIn(200, 404);
        } else {
          ServiceCalls.assertProblem(answer, 403, "forbidden");
        }
      }
      ServiceCalls.assertProblem(service.get("/actuator" + path), 401, "unauthorized");
    }
  }

  @Test
  void whoHasAKeyMayNameTheServiceAsItLikes() throws IOException {
    for (String header : List.of("X-API-Key: " + admin + "\r\n", "")) {
      try (RawConnection connection = new RawConnection(service.port(), ServiceCalls.PATIENCE)) {
        connection.send(
            "GET /api/v1/models HTTP/1.1\r\nHost: attacker.example\r\n%s\r\n".formatted(header));
        assertThat(connection.answer().status()).isEqualTo(header.isEmpty() ? 403 : 200);
      }
    }
  }

  @Test
  void aKeyComesInThreeWays() {
    String basic =
        Base64.getEncoder().encodeToString((keyId + ":" + admin).getBytes(StandardCharsets.UTF_8));
    for (String[] way :
        List.of(
            key(admin),
            new String[] {"Authorization", "Bearer " + admin},
            new String[] {"Authorization", "bearer " + admin},
            new String[] {"Authorization", "Basic " + basic})) {
      assertThat(service.get("/api/v1/trainings", way).statusCode()).as(way[1]).isEqualTo(200);
    }
    for (String query : List.of("key=", "api_key=", "access_token=", "X-API-Key=")) {
      ServiceCalls.assertProblem(
          service.get("/api/v1/trainings?" + query + admin), 401, "unauthorized");
    }
  }
}
