package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ResponsivenessTest extends JobServiceTest {

  /// What an upload sends as fast as it can before it begins to dawdle.
  private static final int FAST_BYTES = 24 << 20;

  @Test
  void answersSmallRequestsWhileATrainingAndTwoLargeUploadsRun() throws Exception {
    trained(Requests.xor("small"));
    String training = begin(Requests.endless("long"));
    awaitFirstEpoch(training);
    CountDownLatch enough = new CountDownLatch(1);
    List<CompletableFuture<HttpResponse<String>>> uploads = new ArrayList<>();
    List<Upload> bodies = List.of(new Upload(enough), new Upload(enough));
    for (Upload body : bodies) {
      uploads.add(
          client()
              .sendAsync(
                  request("/api/v1/datasets?name=large")
                      .header("Content-Type", "text/csv")
                      .POST(HttpRequest.BodyPublishers.ofInputStream(() -> body))
                      .build(),
                  HttpResponse.BodyHandlers.ofString()));
    }
    for (Upload body : bodies) {
      assertThat(body.begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    int answers = 0;
    boolean bothDawdle = false;
    while (answers < 100 || !bothDawdle) {
      bothDawdle = bodies.stream().allMatch(body -> body.sent.get() >= FAST_BYTES);
      for (String path :
          List.of(
              "/api/v1/models/small/predictions?inputs=0,1",
              "/api/v1/trainings/" + training,
              "/actuator/health/liveness")) {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        answers++;
      }
      assertThat(uploads).noneMatch(CompletableFuture::isDone);
    }

    assertThat(body(get("/api/v1/trainings/" + training)).path("state").asString())
        .isEqualTo("running");
    enough.countDown();
    for (CompletableFuture<HttpResponse<String>> upload : uploads) {
      HttpResponse<String> answer = upload.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
      assertThat(delete("/api/v1/datasets/" + body(answer).path("id").asString()).statusCode())
          .isEqualTo(204);
    }
  }

  /// A CSV file that goes on, quickly and then slowly, until it is enough.
  private static final class Upload extends InputStream {

    private static final byte[] HEADER = "a,b,c\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LINES =
        "1.5,2,red\n2.5,3,green\n".repeat(400).getBytes(StandardCharsets.US_ASCII);

    final CountDownLatch begun = new CountDownLatch(1);
    private final AtomicLong sent = new AtomicLong();
    private final CountDownLatch enough;

    Upload(CountDownLatch enough) {
      this.enough = enough;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("is read in blocks");
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      begun.countDown();
      byte[] next = sent.get() == 0 ? HEADER : LINES;
      if (length < next.length) {
        throw new IllegalStateException("asked for %d bytes only".formatted(length));
      }
      try {
        if (sent.get() >= FAST_BYTES && enough.await(20, TimeUnit.MILLISECONDS)) {
          return -1;
        }
      } catch (InterruptedException e) {
        return -1;
      }
      System.arraycopy(next, 0, into, offset, next.length);
      sent.addAndGet(next.length);
      return next.length;
    }
  }
}
