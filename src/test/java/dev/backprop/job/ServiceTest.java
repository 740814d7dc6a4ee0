package dev.backprop.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The whole service over HTTP, small enough to meet its bounds; one for all tests of this package.
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "backprop.training.queue-capacity=3",
      "backprop.training.max-streams=3",
      "backprop.training.heartbeat=100ms"
    })
abstract class ServiceTest {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  static final JsonMapper JSON = JsonMapper.builder().build();

  @LocalServerPort private int port;
  @Autowired TrainingJobs jobs;
  @Autowired MemoryLedger ledger;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  /// Leaves nothing that the next test would wait for.
  @AfterEach
  void cancelEverything() throws InterruptedException {
    for (TrainingJob job : jobs.active()) {
      post("/api/v1/trainings/" + job.id() + "/cancel", "");
      job.awaitEnd(PATIENCE);
    }
    client.shutdownNow();
  }

  URI uri(String path) {
    return URI.create("http://localhost:" + port + path);
  }

  /// @param headers names and values in turns
  HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(PATIENCE);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request;
  }

  HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(request.method() + " " + request.uri() + " got no answer", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpClient client() {
    return client;
  }

  HttpResponse<String> get(String path, String... headers) {
    return send(request(path, headers).GET().build());
  }

  HttpResponse<String> delete(String path) {
    return send(request(path).DELETE().build());
  }

  HttpResponse<String> post(String path, String json, String... headers) {
    return send(
        request(path, headers)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  HttpResponse<String> train(String json, String... headers) {
    return post("/api/v1/trainings", json, headers);
  }

  /// Trains to the end.
  ///
  /// @return the training, ended
  JsonNode trained(String json) {
    HttpResponse<String> answer = train(json, "Prefer", "wait=60");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return ended(body(answer).path("id").asString());
  }

  /// Waits for the end of a training.
  JsonNode ended(String id) {
    JsonNode training = body(get("/api/v1/trainings/" + id, "Prefer", "wait=60"));
    assertThat(training.path("state").asString())
        .as(training.toString())
        .isIn("succeeded", "failed", "cancelled");
    return training;
  }

  /// Begins a training that goes on until it is cancelled.
  ///
  /// @return its id
  String begin(String json) {
    HttpResponse<String> answer = train(json);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return body(answer).path("id").asString();
  }

  /// Waits until a training runs and has an epoch behind it.
  void awaitFirstEpoch(String id) throws InterruptedException {
    TrainingJob job = jobs.find(id).orElseThrow();
    assertThat(job.await(0, PATIENCE, () -> false).epochs()).isNotEmpty();
  }

  static JsonNode body(HttpResponse<String> answer) {
    return JSON.readTree(answer.body());
  }

  static void assertProblem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(body(answer).path("code").asString()).isEqualTo(code);
    assertThat(body(answer).path("status").asInt()).isEqualTo(status);
  }

  static void assertProblem(HttpResponse<String> answer, int status, String code, String pointer) {
    assertProblem(answer, status, code);
    assertThat(body(answer).path("errors").path(0).path("pointer").asString())
        .as(answer.body())
        .isEqualTo(pointer);
  }
}
