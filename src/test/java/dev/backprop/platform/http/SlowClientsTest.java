package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import dev.backprop.ServiceTest;
import dev.backprop.platform.limits.Budget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/// Clients that take their time cost others nothing: silence within a request ends it. A second of
/// it does here, where the service waits for longer.
@TestPropertySource(
    properties = {
      "server.tomcat.connection-timeout=1s",
      "server.tomcat.max-connections=450",
      "backprop.training.max-streams=200"
    })
class SlowClientsTest extends ServiceTest {

  private static final int STREAMS = 200;

  @Autowired private Budget inFlight;

  @Test
  void aHeadThatStopsIsEnded() throws IOException {
    for (String head :
        List.of(
            "G", "GET /api/v1/models HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: localhost\r\nX:")) {
      try (RawConnection connection = new RawConnection(port(), PATIENCE)) {
        connection.send(head);
        assertThat(connection.rest()).doesNotContain("200");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length: 1000\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"})
  void aBodyThatStopsIsEnded(String framing) throws IOException {
    for (String path : List.of("/api/v1/trainings", "/api/v1/datasets?name=slow")) {
      try (RawConnection connection = new RawConnection(port(), PATIENCE)) {
        connection.send(
            "POST "
                + path
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + framing);
        RawConnection.Answer answer = connection.answer();
        assertThat(answer.status()).as(answer.body()).isEqualTo(408);
        assertThat(answer.body()).contains("request-timeout");
        assertThat(connection.rest()).isEmpty();
      }
    }
  }

  /// The memory of an answer that nobody reads is given back.
  @Test
  void anAnswerThatNobodyReadsIsEnded() throws IOException {
    succeeded(
        """
        {"model": "unread", "data": {"target": "y", "rows": [{"x": 1, "y": 1}, {"x": 2, "y": 2.5}, {"x": 3, "y": 2}]},
         "network": {"layers": []}, "training": {"epochs": 1}}""");
    // More than the buffers of both sides hold.
    String body = "x\n" + "1\n".repeat(600_000);
    String request =
        "POST /api/v1/models/unread/predictions HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
            + "Accept: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(body.length(), body);
    List<RawConnection> readers = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        RawConnection reader = RawConnection.ofASlowReader(port(), PATIENCE);
        readers.add(reader);
        reader.send(request);
        assertThat(reader.head()).startsWith("HTTP/1.1 200");
      }
      assertAnswers();
      spinUntilNothingIsHeld();
      for (RawConnection reader : readers) {
        assertThat(reader.rest()).doesNotEndWith("0\r\n\r\n");
      }
    } finally {
      for (RawConnection reader : readers) {
        reader.close();
      }
    }
  }

  /// More than the service takes at once: those that say nothing make room.
  @Test
  void fiveHundredIdleConnectionsKeepNobodyOut() throws IOException {
    List<RawConnection> idle = new ArrayList<>();
    try {
      for (int i = 0; i < 500; i++) {
        idle.add(new RawConnection(port(), PATIENCE));
      }
      assertAnswers();
      for (RawConnection connection : idle) {
        assertThat(connection.rest()).isEmpty();
      }
    } finally {
      for (RawConnection connection : idle) {
        connection.close();
      }
    }
  }

  @Test
  void ofTenThousandEventStreamsTwoHundredAreOpen() throws Exception {
    String id = begin(Requests.endless("watched"));
    String request = "GET /api/v1/trainings/" + id + "/events HTTP/1.1\r\nHost: localhost\r\n\r\n";
    List<RawConnection> open = new ArrayList<>();
    try {
      for (int i = 0; i < STREAMS; i++) {
        RawConnection stream = new RawConnection(port(), PATIENCE);
        open.add(stream);
        stream.send(request);
        assertThat(stream.head()).startsWith("HTTP/1.1 200");
      }
      try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Integer>> refused = new ArrayList<>();
        for (int client = 0; client < 20; client++) {
          refused.add(clients.submit(() -> refused(request, (10_000 - STREAMS) / 20)));
        }
        for (Future<Integer> of : refused) {
          assertThat(of.get()).isEqualTo((10_000 - STREAMS) / 20);
        }
      }
      assertAnswers();
    } finally {
      for (RawConnection stream : open) {
        stream.close();
      }
    }
  }

  /// How many of so many streams are refused, each asked for over a connection of its own.
  private int refused(String request, int streams) throws IOException {
    int refused = 0;
    for (int i = 0; i < streams; i++) {
      try (RawConnection connection = new RawConnection(port(), PATIENCE)) {
        connection.send(request);
        RawConnection.Answer answer = connection.answer();
        if (answer.status() == 503
            && answer.head().toLowerCase(Locale.ROOT).contains("retry-after: 10")) {
          refused++;
        }
      }
    }
    return refused;
  }

  private void assertAnswers() {
    assertThat(get("/api/v1/models").statusCode()).isEqualTo(200);
  }

  private void spinUntilNothingIsHeld() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (inFlight.held() > 0) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
