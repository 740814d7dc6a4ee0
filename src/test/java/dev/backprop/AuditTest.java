package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// The lines of the audit log, and requests a second: both are of single callers.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditTest {

  @TempDir private static Path directory;

  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
  private RunningService service;
  private String admin = "";
  private String id = "";

  @BeforeAll
  void start() {
    service =
        RunningService.start(List.of("--backprop.data-directory=" + directory.resolve("data")));
    admin =
        ServiceCalls.body(service.post("/api/v1/keys", "{\"role\": \"admin\"}"))
            .path("key")
            .asString();
    id = admin.substring(3, 11);
    appender.list = new CopyOnWriteArrayList<>();
    appender.start();
    logger().addAppender(appender);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger("backprop.audit");
  }

  @AfterAll
  void stop() {
    logger().detachAppender(appender);
    service.close();
  }

  @BeforeEach
  void forget() {
    appender.list.clear();
  }

  /// The line of the one request that has been answered since the test began. It is written after
  /// the answer.
  private String line() {
    long patience = System.nanoTime() + ServiceCalls.PATIENCE.toNanos();
    while (appender.list.isEmpty() && System.nanoTime() < patience) {
      Thread.onSpinWait();
    }
    assertThat(appender.list).hasSize(1);
    String line = appender.list.getFirst().getFormattedMessage();
    appender.list.clear();
    assertThat(line).doesNotContain(admin.substring(12));
    return line;
  }

  private String made(String json) {
    HttpResponse<String> made = service.post("/api/v1/keys", json, "X-API-Key", admin);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    String key = ServiceCalls.body(made).path("key").asString();
    assertThat(line())
        .isEqualTo(
            "key=%s method=POST route=/api/v1/keys outcome=201 socket=127.0.0.1 forwarded=- of=%s trace=-"
                .formatted(id, key.substring(3, 11)));
    return key;
  }

  @Test
  void changesAreWrittenWithWhatTheyMade() {
    HttpResponse<String> uploaded =
        service.send(
            "POST",
            "/api/v1/datasets?name=audited",
            "text/csv",
            "a,b\n1,2\n3,4\n",
            "X-API-Key",
            admin,
            "X-Forwarded-For",
            "203.0.113.7");
    String dataset = ServiceCalls.body(uploaded).path("id").asString();
    assertThat(line())
        .isEqualTo(
            "key=%s method=POST route=/api/v1/datasets outcome=201 socket=127.0.0.1 forwarded=203.0.113.7 dataset=%s rows=2 bytes=%d trace=-"
                .formatted(id, dataset, ServiceCalls.body(uploaded).path("bytes").asLong()));
    HttpResponse<String> trained =
        service.post(
            "/api/v1/trainings", Requests.xor("audited"), "X-API-Key", admin, "Prefer", "wait=60");
    assertThat(line())
        .isEqualTo(
            "key=%s method=POST route=/api/v1/trainings outcome=202 socket=127.0.0.1 forwarded=- training=%s model=audited rows=4 trace=-"
                .formatted(id, ServiceCalls.body(trained).path("id").asString()));
    service.send(
        "PUT",
        "/api/v1/models/audited/current",
        "application/json",
        "{\"version\": 1}",
        "X-API-Key",
        admin);
    assertThat(line())
        .contains(" method=PUT route=/api/v1/models/{name}/current outcome=200 ")
        .endsWith(" model=audited trace=-");
    service.send(
        "DELETE", "/api/v1/models/audited/versions/1", "application/json", "", "X-API-Key", admin);
    assertThat(line())
        .contains(" method=DELETE route=/api/v1/models/{name}/versions/{version} outcome=204 ")
        .endsWith(" model=audited version=1 trace=-");
  }

  @Test
  void whatChangesNothingIsNot() {
    service.get("/api/v1/models", "X-API-Key", admin);
    service.get("/api/v1/models/nothing", "X-API-Key", admin);
    service.post("/api/v1/trainings?validateOnly=true", Requests.xor("x"), "X-API-Key", admin);
    service.post("/api/v1/trainings", "{\"model\": 1}", "X-API-Key", admin);
    service.post("/api/v1/models/nothing/predictions", "{\"rows\": []}", "X-API-Key", admin);
    made("{\"role\": \"predict\"}"); // one line, its own
  }

  @Test
  void refusalsAreWrittenWithWhoWasRefused() {
    service.get("/api/v1/models?key=" + admin);
    assertThat(line())
        .isEqualTo(
            "key=- method=GET route=/api/v1/models outcome=401 socket=127.0.0.1 forwarded=- trace=-");
    String other = made("{\"role\": \"admin\", \"modelPrefixes\": [\"other-\"]}");
    service.get("/api/v1/models/mine", "X-API-Key", other);
    assertThat(line())
        .contains(" route=/api/v1/models/{name} outcome=404 ")
        .endsWith(" model=mine trace=-");
    String predict = made("{\"role\": \"predict\"}");
    service.send("DELETE", "/api/v1/models/x", "application/json", "", "X-API-Key", predict);
    assertThat(line())
        .isEqualTo(
            "key=%s method=DELETE route=/api/v1/models/{name} outcome=403 socket=127.0.0.1 forwarded=- model=x trace=-"
                .formatted(predict.substring(3, 11)));
    service.send(
        "DELETE",
        "/api/v1/keys/" + predict.substring(3, 11),
        "application/json",
        "",
        "X-API-Key",
        admin);
    assertThat(line()).contains(" route=/api/v1/keys/{id} outcome=204 ");
    service.get("/api/v1/models", "X-API-Key", predict);
    assertThat(line())
        .startsWith("key=" + predict.substring(3, 11) + "? ")
        .contains(" outcome=401 ");
    service.get("/api/v1/models/a%0Ab", "Origin", "https://evil.example");
    assertThat(line()).contains(" route=/api/v1/models/{name} outcome=403 ").doesNotContain("\n");
  }

  /// Of a service of its own, because others would miss the lines that are left out.
  @Test
  void aFloodOfRefusalsIsNoFloodOfLines() {
    try (RunningService other =
        RunningService.start(
            List.of("--backprop.storage=memory", "--backprop.security.anonymous=none"))) {
      for (int i = 0; i < 600; i++) {
        other.get("/api/v1/models");
      }
      assertThat(appender.list).hasSizeBetween(100, 550);
      appender.list.clear();
      // As soon as there is room for a line, it tells how many were left out.
      long patience = System.nanoTime() + ServiceCalls.PATIENCE.toNanos();
      while (appender.list.stream()
              .noneMatch(event -> event.getFormattedMessage().contains(" leftOut="))
          && System.nanoTime() < patience) {
        other.get("/api/v1/models");
      }
      assertThat(appender.list)
          .anySatisfy(event -> assertThat(event.getFormattedMessage()).contains(" leftOut="));
      appender.list.clear();
    }
  }

  @Test
  void requestsASecondAreLimitedByCaller() {
    String limited = made("{\"role\": \"predict\", \"requestsPerSecond\": 3}");
    HttpResponse<String> answer = service.get("/api/v1/models", "X-API-Key", limited);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("RateLimit-Policy")).hasValue("\"default\";q=3;w=1");
    while (answer.statusCode() == 200) {
      answer = service.get("/api/v1/models", "X-API-Key", limited);
    }
    ServiceCalls.assertProblem(answer, 429, "rate-exceeded");
    assertThat(answer.headers().firstValue("RateLimit")).hasValue("\"default\";r=0;t=1");
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(line()).contains(" outcome=429 ");
    assertThat(service.get("/api/v1/models", "X-API-Key", admin).statusCode()).isEqualTo(200);
    while (answer.statusCode() == 429) {
      answer = service.get("/api/v1/models", "X-API-Key", limited);
    }
    assertThat(answer.statusCode()).isEqualTo(200);
    appender.list.clear();
  }
}
