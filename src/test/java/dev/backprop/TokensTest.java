package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.storage.Databases;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/// Tokens of an issuer, found by its address alone.
@ExtendWith(OutputCaptureExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokensTest {

  private static final String KEYS = "/api/v1/keys";
  private static final String JWT = "--spring.security.oauth2.resourceserver.jwt.";

  /// Its check is right.
  private static final String ADMIN_KEY = "bp_0aZ9bY8c_0123456789ABCDEFGHIJKLMNOPQRSTUV1jv4Ig";

  private Issuer issuer;
  private RunningService service;

  @BeforeAll
  void start() {
    issuer = Issuer.start();
    service = started(JWT + "issuer-uri=" + issuer.uri(), JWT + "audiences=tester,others");
  }

  @AfterAll
  void stop() {
    service.close();
    issuer.close();
  }

  private static RunningService started(String... properties) {
    List<String> all = new ArrayList<>(List.of(properties));
    all.add("--backprop.data-directory=" + Databases.temporaryDirectory());
    return RunningService.start(all);
  }

  private static HttpResponse<String> get(RunningService service, String path, String token) {
    return service.get(path, "Authorization", "Bearer " + token);
  }

  private String token(Map<String, Object> claims) {
    return issuer.token(claims);
  }

  private void assertRefused(String token, String detail) {
    HttpResponse<String> refused = get(service, "/api/v1/models", token);
    ServiceCalls.assertProblem(refused, 401, "unauthorized");
    assertThat(ServiceCalls.body(refused).path("detail").asString()).contains(detail);
    assertThat(refused.headers().firstValue("WWW-Authenticate").orElse(""))
        .startsWith("Bearer error=\"invalid_token\"");
  }

  @Test
  void theHighestOfItsRolesHolds() {
    for (Object roles : List.of("predict", List.of("predict"), "predict others")) {
      String token = token(Map.of("roles", roles));
      assertThat(get(service, "/api/v1/models", token).statusCode()).isEqualTo(200);
      ServiceCalls.assertProblem(get(service, "/api/v1/trainings", token), 403, "forbidden");
    }
    for (Object roles : List.of("train", List.of("train", "predict"), "predict train")) {
      String token = token(Map.of("roles", roles));
      assertThat(get(service, "/api/v1/trainings", token).statusCode()).isEqualTo(200);
      ServiceCalls.assertProblem(get(service, KEYS, token), 403, "forbidden");
    }
    for (Object roles : List.of("admin", List.of("predict", "admin", "train"))) {
      String token = token(Map.of("roles", roles));
      assertThat(get(service, KEYS, token).statusCode()).isEqualTo(200);
      assertThat(get(service, "/actuator/metrics", token).statusCode()).isEqualTo(200);
    }
    ServiceCalls.assertProblem(service.get("/api/v1/models"), 401, "unauthorized");
  }

  @Test
  void aTokenWithoutARoleIsForbidden() {
    for (Map<String, Object> claims :
        List.<Map<String, Object>>of(
            Map.of(),
            Map.of("roles", "emperor"),
            Map.of("roles", "ADMIN"),
            Map.of("roles", List.of()),
            Map.of("scope", "admin"))) {
      HttpResponse<String> refused = get(service, "/api/v1/models", token(claims));
      ServiceCalls.assertProblem(refused, 403, "forbidden");
      assertThat(refused.body()).contains("none of the roles predict, train and admin");
    }
    assertRefused(token(Map.of("roles", List.of(1, 2))), "must be a text or a list of texts");
  }

  @Test
  void itsSubjectIsTheCaller(CapturedOutput output) {
    String token = token(Map.of("roles", "admin", "sub", "zoë@example.com"));
    JsonNode made =
        ServiceCalls.body(
            service.post(KEYS, "{\"role\": \"predict\"}", "Authorization", "Bearer " + token));
    assertThat(made.path("createdBy").asString()).isEqualTo("zoë@example.com");

    String forged = token(Map.of("roles", "admin", "sub", "zoë method=GET \\ \"x"));
    service.post(KEYS, "{\"role\": \"predict\"}", "Authorization", "Bearer " + forged);
    // The line is written when the client has its answer already.
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    String line = "key=\"zoë method=GET \\\\ \\\"x\" method=POST";
    while (!output.getAll().contains(line)) {
      assertThat(System.nanoTime()).as(line).isLessThan(deadline);
    }
    assertThat(output.getAll()).contains("key=zoë@example.com method=POST");

    assertRefused(
        token(Map.of("roles", "admin", "sub", made.path("id").asString())), "the id of a key");
    assertRefused(token(Map.of("roles", "admin", "sub", "")), "the claim sub");
    assertRefused(token(Map.of("roles", "admin", "sub", "a\nb")), "can be printed");
    assertRefused(token(Map.of("roles", "admin", "sub", "x".repeat(256))), "had 256");
  }

  @Test
  void itMayBeLimitedToModels() {
    String token = token(Map.of("roles", "admin", "backprop_models", List.of("penguins", "p-")));
    String[] header = {"Authorization", "Bearer " + token};
    assertThat(
            service
                .post(KEYS, "{\"role\": \"predict\", \"modelPrefixes\": [\"p-1\"]}", header)
                .statusCode())
        .isEqualTo(201);
    HttpResponse<String> refused = service.post(KEYS, "{\"role\": \"predict\"}", header);
    ServiceCalls.assertProblem(refused, 403, "forbidden");
    assertThat(refused.body()).contains("penguins or p-");
    assertThat(
            get(service, KEYS, token(Map.of("roles", "admin", "backprop_models", "p")))
                .statusCode())
        .isEqualTo(200);
    for (Object malformed :
        List.of(List.of(), 5, List.of("A"), List.of("a", 1), "UPPER", Map.of("a", "b"))) {
      assertRefused(
          token(Map.of("roles", "admin", "backprop_models", malformed)),
          "the claim backprop_models");
    }
  }

  @Test
  void whatTheIssuerDidNotSignSoIsRefused() {
    Instant now = Instant.now();
    assertRefused(
        token(Map.of("roles", "admin", "iat", now.minusSeconds(900), "exp", now.minusSeconds(600))),
        "Jwt expired at");
    assertRefused(token(Map.of("roles", "admin", "nbf", now.plusSeconds(600))), "before");
    assertRefused(token(Map.of("roles", "admin", "aud", List.of("elsewhere"))), "aud");
    assertRefused(token(Map.of("roles", "admin", "iss", "https://other.example")), "iss");
    assertThat(
            get(
                    service,
                    "/api/v1/models",
                    token(Map.of("roles", "admin", "aud", List.of("others"))))
                .statusCode())
        .isEqualTo(200);

    String good = token(Map.of("roles", "predict"));
    String[] parts = good.split("\\.", -1);
    String payload = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    String promoted = encoded(payload.replace("\"predict\"", "\"admin\""));
    assertRefused(parts[0] + "." + promoted + "." + parts[2], "signature");
    assertRefused(encoded("{\"alg\":\"none\"}") + "." + promoted + ".", "none");
    assertRefused("a.b.c", "the token is not taken");
    assertRefused("abc", "the token is not taken");
  }

  private static String encoded(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aNewKeyOfTheIssuerIsTakenSoon() {
    String before = token(Map.of("roles", "predict"));
    assertThat(get(service, "/api/v1/models", before).statusCode()).isEqualTo(200);
    issuer.rotate();
    String after = token(Map.of("roles", "predict"));

    int asked = issuer.asked();
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (get(service, "/api/v1/models", after).statusCode() != 200) {
      assertThat(System.nanoTime()).isLessThan(deadline);
    }
    // However many tokens name a key that is not known.
    assertThat(issuer.asked() - asked).isBetween(1, 2);
    assertRefused(before, "key");
  }

  @Test
  void anIssuerThatDoesNotAnswerIsToldApartFromAWrongToken() {
    String token = token(Map.of("roles", "predict"));
    for (String property :
        List.of("issuer-uri=http://127.0.0.1:1", "jwk-set-uri=http://127.0.0.1:1/keys")) {
      try (RunningService alone =
          started(JWT + property, "--backprop.security.admin-key=" + ADMIN_KEY)) {
        for (int i = 0; i < 2; i++) {
          HttpResponse<String> refused = get(alone, "/api/v1/models", token);
          ServiceCalls.assertProblem(refused, 503, "issuer-unavailable");
          assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
        }
        assertThat(get(alone, "/api/v1/models", ADMIN_KEY).statusCode()).isEqualTo(200);
        ServiceCalls.assertProblem(alone.get("/api/v1/models"), 401, "unauthorized");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ROLE_", "SCOPE_"})
  void aPrefixOfRolesMayBeConfigured(String prefix) {
    try (RunningService other =
        started(
            JWT + "jwk-set-uri=" + issuer.keys(),
            JWT + "authorities-claim-name=scope",
            JWT + "authority-prefix=" + prefix)) {
      for (String scope : List.of("openid train", prefix + "train")) {
        String token = token(Map.of("scope", scope));
        assertThat(get(other, "/api/v1/trainings", token).statusCode()).isEqualTo(200);
        ServiceCalls.assertProblem(get(other, KEYS, token), 403, "forbidden");
      }
    }
  }

  @Test
  void rolesMayStandDeepInAToken() {
    try (RunningService other =
        started(
            JWT + "issuer-uri=" + issuer.uri(),
            JWT + "authorities-claim-expressions=['realm_access']['roles']")) {
      String token = token(Map.of("realm_access", Map.of("roles", List.of("offline", "train"))));
      assertThat(get(other, "/api/v1/trainings", token).statusCode()).isEqualTo(200);
      ServiceCalls.assertProblem(
          get(other, "/api/v1/models", token(Map.of("roles", "admin"))), 403, "forbidden");
    }
  }

  @Test
  void thePublicKeyMayBeAFile() throws Exception {
    Path file = Databases.temporaryDirectory().resolve("issuer.pem");
    Files.writeString(
        file,
        "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"
            .formatted(Base64.getMimeEncoder().encodeToString(issuer.publicKey().getEncoded())));
    try (RunningService other = started(JWT + "public-key-location=" + file.toUri())) {
      assertThat(get(other, "/api/v1/trainings", token(Map.of("roles", "train"))).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void withoutAnIssuerTokensAreNone() {
    try (RunningService other = started()) {
      HttpResponse<String> refused = get(other, "/api/v1/models", token(Map.of("roles", "admin")));
      ServiceCalls.assertProblem(refused, 401, "unauthorized");
      assertThat(refused.body()).contains("knows no issuer of tokens; a key begins with bp_");
    }
  }
}
