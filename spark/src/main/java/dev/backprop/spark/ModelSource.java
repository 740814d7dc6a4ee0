package dev.backprop.spark;

import dev.backprop.platform.json.StrictJson;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Where the bytes of an artifact come from.
final class ModelSource {

  /// The driver sends them to the executors in one array.
  private static final int MAX_BYTES = 1 << 30;

  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://?.*");
  private static final String ARTIFACT = "/artifact";

  private ModelSource() {}

  /// @param location a file of this machine, a URI of a file system, or the URL of a version
  /// @param key of the service at a URL; null for none
  /// @throws ProblemException `not-found` if there is nothing; the service's own problem if it
  ///   refuses
  static byte[] read(String location, @Nullable String key) {
    try {
      String scheme = location.toLowerCase(Locale.ROOT);
      if (scheme.startsWith("http://") || scheme.startsWith("https://")) {
        return download(location, key);
      }
      try (InputStream in = open(location)) {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
          throw tooLarge();
        }
        return bytes;
      }
    } catch (NoSuchFileException | FileNotFoundException e) {
      throw new ProblemException(
          ProblemCode.NOT_FOUND, "model: there is no file '%s'".formatted(location));
    } catch (IOException | IllegalArgumentException e) {
      throw new ProblemException(
          ProblemCode.INVALID_PARAMETER,
          "model: '%s' cannot be read: %s".formatted(location, e.getMessage()));
    }
  }

  private static InputStream open(String location) throws IOException {
    if (!SCHEME.matcher(location).matches()) {
      return Files.newInputStream(Path.of(location));
    }
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(location);
    Configuration configuration =
        SparkSession.getActiveSession().isDefined()
            ? SparkSession.active().sparkContext().hadoopConfiguration()
            : new Configuration();
    return path.getFileSystem(configuration).open(path);
  }

  private static byte[] download(String url, @Nullable String key) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url.endsWith(ARTIFACT) ? url : url + ARTIFACT))
            .timeout(Duration.ofMinutes(10));
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    try (HttpClient client =
        HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build()) {
      HttpResponse<byte[]> answer =
          client.send(
              request.build(),
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofByteArray(), MAX_BYTES));
      if (answer.statusCode() != 200) {
        throw refused(url, answer);
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /// What the service says.
  private static ProblemException refused(String url, HttpResponse<byte[]> answer) {
    String detail = "";
    String code = "";
    try {
      JsonNode problem = StrictJson.mapper().readTree(answer.body());
      code = problem.path("code").asString("");
      detail = problem.path("detail").asString("");
    } catch (JacksonException _) {
      detail = Excerpt.of(new String(answer.body(), StandardCharsets.UTF_8));
    }
    String known = code;
    return new ProblemException(
        Arrays.stream(ProblemCode.values())
            .filter(each -> each.code().equals(known))
            .findFirst()
            .orElse(ProblemCode.INVALID_PARAMETER),
        "model: '%s' answers %d: %s".formatted(url, answer.statusCode(), detail));
  }

  private static ProblemException tooLarge() {
    return new ProblemException(
        ProblemCode.TOO_LARGE, "model: must have at most %d bytes, has more".formatted(MAX_BYTES));
  }
}
