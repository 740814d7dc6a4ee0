package dev.backprop.service.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallbackSenderTest {

  private static final byte[] BODY = "{\"state\":\"failed\"}".getBytes(StandardCharsets.UTF_8);

  private final Receiver receiver = new Receiver();
  private final CallbackSender sender = sender(CallbackSender.PATIENCE);

  private static CallbackSender sender(Duration patience) {
    return new CallbackSender(
        new Signature("whsec"), () -> Instant.ofEpochSecond(1_700_000_000, 999), patience);
  }

  @AfterEach
  void close() {
    sender.close();
    receiver.close();
  }

  private int send(String path) throws IOException, InterruptedException {
    return sender.send(URI.create(receiver.url(path)), BODY);
  }

  /// The digest is what `printf '1700000000.{"state":"failed"}' | openssl dgst -sha256 -hmac whsec`
  /// says.
  @Test
  void signsTimeAndBody() throws Exception {
    assertThat(send("/a?b=c")).isEqualTo(204);

    Receiver.Call call = receiver.take();
    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.path()).isEqualTo("/a?b=c");
    assertThat(call.body()).isEqualTo(new String(BODY, StandardCharsets.UTF_8));
    assertThat(call.header("Content-type")).isEqualTo("application/json");
    assertThat(call.header("Backprop-signature"))
        .isEqualTo(
            "t=1700000000,v1=90aef9abc6e3b505619d66ea3eaf69e93872550a47df5ccbd1f133db32e55828");
  }

  @Test
  void followsNoRedirect() throws Exception {
    try (Receiver other = new Receiver()) {
      receiver.answers(Receiver.redirect(other.url("/")));

      assertThat(send("/")).isEqualTo(307);

      assertThat(other.all()).isEmpty();
    }
  }

  @Test
  void readsNoLongBody() throws Exception {
    CountDownLatch broken = new CountDownLatch(1);
    receiver.answers(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream body = exchange.getResponseBody()) {
            while (true) {
              body.write(new byte[1 << 12]);
            }
          } catch (IOException e) {
            broken.countDown();
          }
        });

    assertThat(send("/")).isEqualTo(200);

    assertThat(broken.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void doesNotWaitForeverForAnAnswer() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    receiver.answers(
        exchange -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        });
    try (CallbackSender impatient = sender(Duration.ofMillis(50))) {
      assertThatThrownBy(() -> impatient.send(URI.create(receiver.url("/")), BODY))
          .isInstanceOf(HttpTimeoutException.class)
          .hasMessage("no answer within 0.05 s");
    } finally {
      end.countDown();
    }
  }

  /// Its status has come in time.
  @Test
  void doesNotWaitForeverForTheEndOfABody() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    receiver.answers(
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write('a');
          exchange.getResponseBody().flush();
          try {
            end.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        });
    try (CallbackSender impatient = sender(Duration.ofSeconds(1))) {
      assertThat(impatient.send(URI.create(receiver.url("/")), BODY)).isEqualTo(200);
    } finally {
      end.countDown();
    }
  }

  @Test
  void saysIfNobodyListens() {
    String url = receiver.url("/");
    receiver.close();

    assertThatThrownBy(() -> sender.send(URI.create(url), BODY)).isInstanceOf(IOException.class);
  }
}
