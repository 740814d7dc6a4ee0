package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.storage.Databases;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The whole service over HTTP, with its embedded database and small enough to meet its bounds. All
/// tests share one, so none may take another's names.
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "backprop.training.queue-capacity=3",
      "backprop.training.max-streams=3",
      "backprop.training.heartbeat=100ms",
      "backprop.http.max-body.json=1MB"
    })
public abstract class ServiceTest {

  protected static final Duration PATIENCE = Duration.ofSeconds(60);

  protected static final JsonMapper JSON = JsonMapper.builder().build();

  @LocalServerPort private int port;
  private @Nullable HttpClient client;

  @DynamicPropertySource
  static void dataDirectory(DynamicPropertyRegistry registry) {
    Path directory = Databases.temporaryDirectory();
    registry.add("backprop.data-directory", () -> directory);
  }

  /// Leaves nothing that the next test would wait for.
  @AfterEach
  void cancelEverything() {
    for (String state : List.of("queued", "running")) {
      body(get("/api/v1/trainings?state=" + state)).path("items").forEach(this::cancel);
    }
    client().shutdownNow();
    client = null;
  }

  private void cancel(JsonNode training) {
    String id = training.path("id").asString();
    post("/api/v1/trainings/" + id + "/cancel", "");
    ended(id);
  }

  protected int port() {
    return port;
  }

  protected URI uri(String path) {
    return URI.create("http://localhost:" + port + path);
  }

  /// @param headers names and values in turns
  protected HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(PATIENCE);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request;
  }

  protected HttpResponse<String> send(HttpRequest request) {
    try {
      return client().send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(request.method() + " " + request.uri() + " got no answer", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  protected final HttpClient client() {
    if (client == null) {
      client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(PATIENCE)
              .build();
    }
    return client;
  }

  protected HttpResponse<String> get(String path, String... headers) {
    return send(request(path, headers).GET().build());
  }

  protected HttpResponse<String> delete(String path) {
    return send(request(path).DELETE().build());
  }

  protected HttpResponse<String> post(String path, String json, String... headers) {
    return send("POST", path, "application/json", json, headers);
  }

  /// @param type the body's Content-Type
  protected HttpResponse<String> send(
      String method, String path, String type, String body, String... headers) {
    return send(
        request(path, headers)
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  protected HttpResponse<String> train(String json, String... headers) {
    return post("/api/v1/trainings", json, headers);
  }

  /// Trains to the end.
  ///
  /// @return the training, ended
  protected JsonNode trained(String json) {
    HttpResponse<String> answer = train(json, "Prefer", "wait=60");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return ended(body(answer).path("id").asString());
  }

  /// Waits for the end of a training.
  protected JsonNode ended(String id) {
    JsonNode training = body(get("/api/v1/trainings/" + id, "Prefer", "wait=60"));
    assertThat(training.path("state").asString())
        .as(training.toString())
        .isIn("succeeded", "failed", "cancelled");
    return training;
  }

  /// Begins a training that goes on until it is cancelled.
  ///
  /// @return its id
  protected String begin(String json) {
    HttpResponse<String> answer = train(json);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return body(answer).path("id").asString();
  }

  protected static JsonNode body(HttpResponse<String> answer) {
    return JSON.readTree(answer.body());
  }

  protected static void assertProblem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(body(answer).path("code").asString()).isEqualTo(code);
    assertThat(body(answer).path("status").asInt()).isEqualTo(status);
  }

  protected static void assertProblem(
      HttpResponse<String> answer, int status, String code, String pointer) {
    assertProblem(answer, status, code);
    assertThat(body(answer).path("errors").path(0).path("pointer").asString())
        .as(answer.body())
        .isEqualTo(pointer);
  }

  protected static void assertRefused(HttpResponse<String> answer, Refusal refusal) {
    assertProblem(answer, refusal.status(), refusal.code(), refusal.pointer());
    assertThat(body(answer).path("detail").asString()).contains(refusal.detail());
  }
}
