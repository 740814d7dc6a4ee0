package dev.backprop.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.backprop.SteppedClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestOperations;

class IssuerRequestsTest {

  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T12:00:00Z"));
  private final RestOperations client = new IssuerRequests(clock).client();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile int status = 200;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] answer =
              Integer.toString(asked.incrementAndGet()).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private @Nullable String ask(String path) {
    return client.getForObject(
        "http://127.0.0.1:" + server.getAddress().getPort() + path, String.class);
  }

  @Test
  void eachAddressIsAskedOnceInAWhile() {
    for (int i = 0; i < 3; i++) {
      assertThat(ask("/a")).isEqualTo("1");
      assertThat(ask("/b")).isEqualTo("2");
    }
    clock.step(IssuerRequests.KEPT.minusNanos(1));
    assertThat(ask("/a")).isEqualTo("1");
    clock.step(Duration.ofNanos(1));
    assertThat(ask("/a")).isEqualTo("3");
  }

  @Test
  void soIsOneThatFails() {
    status = 500;
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> ask("/a")).isInstanceOf(HttpServerErrorException.class);
    }
    assertThat(asked).hasValue(1);
    status = 200;
    clock.step(IssuerRequests.KEPT);
    assertThat(ask("/a")).isEqualTo("2");
  }

  @Test
  void andOneThatDoesNotAnswer() {
    server.stop(0);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> ask("/a")).isInstanceOf(ResourceAccessException.class);
    }
  }
}
