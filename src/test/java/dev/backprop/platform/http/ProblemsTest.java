package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.ServiceTest;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Whatever goes wrong is answered with a problem, whoever answers it.
class ProblemsTest extends ServiceTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET | /nowhere | 404 | not-found",
        "GET | /api | 404 | not-found",
        "GET | /api/v1?limit=5 | 400 | unknown-parameter",
        "DELETE | /api/v1 | 405 | method-not-allowed",
        "GET | /api/v1/nowhere | 404 | not-found",
        "GET | /error | 404 | not-found",
        "POST | /error | 404 | not-found",
        "GET | /actuator/env | 404 | not-found",
        "GET | /api/v1/datasets/x | 404 | not-found",
        "GET | /api/v1/models/x/ | 404 | not-found",
        "GET | /api/v1/models/x/versions/one | 400 | invalid-parameter",
        "DELETE | /api/v1/trainings | 405 | method-not-allowed",
        "PUT | /api/v1/models | 405 | method-not-allowed",
        "PUT | /api/v1/datasets/x | 405 | method-not-allowed",
        "GET | /api/v1/models/x/evaluations | 405 | method-not-allowed",
        "POST | /api/v1/trainings | 415 | unsupported-media-type",
        "POST | /api/v1/datasets?name=x | 415 | unsupported-media-type",
        "POST | /api/v1/models/x/predictions | 415 | unsupported-media-type",
        "GET | /api/v1/models?limt=5 | 400 | unknown-parameter",
        "GET | /api/v1/models?zzz= | 400 | unknown-parameter",
        "GET | /api/v1/models?limit=5&limit=5 | 400 | repeated-parameter",
        "GET | /api/v1/models?limit=five | 400 | invalid-parameter",
        "GET | /api/v1/models?limit=%FF | 400 | bad-request",
        "GET | /api/v1/models?cursor=x | 400 | invalid-cursor",
        "GET | /api/v1/datasets/x?name=1 | 400 | unknown-parameter",
        "GET | /api/v1/datasets/x/rows?limit=0 | 400 | invalid-parameter",
        "DELETE | /api/v1/datasets/x?force=true | 400 | unknown-parameter",
      })
  void answersWithAProblem(String method, String path, int status, String code) {
    HttpResponse<String> answer =
        send(request(path).method(method, HttpRequest.BodyPublishers.noBody()).build());

    assertProblem(answer, status, code);
    assertComplete(body(answer), path.replaceFirst("\\?.*", ""));
  }

  @Test
  void saysWhichMethodsThereAre() {
    HttpResponse<String> answer = delete("/api/v1/trainings");

    assertThat(answer.headers().firstValue("Allow").orElse("")).contains("GET").contains("POST");
    assertThat(body(answer).path("detail").asString()).contains("GET").contains("POST");
  }

  @Test
  void suggestsTheParameterThatWasMeant() {
    assertThat(body(get("/api/v1/models?limt=5")).path("detail").asString())
        .isEqualTo("limt: is unknown; did you mean limit?");
    assertThat(body(get("/api/v1/models?zzz=5")).path("detail").asString())
        .isEqualTo("zzz: is unknown, there are cursor, limit, sort, tag");
    assertThat(body(get("/api/v1/trainings/x?a=5")).path("detail").asString())
        .isEqualTo("a: is unknown, there are none here");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/html",
        "application/xml",
        "text/html,application/xhtml+xml;q=0.9",
        "no type"
      })
  void answersWithAProblemWhateverAcceptSays(String accept) {
    assertProblem(get("/api/v1/datasets/x", "Accept", accept), 404, "not-found");
    assertProblem(get("/nowhere", "Accept", accept), 404, "not-found");
    assertProblem(get("/error", "Accept", accept), 404, "not-found");
    assertProblem(get("/api/v1/models", "Accept", accept), 406, "not-acceptable");
  }

  @Test
  void refusesPagesOfOtherOrigins() {
    HttpResponse<String> refused = get("/api/v1/models", "Origin", "https://evil.example");
    assertProblem(refused, 403, "foreign-origin");
    assertComplete(body(refused), "/api/v1/models");
    assertThat(refused.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    String own = "localhost:" + port();
    for (String origin :
        List.of("null", "http://localhost", "http://" + own + ".evil.example", "no origin", "")) {
      assertProblem(get("/api/v1/models", "Origin", origin), 403, "foreign-origin");
      assertProblem(post("/api/v1/trainings", "{}", "Origin", origin), 403, "foreign-origin");
    }
    for (String origin :
        List.of("http://" + own, "https://" + own, "http://" + own.toUpperCase(Locale.ROOT))) {
      assertThat(get("/api/v1/models", "Origin", origin).statusCode()).as(origin).isEqualTo(200);
    }
  }

  @Test
  void answersAPreflightOfAnotherOriginWithAProblem() {
    HttpRequest preflight =
        request(
                "/api/v1/trainings",
                "Origin",
                "https://evil.example",
                "Access-Control-Request-Method",
                "POST")
            .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
            .build();

    assertProblem(send(preflight), 403, "foreign-origin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /a%2Fb HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /a%00b HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /%5cetc HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/v1/models HTTP/1.1\r\n\r\n",
        "GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\nHost: y\r\n\r\n",
        "GET /api/v1/models HTTP/1.1\r\nHost: x y\r\n\r\n",
        "G(T /api/v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST /api/v1/trainings HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n",
        "POST /api/v1/trainings HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "POST /api/v1/trainings HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: br\r\n\r\n",
        "GET /api/v1/models HTTP/7.0\r\nHost: localhost\r\n\r\n",
      })
  void answersWhatIsNoRequestWithAProblem(String request) throws IOException {
    RawConnection.Answer answer = raw(request);

    assertThat(answer.status()).as(answer.head()).isEqualTo(400);
    assertRawProblem(answer, "bad-request");
  }

  @Test
  void answersAUrlOrHeadersThatAreTooLargeWithAProblem() throws IOException {
    String large = "x".repeat(100_000);

    for (String request :
        List.of(
            "GET /" + large + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /api/v1/models?x=" + large + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\nX: " + large + "\r\n\r\n")) {
      RawConnection.Answer answer = raw(request);
      assertThat(answer.status()).as(answer.head()).isIn(400, 414, 431);
      assertRawProblem(answer, null);
    }
  }

  @Test
  void takesARowOfManyColumnsInTheUrl() {
    assertProblem(
        get("/api/v1/models/nowhere/predictions?x=" + "1".repeat(50_000)), 404, "not-found");
  }

  @Test
  void refusesMalformedEscapesInAQuery() throws IOException {
    RawConnection.Answer answer =
        raw(
            "GET /api/v1/models?limit=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(answer.status()).isEqualTo(400);
    assertRawProblem(answer, null);
  }

  @Test
  void answersAHeadWithTheHeadersOfAGet() {
    HttpRequest.Builder head = request("/api/v1/models");
    HttpResponse<String> answer =
        send(head.method("HEAD", HttpRequest.BodyPublishers.noBody()).build());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/json");
    assertThat(answer.body()).isEmpty();
  }

  private RawConnection.Answer raw(String request) throws IOException {
    try (RawConnection connection = new RawConnection(port(), PATIENCE)) {
      connection.send(request);
      return connection.answer();
    }
  }

  private static void assertRawProblem(RawConnection.Answer answer, @Nullable String code) {
    assertThat(answer.head().toLowerCase(Locale.ROOT))
        .contains("content-type: application/problem+json");
    JsonNode problem = JSON.readTree(answer.body());
    assertComplete(problem, null);
    assertThat(problem.path("status").asInt()).isEqualTo(answer.status());
    if (code != null) {
      assertThat(problem.path("code").asString()).isEqualTo(code);
    }
  }

  private static void assertComplete(JsonNode problem, @Nullable String path) {
    String code = problem.path("code").asString();
    assertThat(problem.path("type").asString()).isEqualTo("urn:backprop:problem:" + code);
    assertThat(problem.path("title").asString()).isNotBlank();
    assertThat(problem.path("detail").asString()).isNotBlank();
    assertThat(problem.path("status").isInt()).isTrue();
    if (path != null) {
      assertThat(problem.path("instance").asString()).isEqualTo(path);
    }
    assertThat(problem.toString())
        .doesNotContain("dev.backprop", "java.", "org.", "Exception", "<html", "\tat ");
  }
}
