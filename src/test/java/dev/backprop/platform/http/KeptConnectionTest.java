package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import dev.backprop.ServiceTest;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A request that is refused does not cost its client the connection.
class KeptConnectionTest extends ServiceTest {

  private static final String SMALL = "{\"no\": \"body\"}";
  private static final String LARGE = "x".repeat(200_000);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 | GET | /nowhere",
        "404 | GET | /api/v1/models/nowhere",
        "404 | GET | /api/v1/models/nowhere/predictions?a=1",
        "404 | DELETE | /api/v1/datasets/nothing",
        "405 | DELETE | /api/v1/trainings",
        "405 | PUT | /api/v1/models",
        "406 | GET | /api/v1/datasets/x/rows",
      })
  void afterARequestWithoutABody(int status, String method, String path) throws IOException {
    try (RawConnection connection = new RawConnection(port(), PATIENCE)) {
      connection.send(
          method
              + " "
              + path
              + " HTTP/1.1\r\nHost: localhost\r\nAccept: "
              + (status == 406 ? "text/html" : "*/*")
              + "\r\n\r\n");
      RawConnection.Answer refused = connection.answer();
      assertThat(refused.status()).as(refused.head()).isEqualTo(status);
      assertIsOpen(connection);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 | POST | /nowhere | application/json",
        "404 | POST | /api/v1/models/nowhere/predictions | application/json",
        "405 | PUT | /api/v1/trainings | application/json",
        "405 | POST | /api/v1/models | application/json",
        "409 | POST | /api/v1/trainings/{id}/cancel | application/json",
        "415 | POST | /api/v1/trainings | text/html",
        "415 | POST | /api/v1/datasets?name=x | application/pdf",
        "422 | POST | /api/v1/models/kept/predictions | application/json",
        "422 | POST | /api/v1/trainings | application/json",
      })
  void afterABodyThatNobodyHasRead(int status, String method, String path, String type)
      throws IOException {
    if (get("/api/v1/models/kept").statusCode() == 404) {
      succeeded(Requests.xor("kept"));
    }
    String ended = body(get("/api/v1/trainings?model=kept")).at("/items/0/id").asString();
    String line = method + " " + path.replace("{id}", ended) + " HTTP/1.1\r\nHost: localhost\r\n";
    boolean isRead = status == 422;
    String small = isRead ? impossible(path) : SMALL;
    try (RawConnection connection = new RawConnection(port(), PATIENCE)) {
      connection.send(line + body(type, small));
      assertRefused(connection, status);
      connection.send(line + chunked(type, small));
      assertRefused(connection, status);
      if (!isRead) {
        connection.send(line + body(type, LARGE));
        assertRefused(connection, status);
      }
      assertIsOpen(connection);
    }
  }

  /// Bodies of which the first part shows that they cannot be.
  private static String impossible(String path) {
    if (path.endsWith("/predictions")) {
      return "{\"inputs\": [[0, 1, 2]" + ", [0, 1]".repeat(5000) + "]}";
    }
    return "{\"model\": \"NO!\", \"data\": " + Requests.XOR_DATA + "}";
  }

  @Test
  void afterMany() throws IOException {
    try (RawConnection connection = new RawConnection(port(), PATIENCE)) {
      for (int i = 0; i < 300; i++) {
        connection.send("GET /api/v1/models/nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertRefused(connection, 404);
      }
      assertIsOpen(connection);
    }
  }

  private static void assertRefused(RawConnection connection, int status) throws IOException {
    RawConnection.Answer refused = connection.answer();
    assertThat(refused.status()).as(refused.body()).isEqualTo(status);
    assertThat(refused.head().toLowerCase(Locale.ROOT)).doesNotContain("connection: close");
  }

  private static void assertIsOpen(RawConnection connection) throws IOException {
    connection.send("GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertThat(connection.answer().status()).isEqualTo(200);
  }

  private static String body(String type, String body) {
    return "Content-Type: %s\r\nContent-Length: %d\r\n\r\n%s".formatted(type, body.length(), body);
  }

  private static String chunked(String type, String body) {
    return "Content-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
        .formatted(type, body.length(), body);
  }
}
