package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import tools.jackson.databind.JsonNode;

/// Sends requests with a key.
///
/// @param id of the key
record KeyHolder(RunningService service, String key, String id) {

  static final String HEADER = "X-API-Key";

  /// The holder of the first key of a service.
  static KeyHolder firstAdmin(RunningService service) {
    return of(service, service.post("/api/v1/keys", "{\"role\": \"admin\"}"));
  }

  private static KeyHolder of(RunningService service, HttpResponse<String> made) {
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    JsonNode key = ServiceCalls.body(made);
    return new KeyHolder(service, key.path("key").asString(), key.path("id").asString());
  }

  /// Makes another key.
  ///
  /// @param role and whatever else the key is limited by, as fields of JSON
  KeyHolder make(String role) {
    return of(service, post("/api/v1/keys", "{\"role\": " + role + "}"));
  }

  /// The same holder at another process.
  KeyHolder at(RunningService other) {
    return new KeyHolder(other, key, id);
  }

  HttpResponse<String> get(String path) {
    return service.get(path, HEADER, key);
  }

  JsonNode shown(String path) {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return ServiceCalls.body(answer);
  }

  byte[] bytes(String path) {
    return service
        .send(service.request(path, HEADER, key).GET().build(), BodyHandlers.ofByteArray())
        .body();
  }

  HttpResponse<String> delete(String path) {
    return service.delete(path, HEADER, key);
  }

  HttpResponse<String> post(String path, String json) {
    return service.post(path, json, HEADER, key);
  }

  HttpResponse<String> send(String method, String path, String type, String body) {
    return service.send(method, path, type, body, HEADER, key);
  }

  HttpResponse<String> upload(String query, String csv) {
    return send("POST", "/api/v1/datasets?" + query, "text/csv", csv);
  }

  /// @return the id
  String uploaded(String query, String csv) {
    HttpResponse<String> answer = upload(query, csv);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return ServiceCalls.body(answer).path("id").asString();
  }

  HttpResponse<String> imports(String model, byte[] zip) {
    return service.send(
        service
            .request("/api/v1/models/" + model + "/versions", HEADER, key)
            .header("Content-Type", "application/zip")
            .POST(HttpRequest.BodyPublishers.ofByteArray(zip))
            .build());
  }

  HttpResponse<String> train(String json, String... headers) {
    HttpRequest.Builder request =
        service
            .request("/api/v1/trainings", HEADER, key)
            .header("Content-Type", "application/json");
    if (headers.length > 0) {
      request.headers(headers);
    }
    return service.send(request.POST(HttpRequest.BodyPublishers.ofString(json)).build());
  }

  /// Begins a training.
  ///
  /// @return its id
  String begin(String json) {
    HttpResponse<String> answer = train(json);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return ServiceCalls.body(answer).path("id").asString();
  }

  /// Trains to the end, which is a good one.
  JsonNode succeeded(String json) {
    HttpResponse<String> answer = train(json, "Prefer", "wait=60");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    JsonNode training = ServiceCalls.body(answer);
    assertThat(training.path("state").asString()).as(training.toString()).isEqualTo("succeeded");
    return training;
  }

  HttpResponse<String> cancel(String id) {
    return post("/api/v1/trainings/" + id + "/cancel", "");
  }
}
