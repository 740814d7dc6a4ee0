package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.ServiceTest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Paths and queries that are written wrongly are told how to write them, and those that are long
/// are read whole.
class TargetFaultTest extends ServiceTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/models?a|b=1; the query has the raw character '|', which must be sent as %7C",
        "/api/v1/models/{a}; the path has the raw character '{', which must be sent as %7B",
        "/api/v1/models?a={a}; the query has the raw character '{', which must be sent as %7B",
        "/api/v1/models?a=[1]; the query has the raw character '[', which must be sent as %5B",
        "/api/v1/models/[1]; the path has the raw character '[', which must be sent as %5B",
        "/api/v1/models?a=<1; the query has the raw character '<', which must be sent as %3C",
        "/api/v1/models#x; the path has the raw character '#', which must be sent as %23",
        "http://x/api/v1/models?a|b; the query has the raw character '|', which must be sent as %7C",
        "/api/v1/mo dels; the URL has a raw space, which must be sent as %20",
        "/api/v1/models?a=ä; the query has the raw byte 0xC3, which must be sent as %C3, as every byte of UTF-8 that is not ASCII",
        "/api/v1/models/ä; the path has the raw byte 0xC3, which must be sent as %C3, as every byte of UTF-8 that is not ASCII",
        "/api/v1/models?limit=%zz; the query has '%zz': two hexadecimal digits must follow a %, which itself is sent as %25",
        "/api/v1/models?limit=5%; the query has '%': two hexadecimal digits must follow a %, which itself is sent as %25",
        "/api/v1/models/%zz; the path has '%zz': two hexadecimal digits must follow a %, which itself is sent as %25",
        "/api/v1/models?b=%C3%A4%C0x; the query has the escape %C0, which is no UTF-8; ä is sent as %C3%A4",
        "/api/v1/models/%E4; the path has the escape %E4, which is no UTF-8; ä is sent as %C3%A4",
        "/api/v1/models/a%2fb; the path has the escape %2f, which stands in no name",
        "/api/v1/models/a%5Cb; the path has the escape %5C, which stands in no name",
        "/api/v1/models/a%00b; the path has the escape %00, which stands in no name",
        "/api/v1/models?=3; the query has a value without a name, '=3'",
        "/actuator/health?a=%zz; the query has '%zz': two hexadecimal digits must follow a %, which itself is sent as %25",
      })
  void tellsWhatIsWrongAndWhatToSend(String line) throws IOException {
    String[] parts = line.split("; ", 2);
    RawConnection.Answer answer;
    try (RawConnection connection = new RawConnection(port(), PATIENCE)) {
      connection.send(
          "GET " + parts[0] + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      answer = connection.answer();
    }

    assertThat(answer.status()).as(answer.head()).isEqualTo(400);
    JsonNode problem = JSON.readTree(answer.body());
    assertThat(problem.path("code").asString()).isEqualTo("bad-request");
    assertThat(problem.path("detail").asString()).isEqualTo(parts[1]);
  }

  /// As many parameters as there is room for in a URL, none of them passed over.
  @Test
  void predictsARowOfThousandsOfColumns() {
    String row =
        IntStream.range(0, 1001)
            .mapToObj(i -> "\"f" + i + "\": %1$d")
            .collect(Collectors.joining(","));
    String rows =
        IntStream.range(0, 4)
            .mapToObj(i -> "{" + row.formatted(i) + ", \"y\": \"" + "ab".charAt(i % 2) + "\"}")
            .collect(Collectors.joining(","));
    succeeded(
        "{\"model\": \"wide\", \"data\": {\"target\": \"y\", \"rows\": [%s]}, \"training\": {\"epochs\": 1}}"
            .formatted(rows));
    String query =
        IntStream.range(0, 1001).mapToObj(i -> "f" + i + "=1").collect(Collectors.joining("&"));

    HttpResponse<String> answer = get("/api/v1/models/wide/predictions?" + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertProblem(
        get("/api/v1/models/wide/predictions?" + query + "&".repeat(20_000) + "f1=2"),
        400,
        "repeated-parameter");
  }
}
