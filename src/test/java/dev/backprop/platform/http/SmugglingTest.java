package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.ServiceTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where a request ends is never in doubt: what a proxy could take for the body of one request is
/// not taken for a second one.
class SmugglingTest extends ServiceTest {

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})");

  private static final String POST =
      "POST /api/v1/trainings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

  /// It would delete, if it were taken for a request.
  private static final String SMUGGLED =
      "DELETE /api/v1/models/none HTTP/1.1\r\nHost: localhost\r\n\r\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        "Content-Length: 2, 2\r\n\r\n{}",
        "Content-Length: +2\r\n\r\n{}",
        "Content-Length: 0x2\r\n\r\n{}",
        "Content-Length : 2\r\n\r\n{}",
        "Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding:\u000bchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2 \r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}X\r\n0\r\n\r\n",
      })
  void aBodyOfDoubtfulLengthIsRefusedWithItsConnection(String rest) throws IOException {
    String answers = answers(POST + rest + SMUGGLED);

    assertThat(statuses(answers)).as(answers).containsExactly(400);
    assertThat(answers.toLowerCase(Locale.ROOT)).contains("connection: close");
  }

  @Test
  void ofTwoLengthsTheChunksCountAndTheConnectionEnds() throws IOException {
    String answers =
        answers(
            POST
                + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
                + SMUGGLED);

    assertThat(statuses(answers)).as(answers).containsExactly(422);
    assertThat(answers).contains("/model: is required").containsIgnoringCase("connection: close");
  }

  /// A folded line belongs to the header before it (RFC 9112, 5.2), so the next request begins
  /// behind the body that the headers tell of.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: y\r\n Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}",
        "Transfer-Encoding:\r\n chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
      })
  void aFoldedLineBelongsToItsHeader(String rest) throws IOException {
    String last = "GET /api/v1/nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    String answers = answers(POST + rest + last);

    assertThat(statuses(answers)).as(answers).containsExactly(422, 404);
  }

  /// All that is answered until the service closes the connection.
  private String answers(String request) throws IOException {
    try (RawConnection connection = new RawConnection(port(), PATIENCE)) {
      connection.send(request);
      return connection.rest();
    }
  }

  private static List<Integer> statuses(String answers) {
    List<Integer> statuses = new ArrayList<>();
    for (Matcher status = STATUS.matcher(answers); status.find(); ) {
      statuses.add(Integer.valueOf(status.group(1)));
    }
    return statuses;
  }
}
