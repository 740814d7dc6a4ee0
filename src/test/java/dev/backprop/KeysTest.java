package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.platform.storage.Databases;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/// Keys over HTTP: how they are made, used, rotated and revoked.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class KeysTest {

  private static final String KEYS = "/api/v1/keys";

  private final Path directory = Databases.temporaryDirectory();
  private RunningService service;
  private String admin;

  @BeforeAll
  void start() {
    service = RunningService.start(List.of("--backprop.data-directory=" + directory));
    // Without a key, which a request of this machine needs not for the first one.
    HttpResponse<String> first = service.post(KEYS, "{\"role\": \"admin\", \"name\": \"first\"}");
    assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
    admin = ServiceCalls.body(first).path("key").asString();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private HttpResponse<String> make(String json) {
    return service.post(KEYS, json, "X-API-Key", admin);
  }

  private JsonNode made(String json) {
    HttpResponse<String> answer = make(json);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return ServiceCalls.body(answer);
  }

  private JsonNode get(String id) {
    return ServiceCalls.body(service.get(KEYS + "/" + id, "X-API-Key", admin));
  }

  private HttpResponse<String> withKey(String key) {
    return service.get("/api/v1/models", "X-API-Key", key);
  }

  private static String text(JsonNode key) {
    return key.path("key").asString();
  }

  private static String id(JsonNode key) {
    return key.path("id").asString();
  }

  @Test
  void afterTheFirstARequestWithoutOneIsRefused() {
    ServiceCalls.assertProblem(service.get("/api/v1/models"), 401, "unauthorized");
    ServiceCalls.assertProblem(service.post(KEYS, "{\"role\": \"admin\"}"), 401, "unauthorized");
    assertThat(withKey(admin).statusCode()).isEqualTo(200);
    assertThat(get(admin.substring(3, 11)).path("createdBy").isNull()).isTrue();
  }

  @Test
  void aKeyIsAnsweredWithItsSecretOnce() {
    HttpResponse<String> answer =
        make(
            """
            {"name": "Zoë's board", "role": "predict", "modelPrefixes": ["penguins", "p-"],
             "expiresAt": "2999-01-01T00:00:00+01:00", "requestsPerSecond": 50,
             "concurrentTrainings": 2, "storedBytes": 0}""");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    JsonNode key = ServiceCalls.body(answer);
    assertThat(answer.headers().firstValue("Location")).hasValue(KEYS + "/" + id(key));
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(text(key)).matches("bp_" + id(key) + "_[0-9A-Za-z]{38}");
    assertThat(key.path("name").asString()).isEqualTo("Zoë's board");
    assertThat(key.path("role").asString()).isEqualTo("predict");
    assertThat(key.path("modelPrefixes").toString()).isEqualTo("[\"penguins\",\"p-\"]");
    assertThat(key.path("expiresAt").asString()).isEqualTo("2998-12-31T23:00:00Z");
    assertThat(key.path("requestsPerSecond").asInt()).isEqualTo(50);
    assertThat(key.path("concurrentTrainings").asInt()).isEqualTo(2);
    assertThat(key.path("storedBytes").asInt(-1)).isZero();
    assertThat(key.path("createdBy").asString()).isEqualTo(admin.substring(3, 11));
    assertThat(key.at("/links/self").asString()).isEqualTo(KEYS + "/" + id(key));
    for (String none : List.of("lastUsedAt", "revokedAt", "previousValidUntil")) {
      assertThat(key.path(none).isNull()).as(none).isTrue();
    }

    JsonNode shown = get(id(key));
    assertThat(shown.has("key")).isFalse();
    assertThat(shown.properties())
        .allMatch(field -> key.path(field.getKey()).equals(field.getValue()));
    assertThat(shown.toString()).doesNotContain("hash");
  }

  @Test
  void anyOfThreeHeadersHasIt() {
    String key = text(made("{\"role\": \"predict\"}"));
    String pair = key.substring(3, 11) + ":" + key;
    String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));

    for (String[] header :
        new String[][] {
          {"Authorization", "Bearer " + key},
          {"X-API-Key", key},
          {"Authorization", "Basic " + basic}
        }) {
      assertThat(service.get("/api/v1/models", header).statusCode()).isEqualTo(200);
      ServiceCalls.assertProblem(service.get(KEYS, header), 403, "forbidden");
    }
    assertThat(get(key.substring(3, 11)).path("lastUsedAt").asString()).startsWith("2");
    ServiceCalls.assertProblem(
        service.get("/api/v1/models?key=" + key, "X-API-Key", admin), 400, "unknown-parameter");
    ServiceCalls.assertProblem(
        service.get("/api/v1/models", "X-API-Key", key, "Authorization", "Bearer " + key),
        400,
        "invalid-parameter");
  }

  @Test
  void areListedNewestFirstWithRevokedOnes() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      made.addFirst(id(made("{\"role\": \"predict\"}")));
    }
    assertThat(service.delete(KEYS + "/" + made.getFirst(), "X-API-Key", admin).statusCode())
        .isEqualTo(204);

    HttpResponse<String> page = service.get(KEYS + "?limit=2", "X-API-Key", admin);
    JsonNode first = ServiceCalls.body(page);
    assertThat(first.path("items").valueStream().map(KeysTest::id))
        .containsExactlyElementsOf(made.subList(0, 2));
    assertThat(first.at("/items/0/revokedAt").isNull()).isFalse();
    assertThat(page.headers().firstValue("Link").orElse("")).contains("rel=\"next\"");
    JsonNode second =
        ServiceCalls.body(
            service.get(
                KEYS + "?limit=500&cursor=" + first.path("nextCursor").asString(),
                "X-API-Key",
                admin));
    assertThat(second.path("items").valueStream().map(KeysTest::id))
        .startsWith(made.getLast())
        .endsWith(admin.substring(3, 11));
    assertThat(page.body()).doesNotContain("bp_");
  }

  @Test
  void aRevokedOneIsRefusedAndSoIsRotatingIt() {
    JsonNode key = made("{\"role\": \"train\"}");
    assertThat(withKey(text(key)).statusCode()).isEqualTo(200);

    for (int i = 0; i < 2; i++) {
      assertThat(service.delete(KEYS + "/" + id(key), "X-API-Key", admin).statusCode())
          .isEqualTo(204);
    }

    HttpResponse<String> refused = withKey(text(key));
    ServiceCalls.assertProblem(refused, 401, "unauthorized");
    assertThat(ServiceCalls.body(refused).path("detail").asString())
        .isEqualTo(
            "the key %s was revoked at %s"
                .formatted(id(key), get(id(key)).path("revokedAt").asString()));
    ServiceCalls.assertProblem(rotate(id(key), ""), 409, "conflict");
    for (HttpResponse<String> none :
        List.of(
            service.delete(KEYS + "/none0000", "X-API-Key", admin),
            service.get(KEYS + "/none0000", "X-API-Key", admin),
            rotate("none0000", ""))) {
      ServiceCalls.assertProblem(none, 404, "not-found");
    }
  }

  private HttpResponse<String> rotate(String id, String json) {
    String path = KEYS + "/" + id + "/rotate";
    return json.isEmpty()
        ? service.send(
            service
                .request(path, "X-API-Key", admin)
                .POST(java.net.http.HttpRequest.BodyPublishers.noBody())
                .build())
        : service.post(path, json, "X-API-Key", admin);
  }

  @Test
  void rotatingAnswersWithAnotherSecret() {
    JsonNode first = made("{\"role\": \"predict\", \"name\": \"turns\"}");
    HttpResponse<String> answer = rotate(id(first), "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    JsonNode second = ServiceCalls.body(answer);
    assertThat(second.path("name").asString()).isEqualTo("turns");
    assertThat(Duration.between(Instant.now(), until(second)))
        .isBetween(Duration.ofHours(23), Duration.ofHours(24));
    assertThat(withKey(text(first)).statusCode()).isEqualTo(200);
    assertThat(withKey(text(second)).statusCode()).isEqualTo(200);

    JsonNode third = ServiceCalls.body(rotate(id(first), "{\"validFor\": \"PT0S\"}"));
    assertThat(until(third)).isBefore(Instant.now());
    assertThat(withKey(text(first)).statusCode()).isEqualTo(401);
    assertThat(withKey(text(second)).statusCode()).isEqualTo(401);
    assertThat(withKey(text(third)).statusCode()).isEqualTo(200);
    assertThat(get(id(first)).path("previousValidUntil"))
        .isEqualTo(third.path("previousValidUntil"));
  }

  private static Instant until(JsonNode key) {
    return Instant.parse(key.path("previousValidUntil").asString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|400|wrong-type|/role|is required",
        "{`role`: null}|400|wrong-type|/role|is required",
        "{`role`: `emperor`}|422|invalid-spec|/role|must be predict, train or admin, was 'emperor'",
        "{`role`: 1}|400|wrong-type|/role|must be a string, was 1",
        "{`role`: `train`, `nam`: ``}|400|unknown-field|/nam|did you mean name?",
        "{`role`: `train`, `name`: ` `}|422|invalid-spec|/name|must have 1 to 100 characters",
        "{`role`: `train`, `name`: `a\\u0007`}|422|invalid-spec|/name|can be printed",
        "{`role`: `train`, `name`: `a\\u202eb`}|422|invalid-spec|/name|can be printed",
        "{`role`: `train`, `modelPrefixes`: [`a`, `B`]}|422|invalid-spec|/modelPrefixes/1|was 'B'",
        "{`role`: `train`, `modelPrefixes`: [null]}|400|wrong-type|/modelPrefixes/0|was null",
        "{`role`: `train`, `modelPrefixes`: `a`}|400|wrong-type|/modelPrefixes|must be an array",
        "{`role`: `train`, `expiresAt`: `soon`}|422|invalid-spec|/expiresAt|was 'soon'",
        "{`role`: `train`, `expiresAt`: `2020-01-01T00:00:00Z`}|422|invalid-spec|/expiresAt|must be after now",
        "{`role`: `train`, `expiresAt`: `+99999-01-01T00:00:00Z`}|422|invalid-spec|/expiresAt|not after 9999",
        "{`role`: `train`, `expiresAt`: 99999999999}|400|wrong-type|/expiresAt|must be a string",
        "{`role`: `train`, `requestsPerSecond`: 0}|422|invalid-spec|/requestsPerSecond|from 1 to 1000000, was 0",
        "{`role`: `train`, `requestsPerSecond`: 1.5}|400|wrong-type|/requestsPerSecond|whole number",
        "{`role`: `train`, `concurrentTrainings`: 0}|422|invalid-spec|/concurrentTrainings|was 0",
        "{`role`: `train`, `storedBytes`: -1}|422|invalid-spec|/storedBytes|was -1",
      })
  void refusesWhatIsNoRequest(String json, int status, String code, String pointer, String detail) {
    HttpResponse<String> refused = make(json.replace('`', '"'));

    ServiceCalls.assertProblem(refused, status, code, pointer);
    assertThat(ServiceCalls.body(refused).path("detail").asString()).contains(detail);
  }

  @Test
  void refusesWhatIsTooMuch() {
    String name = "\"name\": \"" + "é".repeat(101) + "\"";
    HttpResponse<String> refused = make("{\"role\": \"train\", " + name + "}");
    ServiceCalls.assertProblem(refused, 422, "invalid-spec", "/name");
    assertThat(refused.body()).contains("1 to 100 characters", "had 101");
    String prefixes = "\"a\"" + ", \"a\"".repeat(20);
    refused = make("{\"role\": \"train\", \"modelPrefixes\": [" + prefixes + "]}");
    ServiceCalls.assertProblem(refused, 422, "invalid-spec", "/modelPrefixes");
    assertThat(refused.body()).contains("must be at most 20, were 21");

    String id = id(made("{\"role\": \"train\"}"));
    for (String validFor : List.of("P31D", "-PT1S", "tomorrow")) {
      ServiceCalls.assertProblem(
          rotate(id, "{\"validFor\": \"%s\"}".formatted(validFor)),
          422,
          "invalid-spec",
          "/validFor");
    }
    assertThat(rotate(id, "{\"validFor\": \"P30D\"}").statusCode()).isEqualTo(200);
    assertThat(rotate(id, "{}").statusCode()).isEqualTo(200);
  }

  @Test
  void refusesToRepeatAnAnswerThatHasASecret() {
    String id = id(made("{\"role\": \"train\"}"));
    for (String path : List.of(KEYS, KEYS + "/" + id + "/rotate")) {
      String json = path.equals(KEYS) ? "{\"role\": \"train\"}" : "{}";
      HttpResponse<String> refused =
          service.post(path, json, "X-API-Key", admin, "Idempotency-Key", "once");
      ServiceCalls.assertProblem(refused, 400, "invalid-parameter");
      assertThat(refused.body()).contains("Idempotency-Key", "secret");
    }
  }

  @Test
  void areThereAfterARestart(@TempDir Path other, CapturedOutput output) {
    String property = "--backprop.data-directory=" + other;
    String first;
    try (RunningService before = RunningService.start(List.of(property))) {
      first = text(ServiceCalls.body(before.post(KEYS, "{\"role\": \"admin\"}")));
      String id = first.substring(3, 11);
      assertThat(before.delete(KEYS + "/" + id, "X-API-Key", first).statusCode()).isEqualTo(204);
    }
    String given = admin;
    try (RunningService after =
        RunningService.start(List.of(property, "--backprop.security.admin-key=" + given))) {
      ServiceCalls.assertProblem(
          after.get("/api/v1/models", "X-API-Key", first), 401, "unauthorized");
      ServiceCalls.assertProblem(after.get("/api/v1/models"), 401, "unauthorized");
      JsonNode keys = ServiceCalls.body(after.get(KEYS, "X-API-Key", given));
      assertThat(keys.at("/items/0/name").asString()).isEqualTo("admin key of the configuration");
      assertThat(keys.path("items")).hasSize(2);
    }
    RunningService.start(List.of(property, "--backprop.security.admin-key=" + given)).close();
    assertThat(output.getAll()).doesNotContain(given, first);

    for (String wrong : List.of(given.substring(0, 49), given.substring(0, 49) + "!")) {
      assertThatThrownBy(
              () ->
                  RunningService.start(List.of(property, "--backprop.security.admin-key=" + wrong)))
          .rootCause()
          .hasMessageContaining("a key is bp_");
    }
    assertThat(output.getAll())
        .contains("backprop.security.admin-key is no key: ", "keys generate")
        .doesNotContain(given.substring(12, 49));
  }
}
