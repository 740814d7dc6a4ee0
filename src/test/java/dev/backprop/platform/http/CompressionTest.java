package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import dev.backprop.ServiceTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Long answers are compressed for those who accept it.
class CompressionTest extends ServiceTest {

  private static final int CLASSES = 150;

  @ParameterizedTest
  @ValueSource(
      strings = {"/v3/api-docs", "/swagger-ui/swagger-ui.css", "/swagger-ui/swagger-ui-bundle.js"})
  void compressesLongAnswers(String path) throws IOException {
    HttpResponse<byte[]> plain = raw(path, "Accept-Encoding", "identity");
    assertThat(header(plain, "Content-Encoding")).isEmpty();
    assertThat(header(plain, "Vary")).isEqualToIgnoringCase("Accept-Encoding");

    for (String accepted : List.of("gzip", "br, gzip;q=0.5", "GZIP")) {
      HttpResponse<byte[]> packed = raw(path, "Accept-Encoding", accepted);
      assertThat(header(packed, "Content-Encoding")).as(accepted).isEqualTo("gzip");
      assertThat(header(packed, "Vary")).isEqualToIgnoringCase("Accept-Encoding");
      assertThat(packed.body().length).isLessThan(plain.body().length / 2);
      assertThat(unpacked(packed)).isEqualTo(plain.body());
    }
    for (String accepted : List.of("br", "gzip;q=0", "br, gzip; q=0.000, deflate")) {
      HttpResponse<byte[]> unasked = raw(path, "Accept-Encoding", accepted);
      assertThat(header(unasked, "Content-Encoding")).as(accepted).isEmpty();
      assertThat(unasked.body()).isEqualTo(plain.body());
    }
  }

  @Test
  void leavesShortAnswersAndFilesAsTheyAre() {
    succeeded(Requests.xor("not-packed"));

    for (String path :
        List.of(
            "/api/v1/models/nowhere",
            "/api/v1/models/not-packed/predictions?inputs=0,1",
            "/api/v1/models/not-packed/versions/1/artifact")) {
      assertThat(header(raw(path, "Accept-Encoding", "gzip"), "Content-Encoding"))
          .as(path)
          .isEmpty();
    }
  }

  @Test
  void aCompressedAnswerHasAWeakTagAndBothTagsAreFresh() throws IOException {
    manyClasses("tagged");
    String path = "/api/v1/models/tagged/predictions?x=1";
    HttpResponse<byte[]> plain = raw(path);
    HttpResponse<byte[]> packed = raw(path, "Accept-Encoding", "gzip");

    String strong = header(plain, "ETag");
    assertThat(strong).startsWith("\"");
    assertThat(header(packed, "Content-Encoding")).isEqualTo("gzip");
    assertThat(header(packed, "ETag")).isEqualTo("W/" + strong);
    assertThat(unpacked(packed)).isEqualTo(plain.body());
    for (String tag : List.of(strong, "W/" + strong)) {
      for (String accepted : List.of("gzip", "identity")) {
        HttpResponse<byte[]> fresh =
            raw(path, "Accept-Encoding", accepted, "If-None-Match", "\"x\", " + tag);
        assertThat(fresh.statusCode()).as(tag + accepted).isEqualTo(304);
        assertThat(header(fresh, "ETag")).isEqualTo(tag);
        assertThat(header(fresh, "Vary")).isEqualToIgnoringCase("Accept-Encoding");
        assertThat(fresh.body()).isEmpty();
      }
    }
    assertThat(raw(path, "If-None-Match", "*").statusCode()).isEqualTo(304);
    assertThat(raw(path, "If-None-Match", "W/\"other\"").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/csv", "application/x-ndjson"})
  void compressesPredictionsAsTheyStream(String type) throws IOException {
    String model = "streamed-" + type.replaceAll("[^a-z]", "");
    manyClasses(model);
    String rows =
        IntStream.range(0, 500)
            .mapToObj(i -> "{\"x\": " + i + "}")
            .collect(Collectors.joining(",", "{\"rows\": [", "]}"));
    String path = "/api/v1/models/" + model + "/predictions";

    HttpResponse<byte[]> plain = predict(path, rows, type, "identity");
    HttpResponse<byte[]> packed = predict(path, rows, type, "gzip");

    assertThat(plain.body().length).isGreaterThan(500_000);
    assertThat(header(packed, "Content-Encoding")).isEqualTo("gzip");
    assertThat(header(packed, "Content-Type")).startsWith(type);
    assertThat(unpacked(packed)).isEqualTo(plain.body());
  }

  @Test
  void compressesALongProblem() throws IOException {
    String row =
        IntStream.range(0, 60)
            .mapToObj(i -> "\"column%d\": %%1$d".formatted(i))
            .collect(Collectors.joining(","));
    String rows =
        IntStream.range(0, 6)
            .mapToObj(i -> "{" + row.formatted(i) + ", \"y\": " + i + ".5}")
            .collect(Collectors.joining(","));
    succeeded(
        "{\"model\": \"faulty\", \"data\": {\"target\": \"y\", \"rows\": [%s]}, \"training\": {\"epochs\": 1}}"
            .formatted(rows));

    HttpResponse<byte[]> problem =
        raw("/api/v1/models/faulty/predictions?column0=1", "Accept-Encoding", "gzip");

    assertThat(problem.statusCode()).isEqualTo(422);
    assertThat(header(problem, "Content-Type")).startsWith("application/problem+json");
    assertThat(header(problem, "Content-Encoding")).isEqualTo("gzip");
    assertThat(JSON.readTree(unpacked(problem)).path("errors")).hasSize(59);
  }

  @Test
  void eventsAreNeitherCompressedNorBuffered() {
    String id = succeeded(Requests.xor("events-unpacked")).path("id").asString();

    HttpResponse<String> events =
        get("/api/v1/trainings/" + id + "/events", "Accept-Encoding", "gzip");

    assertThat(events.body()).contains("event: end");
    assertThat(events.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(events.headers().firstValue("X-Accel-Buffering")).hasValue("no");
  }

  private void manyClasses(String model) {
    String rows =
        IntStream.range(0, 2 * CLASSES)
            .mapToObj(i -> "{\"x\": %d, \"y\": \"class %d\"}".formatted(i, i % CLASSES))
            .collect(Collectors.joining(","));
    succeeded(
        "{\"model\": \"%s\", \"data\": {\"target\": \"y\", \"rows\": [%s]}, \"training\": {\"epochs\": 1}}"
            .formatted(model, rows));
  }

  private HttpResponse<byte[]> predict(String path, String rows, String accept, String encoding) {
    return send(
        request(
                path,
                "Accept",
                accept,
                "Accept-Encoding",
                encoding,
                "Content-Type",
                "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(rows))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> raw(String path, String... headers) {
    return send(request(path, headers).GET().build(), BodyHandlers.ofByteArray());
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static byte[] unpacked(HttpResponse<byte[]> answer) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
      return in.readAllBytes();
    }
  }
}
