package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import dev.backprop.ServiceTest;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.ComputeSlots;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/// Bodies that are too long, compressed, broken or never end.
class BodiesTest extends ServiceTest {

  private static final String TRAININGS = "/api/v1/trainings";
  private static final String ONE_MEGABYTE = "1048576";

  @Autowired private ComputeSlots slots;
  @Autowired private Budget inFlight;

  @Test
  void refusesABodyWhoseToldLengthExceedsTheLimitBeforeItComes() throws IOException {
    try (RawConnection connection = new RawConnection(port(), PATIENCE)) {
      connection.send(
          """
          POST /api/v1/trainings HTTP/1.1\r
          Host: localhost\r
          Content-Type: application/json\r
          Content-Length: 1048577\r
          \r
          """);

      RawConnection.Answer answer = connection.answer();

      assertThat(answer.status()).as(answer.head()).isEqualTo(413);
      assertThat(JSON.readTree(answer.body()).path("detail").asString())
          .contains(ONE_MEGABYTE)
          .contains("1048577");
    }
  }

  @Test
  void refusesABodyInChunksWhenItExceedsTheLimit() {
    byte[] body =
        (Requests.xor("too-large") + " ".repeat(1 << 20)).getBytes(StandardCharsets.UTF_8);

    HttpResponse<String> answer =
        send(
            request(TRAININGS)
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                .build());

    assertProblem(answer, 413, "too-large");
    assertThat(body(answer).path("detail").asString()).contains(ONE_MEGABYTE);
    assertThat(body(get(TRAININGS + "?model=too-large")).path("items")).isEmpty();
  }

  @Test
  void countsTheDecodedBytesOfAGzip() throws IOException {
    byte[] bomb = gzipped(Requests.xor("bomb") + " ".repeat(1 << 20));
    assertThat(bomb).hasSizeLessThan(10_000);

    assertProblem(gzip(TRAININGS, "application/json", bomb), 413, "too-large");
    HttpResponse<String> accepted =
        gzip(TRAININGS + "?validateOnly=true", "application/json", gzipped(Requests.xor("small")));
    assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(200);
  }

  @Test
  void refusesBrokenGzip() throws IOException {
    byte[] whole = gzipped(Requests.xor("broken"));

    assertProblem(
        gzip(
            TRAININGS, "application/json", Requests.xor("broken").getBytes(StandardCharsets.UTF_8)),
        400,
        "malformed-gzip");
    assertProblem(
        gzip(TRAININGS, "application/json", Arrays.copyOf(whole, whole.length - 9)),
        400,
        "malformed-gzip");
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "zstd", "deflate", "gzip, gzip"})
  void refusesOtherEncodings(String encoding) {
    HttpResponse<String> answer =
        post(TRAININGS, Requests.xor("encoded"), "Content-Encoding", encoding);

    assertProblem(answer, 415, "unsupported-media-type");
    assertThat(body(answer).path("detail").asString()).contains(encoding);
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/trainings, application/json, zz",
    "/api/v1/trainings, application/json, -1",
    "/api/v1/trainings, application/json, 7fffffffffffffff1",
    "/api/v1/datasets?name=chunks, text/csv, zz"
  })
  void refusesChunksThatAreNone(String path, String type, String size) throws IOException {
    try (RawConnection connection = new RawConnection(port(), PATIENCE)) {
      connection.send(
          """
          POST %s HTTP/1.1\r
          Host: localhost\r
          Content-Type: %s\r
          Transfer-Encoding: chunked\r
          \r
          """
              .formatted(path, type));
      connection.send("1\r\n \r\n" + size + "\r\n{}\r\n0\r\n\r\n");

      RawConnection.Answer answer = connection.answer();

      assertThat(answer.status()).as(answer.head()).isEqualTo(400);
      JsonNode problem = JSON.readTree(answer.body());
      assertThat(problem.path("code").asString()).isEqualTo("bad-request");
      assertThat(problem.path("instance").asString()).isEqualTo(path.replaceFirst("\\?.*", ""));
    }
  }

  @Test
  void keepsNothingOfAnUploadWhoseClientHasGone() throws IOException {
    long heldBefore = held();
    int slotsBefore = slots.available();
    try (RawConnection connection = new RawConnection(port(), PATIENCE)) {
      connection.send(
          """
          POST /api/v1/datasets?name=gone HTTP/1.1\r
          Host: localhost\r
          Content-Type: text/csv\r
          Idempotency-Key: gone\r
          Content-Length: 100000000\r
          \r
          a,b,c
          """);
      connection.send("1.5,red,2\n2.5,green,3\n".repeat(100_000));
      until(held -> held > heldBefore);
      connection.reset();
    }

    until(held -> held == heldBefore);
    assertThat(slots.available()).isEqualTo(slotsBefore);
    assertThat(get("/api/v1/datasets").body()).doesNotContain("\"gone\"");
    HttpResponse<String> again =
        send(
            "POST",
            "/api/v1/datasets?name=gone",
            "text/csv",
            "a\n1\n2\n",
            "Idempotency-Key",
            "gone");
    assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
    assertThat(again.headers().firstValue("Idempotency-Replayed")).isEmpty();
  }

  @Test
  void keepsNothingOfPredictionsWhoseClientHasGone() throws IOException {
    trained(Requests.xor("gone"));
    try (RawConnection connection = new RawConnection(port(), PATIENCE)) {
      connection.send(
          """
          POST /api/v1/models/gone/predictions HTTP/1.1\r
          Host: localhost\r
          Content-Type: application/json\r
          Content-Length: 1000000\r
          \r
          {"inputs": [
          """);
      connection.send("[0,1],".repeat(100_000));
      spin(() -> inFlight.held() > 0);
      connection.reset();
    }

    spin(() -> inFlight.held() == 0);
  }

  private HttpResponse<String> gzip(String path, String type, byte[] body) {
    return send(
        request(path)
            .header("Content-Type", type)
            .header("Content-Encoding", "gzip")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build());
  }

  private static byte[] gzipped(String text) {
    return Requests.gzipped(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Bytes that tables hold, by the service's own meter.
  private long held() {
    Matcher meter =
        Pattern.compile("(?m)^backprop_datasets_held_bytes (\\S+)$")
            .matcher(get("/actuator/prometheus").body());
    assertThat(meter.find()).isTrue();
    return (long) Double.parseDouble(meter.group(1));
  }

  private void until(LongPredicate condition) {
    spin(() -> condition.test(held()));
  }

  private static void spin(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
