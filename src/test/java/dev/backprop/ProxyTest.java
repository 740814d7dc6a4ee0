package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What the service says of its own place is right for whom the answer reaches: within its context,
/// and behind proxies that it trusts.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProxyTest {

  private static final String[] PROXY = {
    "X-Forwarded-Proto", "https",
    "X-Forwarded-Host", "ml.example.org",
    "X-Forwarded-Port", "443",
    "X-Forwarded-Prefix", "/nets"
  };

  private static final String[] NONE = {};

  @TempDir private static Path directory;

  private RunningService trusting;
  private RunningService distrusting;

  @BeforeAll
  void start() {
    trusting =
        RunningService.start(
            List.of(
                "--backprop.data-directory=" + directory.resolve("a"),
                "--backprop.security.anonymous=admin",
                "--backprop.http.allowed-hosts=ml.example.org,x.example"));
    distrusting =
        RunningService.start(
            List.of(
                "--backprop.data-directory=" + directory.resolve("b"),
                "--server.servlet.context-path=/ctx",
                "--backprop.security.anonymous=admin",
                "--backprop.http.trusted-proxies="));
  }

  @AfterAll
  void stop() {
    trusting.close();
    distrusting.close();
  }

  @Test
  void everyLinkHasThePrefixOfTheProxy() {
    assertLinks(trusting, "", "proxied", "/nets", PROXY);
  }

  @Test
  void everyLinkHasThePathOfTheContext() {
    assertLinks(distrusting, "/ctx", "inside", "/ctx", NONE);
  }

  @Test
  void proxiesThatAreNotTrustedChangeNothing() {
    assertLinks(distrusting, "/ctx", "untrusted", "/ctx", PROXY);
    assertThat(
            ServiceCalls.body(distrusting.get("/ctx/v3/api-docs", PROXY))
                .at("/servers/0/url")
                .asString())
        .isEqualTo("http://localhost:" + distrusting.port() + "/ctx");
    ServiceCalls.assertProblem(
        distrusting.get(
            "/ctx/api/v1/models",
            "X-Forwarded-Host",
            "ml.example.org",
            "Origin",
            "https://ml.example.org"),
        403,
        "foreign-origin");
  }

  @Test
  void thePrefixOfAProxyTakesThePlaceOfTheContext() {
    try (RunningService both =
        RunningService.start(
            List.of(
                "--backprop.data-directory=" + directory.resolve("c"),
                "--server.servlet.context-path=/ctx",
                "--backprop.security.anonymous=admin",
                "--backprop.http.allowed-hosts=ml.example.org"))) {
      assertLinks(both, "/ctx", "both", "/nets", PROXY);
      assertPages(both, "/ctx", "https://ml.example.org", "/nets", PROXY);
    }
  }

  @Test
  void pagesAndDocumentsTellTheRightPlace() {
    assertPages(trusting, "", "https://ml.example.org", "/nets", PROXY);
    assertPages(trusting, "", "http://localhost:" + trusting.port(), "", NONE);
    assertPages(distrusting, "/ctx", "http://localhost:" + distrusting.port(), "/ctx", NONE);
    assertPages(
        trusting,
        "",
        "https://x.example:8443",
        "",
        "Forwarded",
        "proto=https;host=\"x.example:8443\"");
  }

  @Test
  void theLinkOfTheNextPageHasThePrefixOfTheProxy() {
    for (String name : List.of("linked-1", "linked-2")) {
      trusting.send("POST", "/api/v1/datasets?name=" + name, "text/csv", "a,b\n1,2\n3,4\n");
    }

    HttpResponse<String> page =
        trusting.get(
            "/api/v1/datasets?limit=1", "X-Forwarded-Prefix", "/nets", "X-Forwarded-Host", "y");

    assertThat(page.headers().firstValue("Link"))
        .hasValue(
            "</nets/api/v1/datasets?limit=1&cursor=%s>; rel=\"next\""
                .formatted(ServiceCalls.body(page).path("nextCursor").asString()));
    assertThat(trusting.get("/api/v1/datasets/x", "X-Forwarded-Prefix", "/nets").headers().map())
        .doesNotContainKey("link");
  }

  private static void assertLinks(
      RunningService service, String context, String model, String prefix, String... headers) {
    String api = context + "/api/v1";
    HttpResponse<String> accepted =
        service.post(api + "/trainings", Requests.xor(model), with(headers, "Prefer", "wait=60"));
    assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
    JsonNode training = ServiceCalls.body(accepted);
    String self = prefix + "/api/v1/trainings/" + training.path("id").asString();
    assertThat(accepted.headers().firstValue("Location")).hasValue(self);
    assertThat(training.at("/links/self").asString()).isEqualTo(self);
    assertThat(training.at("/links/events").asString()).isEqualTo(self + "/events");
    String version = prefix + "/api/v1/models/" + model + "/versions/1";
    assertThat(training.at("/links/model").asString()).isEqualTo(version);
    assertThat(
            service
                .get(api + "/trainings/" + training.path("id").asString() + "/events", headers)
                .body())
        .contains("\"self\":\"" + self + "\"")
        .contains("\"model\":\"" + version + "\"");

    HttpResponse<String> dataset =
        service.send(
            "POST", api + "/datasets?name=" + model, "text/csv", "a,b\n1,2\n3,4\n", headers);
    assertThat(dataset.headers().firstValue("Location"))
        .hasValue(prefix + "/api/v1/datasets/" + ServiceCalls.body(dataset).path("id").asString());

    JsonNode shown = ServiceCalls.body(service.get(api + "/models/" + model, headers));
    assertThat(shown.at("/versions/0/self").asString()).isEqualTo(version);
    assertThat(shown.at("/current/links/self").asString()).isEqualTo(version);
    assertThat(shown.at("/current/links/predictions").asString())
        .isEqualTo(version + "/predictions");
    assertThat(shown.at("/current/links/training").asString()).isEqualTo(self);
    assertThat(service.get(api + "/models", headers).body())
        .contains("\"self\":\"" + prefix + "/api/v1/models/" + model + "\"");
    assertThat(
            ServiceCalls.body(service.get(api + "/nowhere", headers)).path("instance").asString())
        .isEqualTo(prefix + "/api/v1/nowhere");
  }

  private static void assertPages(
      RunningService service, String context, String origin, String prefix, String... headers) {
    assertThat(
            ServiceCalls.body(service.get(context + "/v3/api-docs", headers))
                .at("/servers/0/url")
                .asString())
        .isEqualTo(origin + prefix);
    HttpResponse<String> page = service.get(context + "/swagger-ui.html", headers);
    assertThat(page.headers().firstValue("Location")).hasValue(prefix + "/swagger-ui/index.html");
    assertThat(service.get(context + "/swagger-ui/swagger-initializer.js", headers).body())
        .contains("\"" + prefix + "/v3/api-docs/swagger-config\"");
    JsonNode config =
        ServiceCalls.body(service.get(context + "/v3/api-docs/swagger-config", headers));
    assertThat(config.path("url").asString()).isEqualTo(prefix + "/v3/api-docs");
    assertThat(config.path("configUrl").asString())
        .isEqualTo(prefix + "/v3/api-docs/swagger-config");
    assertThat(
            ServiceCalls.body(service.get(context + "/actuator", headers))
                .at("/_links/self/href")
                .asString())
        .isEqualTo(origin + prefix + "/actuator");
  }

  /// Who sends a request again may come another way than the first time.
  @ParameterizedTest
  @CsvSource({"/nets, ''", "'', /nets", "/nets, /other"})
  void aReplayedAnswerHasThePrefixOfWhoGetsIt(String first, String second) {
    String key = "replayed" + first.replace('/', '-') + second.replace('/', '-');
    String body = Requests.xor("replayed");

    HttpResponse<String> one =
        trusting.train(body, "X-Forwarded-Prefix", first, "Idempotency-Key", key);
    HttpResponse<String> two =
        trusting.train(body, "X-Forwarded-Prefix", second, "Idempotency-Key", key);

    assertThat(two.headers().firstValue("Idempotency-Replayed")).hasValue("true");
    JsonNode answer = ServiceCalls.body(one);
    String path = "/api/v1/trainings/" + answer.path("id").asString();
    assertThat(answer.at("/links/self").asString()).isEqualTo(first + path);
    assertThat(one.headers().firstValue("Location")).hasValue(first + path);
    assertThat(two.headers().firstValue("Location")).hasValue(second + path);
    assertThat(two.body()).isEqualTo(one.body().replace("\"" + first + path, "\"" + second + path));
  }

  @Test
  void theOriginIsComparedWithTheHostThatTheClientSees() {
    for (String origin : List.of("https://ml.example.org", "https://ml.example.org:443")) {
      assertThat(trusting.get("/api/v1/models", with(PROXY, "Origin", origin)).statusCode())
          .as(origin)
          .isEqualTo(200);
    }
    for (String origin :
        List.of(
            "https://evil.example",
            "http://localhost:" + trusting.port(),
            "https://ml.example.org:8443",
            "https://ml.example.org.evil.example")) {
      ServiceCalls.assertProblem(
          trusting.get("/api/v1/models", with(PROXY, "Origin", origin)), 403, "foreign-origin");
    }
    assertThat(
            trusting
                .get(
                    "/api/v1/models",
                    "X-Forwarded-Host",
                    "ml.example.org:8443",
                    "X-Forwarded-Proto",
                    "https",
                    "Origin",
                    "https://ml.example.org:8443")
                .statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X-Forwarded-Port | abc",
        "X-Forwarded-Port | 99999",
        "X-Forwarded-Prefix | nets",
        "X-Forwarded-Prefix | //evil.example",
        "X-Forwarded-Prefix | /a/../..",
        "X-Forwarded-Prefix | /a b",
        "X-Forwarded-Proto | javascript",
        "X-Forwarded-Host | a b",
        "X-Forwarded-Host | a:b",
        "X-Forwarded-Host | a/b",
        "X-Forwarded-Host | ,",
        "X-Forwarded-For | ,",
        "Forwarded | for=[::1",
        "Forwarded | for=1.2.3.4:x",
        "Forwarded | host=a:b",
      })
  void malformedHeadersOfATrustedProxyAreRefused(String header, String value) {
    HttpResponse<String> answer = trusting.get("/api/v1/models", header, value);

    ServiceCalls.assertProblem(answer, 400, "bad-request");
    assertThat(ServiceCalls.body(answer).path("detail").asString()).contains("orwarded");
    assertThat(distrusting.get("/ctx/api/v1/models", header, value).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "10.0.0.0/40", "10.0.0.0/8,nonsense"})
  void aProxyThatIsNoAddressStopsTheStart(String proxies) {
    assertThatThrownBy(
            () ->
                RunningService.start(
                        List.of(
                            "--backprop.data-directory=" + directory.resolve("d"),
                            "--backprop.http.trusted-proxies=" + proxies))
                    .close())
        .hasStackTraceContaining("backprop.http.trusted-proxies")
        .hasStackTraceContaining("'" + proxies.substring(proxies.indexOf(',') + 1) + "'");
  }

  private static String[] with(String[] headers, String name, String value) {
    String[] all = Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = name;
    all[headers.length + 1] = value;
    return all;
  }
}
