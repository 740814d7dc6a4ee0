package dev.backprop.spark.training;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Sends a finished model to a service.
///
/// @param key null for none
record ModelUpload(URI service, @Nullable String key) {

  private static final int ATTEMPTS = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofSeconds(3);

  /// @throws ProblemException if the URL is none, or the file cannot be read
  static ModelUpload of(String service, @Nullable String keyFile) {
    URI uri;
    try {
      uri = URI.create(service.endsWith("/") ? service : service + "/");
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          ProblemCode.INVALID_PARAMETER, "--service: must be a URL, was '%s'".formatted(service));
    }
    if (!"http".equals(uri.getScheme()) && !"https".equals(uri.getScheme())) {
      throw new ProblemException(
          ProblemCode.INVALID_PARAMETER,
          "--service: must be a URL of http or https, was '%s'".formatted(service));
    }
    try {
      return new ModelUpload(
          uri, keyFile == null ? null : Files.readString(Path.of(keyFile)).strip());
    } catch (IOException e) {
      throw new ProblemException(
          ProblemCode.NOT_FOUND, "--key-file: there is no file '%s' to read".formatted(keyFile));
    }
  }

  /// Sends it, and again while the service cannot take it. What was sent twice is there once.
  ///
  /// @param idempotencyKey the same for the same artifact
  /// @return the place of the version
  /// @throws ProblemException with the code that the service gave
  String send(String model, byte[] artifact, String idempotencyKey) throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.resolve("api/v1/models/%s/versions".formatted(model)))
            .timeout(Duration.ofMinutes(5))
            .header("Content-Type", "application/zip")
            .header("Idempotency-Key", idempotencyKey)
            .POST(HttpRequest.BodyPublishers.ofByteArray(artifact));
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      ProblemException last = null;
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (attempt > 0) {
          Thread.sleep(PAUSE);
        }
        try {
          HttpResponse<String> answer =
              client.send(request.build(), HttpResponse.BodyHandlers.ofString());
          if (answer.statusCode() == 201) {
            return answer.headers().firstValue("Location").orElse("");
          }
          last = problem(answer);
          if (!mayPass(answer.statusCode(), last)) {
            throw last;
          }
        } catch (IOException e) {
          last =
              new ProblemException(
                  ProblemCode.STORAGE_UNAVAILABLE,
                  "--service: '%s' cannot be reached: %s".formatted(service, e));
        }
      }
      throw last == null ? new IllegalStateException("nothing was sent") : last;
    }
  }

  private static boolean mayPass(int status, ProblemException problem) {
    return status == 429
        || status == 502
        || status == 503
        || status == 504
        || problem.code() == ProblemCode.IDEMPOTENCY_KEY_IN_USE;
  }

  private static ProblemException problem(HttpResponse<String> answer) {
    String detail = "--service: answered " + answer.statusCode();
    ProblemCode code = ProblemCode.INTERNAL_ERROR;
    try {
      JsonNode body = JsonMapper.shared().readTree(answer.body());
      code = code(body.path("code").asString("")).orElse(code);
      detail += ": " + body.path("detail").asString("");
    } catch (JacksonException _) {
      // The answer is not the service's.
    }
    return new ProblemException(code, detail);
  }

  private static Optional<ProblemCode> code(String word) {
    for (ProblemCode code : ProblemCode.values()) {
      if (code.code().equals(word.toLowerCase(Locale.ROOT))) {
        return Optional.of(code);
      }
    }
    return Optional.empty();
  }
}
