package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What tests ask a service over HTTP, and what they say of its answers.
abstract class ServiceCalls {

  protected static final Duration PATIENCE = Duration.ofSeconds(60);

  protected static final JsonMapper JSON = JsonMapper.builder().build();

  /// All services of a test run describe themselves alike.
  private static @Nullable Contract contract;

  protected abstract int port();

  protected abstract HttpClient client();

  protected URI uri(String path) {
    return URI.create("http://localhost:" + port() + path);
  }

  /// @param headers names and values in turns
  protected HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(PATIENCE);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request;
  }

  /// Also holds the answer against the description of the API.
  protected HttpResponse<String> send(HttpRequest request) {
    HttpResponse<String> answer = send(request, BodyHandlers.ofString());
    // Without parameters of its parts.
    String path = request.uri().getPath().replaceAll(";[^/]*", "");
    boolean plain = answer.headers().firstValue("Content-Encoding").isEmpty();
    // A former version may have given the answer that is repeated.
    boolean repeated = answer.headers().firstValue("Idempotency-Replayed").isPresent();
    if (plain && !repeated && path.startsWith("/api/") && !request.method().equals("HEAD")) {
      contract()
          .check(
              request.method(),
              path,
              answer.statusCode(),
              answer.headers().firstValue("Content-Type").orElse(null),
              answer.body());
    }
    return answer;
  }

  protected final Contract contract() {
    synchronized (ServiceCalls.class) {
      if (contract == null) {
        contract = new Contract(get("/v3/api-docs").body());
      }
      return contract;
    }
  }

  protected <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) {
    try {
      return client().send(request, handler);
    } catch (IOException e) {
      throw new AssertionError(request.method() + " " + request.uri() + " got no answer", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  protected HttpResponse<String> get(String path, String... headers) {
    return send(request(path, headers).GET().build());
  }

  protected byte[] bytes(String path) {
    return send(request(path).GET().build(), BodyHandlers.ofByteArray()).body();
  }

  protected HttpResponse<String> delete(String path, String... headers) {
    return send(request(path, headers).DELETE().build());
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

  /// Trains to the end, which is a good one.
  ///
  /// @return the training, ended
  protected JsonNode succeeded(String json) {
    JsonNode training = trained(json);
    assertThat(training.path("state").asString()).as(training.toString()).isEqualTo("succeeded");
    return training;
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

  /// Waits until a training runs and has an epoch behind it.
  protected void awaitEpoch(String id) {
    HttpRequest events = request("/api/v1/trainings/" + id + "/events").GET().build();
    try (Stream<String> lines = send(events, BodyHandlers.ofLines()).body()) {
      assertThat(lines.anyMatch("event: epoch"::equals)).isTrue();
    }
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
