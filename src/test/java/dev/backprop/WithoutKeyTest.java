package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.backprop.platform.http.FilterOrder;
import dev.backprop.platform.http.RawConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who is answered without a key, as the service is shipped and as an operator may set it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WithoutKeyTest {

  @TempDir private static Path directory;

  private RunningService shipped;
  private RunningService closed;
  private RunningService reading;

  @BeforeAll
  void start() {
    shipped = start("shipped", "--server.address=0.0.0.0");
    closed =
        start(
            "closed",
            "--backprop.security.anonymous=none",
            "--backprop.security.open-metrics=true",
            "--backprop.http.allowed-hosts=nets.example.com, other.example.com");
    reading =
        start(
            "reading",
            "--backprop.security.anonymous=predict",
            "--backprop.http.allowed-origins=https://app.example.com");
  }

  private static RunningService start(String name, String... properties) {
    List<String> all = new java.util.ArrayList<>(List.of(properties));
    all.add("--backprop.data-directory=" + directory.resolve(name));
    return RunningService.start(all);
  }

  @AfterAll
  void stop() {
    shipped.close();
    closed.close();
    reading.close();
  }

  private static RawConnection.Answer answer(RunningService service, String request)
      throws IOException {
    try (RawConnection connection = new RawConnection(service.port(), ServiceCalls.PATIENCE)) {
      connection.send(request);
      return connection.answer();
    }
  }

  private static void assertRefused(RunningService service, String request, int status, String code)
      throws IOException {
    RawConnection.Answer answer = answer(service, request);
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(ServiceCalls.JSON.readTree(answer.body()).path("code").asString()).isEqualTo(code);
  }

  private static String models(String host) {
    return "GET /api/v1/models HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(host);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:8080", "127.0.0.1", "[::1]:80", "localhost:1"})
  void thisMachineIsAnsweredEverything(String host) throws IOException {
    assertThat(answer(shipped, models(host)).status()).isEqualTo(200);
    assertThat(
            answer(shipped, "GET /actuator/metrics HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(host))
                .status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/v1/models HTTP/1.1\r\nHost: attacker.example\r\n\r\n",
        "GET /api/v1/models HTTP/1.1\r\nHost: localhost.attacker.example\r\n\r\n",
        "GET /api/v1/models HTTP/1.1\r\nHost: backprop\r\n\r\n",
        "GET /api/v1/models HTTP/1.1\r\nHost: 10.0.0.1\r\n\r\n",
        "GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 127.0.0.1\r\n\r\n",
        "GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\nForwarded: for=127.0.0.1\r\n\r\n",
        "GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n\r\n",
        "GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Host: localhost\r\n\r\n",
        "GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Whatever: 1\r\n\r\n",
        "GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\nVia: 1.1 proxy\r\n\r\n",
        "GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\nx-real-ip: 127.0.0.1\r\n\r\n",
        "GET /api/v1/models HTTP/1.0\r\nHost: localhost\r\n\r\n",
        "GET /api/v1/models HTTP/1.0\r\n\r\n",
        "GET http://attacker.example/api/v1/models HTTP/1.1\r\nHost: attacker.example\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: attacker.example\r\n\r\n",
        "GET /v3/api-docs HTTP/1.1\r\nHost: attacker.example\r\n\r\n",
        "GET /swagger-ui/index.html HTTP/1.1\r\nHost: attacker.example\r\n\r\n",
        "GET /actuator/prometheus HTTP/1.1\r\nHost: attacker.example\r\n\r\n",
        "GET /nothing HTTP/1.1\r\nHost: attacker.example\r\n\r\n",
      })
  void whatMayBeOfAnotherMachineIsNot(String request) throws IOException {
    assertRefused(shipped, request, 403, "protected-mode");
  }

  @Test
  void anotherMachineIsNotAnswered() throws IOException {
    Optional<InetAddress> other =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLoopbackAddress() && address.getAddress().length == 4)
            .findFirst();
    assumeThat(other).isPresent();
    try (Socket socket = new Socket(other.orElseThrow(), shipped.port())) {
      String request =
          "GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 403")
          .contains("\"code\":\"protected-mode\"")
          .contains("keys create")
          .contains("issuer-uri")
          .contains("backprop.security.anonymous");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/liveness", "/readiness"})
  void platformsMayAskWhetherItLives(String part) throws IOException {
    for (RunningService service : List.of(shipped, closed, reading)) {
      RawConnection.Answer answer =
          answer(
              service,
              "GET /actuator/health%s HTTP/1.1\r\nHost: attacker.example\r\n\r\n".formatted(part));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).startsWith("{").contains("\"status\":\"UP\"").doesNotContain("/");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/models",
    "POST, /api/v1/trainings",
    "DELETE, /api/v1/datasets/x",
    "GET, /actuator/metrics",
    "GET, /actuator",
    "GET, /actuator/health/storage",
    "GET, /actuator/info",
    "GET, /nothing",
    "POST, /",
    "OPTIONS, /api/v1/models",
    "GET, /error",
  })
  void whoHasNoKeyIsToldToHaveOne(String method, String path) throws IOException {
    RawConnection.Answer answer =
        answer(closed, "%s %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(method, path));
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body()).contains("\"code\":\"unauthorized\"");
    assertThat(answer.head()).containsIgnoringCase("\r\nWWW-Authenticate: Bearer\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/api/v1",
        "/v3/api-docs",
        "/swagger-ui/index.html",
        "/actuator/health",
        "/actuator/prometheus"
      })
  void someThingsAreForAll(String path) throws IOException {
    for (String host :
        List.of("localhost", "nets.example.com", "OTHER.example.com:90", "10.1.2.3")) {
      RawConnection.Answer answer =
          answer(
              closed,
              "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: */*\r\nConnection: close\r\n\r\n"
                  .formatted(path, host));
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"attacker.example", "nets.example.com.", "1.2.3.4.5", "256.1.1.1", "localhost."})
  void theHostMustBeOneThatNoStrangerCanName(String host) throws IOException {
    for (RunningService service : List.of(closed, reading)) {
      assertRefused(service, models(host), 403, "foreign-host");
      assertRefused(
          service, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(host), 403, "foreign-host");
    }
    assertRefused(closed, "GET / HTTP/1.0\r\n\r\n", 403, "foreign-host");
  }

  @Test
  void aProxyThatIsTrustedTellsTheHost() throws IOException {
    String request =
        "GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Host: %s\r\n\r\n";
    assertRefused(reading, request.formatted("attacker.example"), 403, "foreign-host");
    assertThat(answer(reading, request.formatted("backprop")).status()).isEqualTo(200);
  }

  @Test
  void aRoleMayWhatItMay() throws IOException {
    assertThat(answer(reading, models("localhost")).status()).isEqualTo(200);
    assertRefused(
        reading, "GET /api/v1/trainings HTTP/1.1\r\nHost: localhost\r\n\r\n", 403, "forbidden");
    assertRefused(
        reading, "GET /actuator/prometheus HTTP/1.1\r\nHost: localhost\r\n\r\n", 403, "forbidden");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Bearer bp_abcdefgh_0000000000000000000000000000000000zzzz",
        "Authorization: Bearer nonsense",
        "Authorization: Bearer",
        "Authorization: Digest x",
        "Authorization: Basic !",
        "Authorization: Basic eDp5",
        "X-API-Key: nonsense",
        "X-API-Key:",
      })
  void aWrongKeyIsNoKey(String header) throws IOException {
    for (RunningService service : List.of(shipped, closed, reading)) {
      for (String path : List.of("/api/v1/models", "/", "/actuator/health")) {
        RawConnection.Answer answer =
            answer(
                service,
                "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n".formatted(path, header));
        assertThat(answer.status()).as(answer.body()).isEqualTo(401);
        assertThat(answer.head()).containsIgnoringCase("\r\nWWW-Authenticate: Bearer");
        assertThat(answer.body()).contains("\"code\":\"unauthorized\"").doesNotContain("zzzz");
      }
    }
  }

  @Test
  void twoKeysAreOneTooMany() throws IOException {
    for (String headers :
        List.of(
            "Authorization: Bearer x\r\nX-API-Key: y",
            "X-API-Key: x\r\nX-API-Key: y",
            "Authorization: Bearer x\r\nAuthorization: Bearer x")) {
      assertRefused(
          closed,
          "GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n".formatted(headers),
          400,
          "invalid-parameter");
    }
  }

  @Test
  void springSecurityHasItsPlaceAmongTheFilters() {
    assertThat(
            shipped
                .context()
                .getEnvironment()
                .getProperty("spring.security.filter.order", Integer.class))
        .isEqualTo(FilterOrder.SECURITY);
  }

  @Test
  void hostsAndOriginsThatAreNoneStopTheStart() {
    for (String property :
        List.of(
            "--backprop.http.allowed-hosts=nets.example.com:8080",
            "--backprop.http.allowed-origins=*")) {
      assertThatThrownBy(() -> start("never", property))
          .rootCause()
          .hasMessageContaining(property.substring(2, property.indexOf('=')));
    }
  }

  @Test
  void pagesOfOtherOriginsAreRefusedFirst() throws IOException {
    for (RunningService service : List.of(shipped, closed, reading)) {
      for (String origin :
          List.of("https://evil.example", "null", "https://app.example.com.evil")) {
        assertRefused(
            service,
            "GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\nOrigin: %s\r\nX-API-Key: x\r\n\r\n"
                .formatted(origin),
            403,
            "foreign-origin");
      }
    }
  }

  @Test
  void pagesOfAllowedOriginsMayReadTheAnswers() throws IOException {
    RawConnection.Answer read =
        answer(
            reading,
            "GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\nOrigin: https://APP.example.com\r\n\r\n");
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.head())
        .containsIgnoringCase("\r\nAccess-Control-Allow-Origin: https://APP.example.com\r\n")
        .containsIgnoringCase("\r\nAccess-Control-Expose-Headers: Location, ")
        .doesNotContainIgnoringCase("Allow-Credentials");
    RawConnection.Answer refused =
        answer(
            reading,
            "GET /api/v1/trainings HTTP/1.1\r\nHost: localhost\r\nOrigin: https://app.example.com\r\n\r\n");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.head()).containsIgnoringCase("\r\nAccess-Control-Allow-Origin: https://app");
    RawConnection.Answer asked =
        answer(
            reading,
            """
            OPTIONS /api/v1/trainings HTTP/1.1\r
            Host: nets.example.com\r
            Origin: https://app.example.com\r
            Access-Control-Request-Method: POST\r
            Access-Control-Request-Headers: x-api-key, content-type\r
            \r
            """);
    assertThat(asked.status()).isEqualTo(200);
    assertThat(asked.head())
        .containsIgnoringCase(
            "\r\nAccess-Control-Allow-Methods: GET,HEAD,POST,PUT,PATCH,DELETE\r\n")
        .containsIgnoringCase("\r\nAccess-Control-Allow-Headers: x-api-key, content-type\r\n");
  }

  @Test
  void everyAnswerTellsBrowsersToRunAndFrameNothing() throws IOException {
    for (String request :
        List.of(
            models("localhost"),
            "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GARBAGE\r\n\r\n",
            "GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\nOrigin: https://x.example\r\n\r\n",
            "GET /v3/api-docs HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
      assertThat(answer(shipped, request).head())
          .containsIgnoringCase("\r\nContent-Security-Policy: default-src 'none'\r\n")
          .containsIgnoringCase("\r\nX-Content-Type-Options: nosniff\r\n")
          .containsIgnoringCase("\r\nX-Frame-Options: DENY\r\n")
          .containsIgnoringCase("\r\nCache-Control: no-store\r\n")
          .doesNotContainIgnoringCase("Strict-Transport-Security");
    }
    assertThat(
            answer(shipped, "GET /swagger-ui/index.html HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .head())
        .containsIgnoringCase("\r\nContent-Security-Policy: default-src 'self'; style-src")
        .containsIgnoringCase("frame-ancestors 'none'");
  }
}
