package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import dev.backprop.ServiceTest;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/// Texts that are made to be taken for something else: for a path, for a header, for a line of the
/// log, for SQL; and names that are made to be slow to look up.
@ExtendWith(OutputCaptureExtension.class)
class AttackTest extends ServiceTest {

  private static final String LINE = "x\r\nX-Injected: 1\r\n\r\nInjected";

  @Value("${server.tomcat.connection-timeout}")
  private String silence;

  /// [SlowClientsTest] shows what comes of it.
  @Test
  void silenceOfTwentySecondsEndsARequest() {
    assertThat(silence).isEqualTo("20s");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../../etc/passwd", "..", "../x", "/etc/passwd", "..\\x", "a/../../b", "a\0b"})
  void noNameIsAPath(String name) throws IOException {
    assertProblem(
        train(JSON.writeValueAsString(Map.of("model", name, "data", Map.of()))),
        422,
        "invalid-spec");
    for (String path :
        List.of("/api/v1/models/%s", "/api/v1/datasets/%s/rows", "/swagger-ui/%s", "/%s")) {
      String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8);
      HttpResponse<String> answer = get(path.formatted(encoded));
      assertThat(answer.statusCode()).as(path + " " + answer.body()).isIn(400, 404);
      assertThat(answer.body()).doesNotContain("root:");
    }
  }

  @Test
  void noNameIsAHeaderOrALineOfTheLog(CapturedOutput output) {
    String encoded = URLEncoder.encode(LINE, StandardCharsets.UTF_8);
    List<HttpResponse<String>> answers =
        List.of(
            get("/api/v1/models/" + encoded),
            get("/api/v1/models?" + encoded + "=1"),
            get("/api/v1/models?cursor=" + encoded),
            get("/api/v1/trainings?model=" + encoded),
            get("/api/v1/trainings?limit=1&state=" + encoded),
            get("/api/v1/models/nowhere/predictions?" + encoded + "=" + encoded),
            post("/api/v1/datasets?name=" + encoded, "{\"rows\": [{\"a\": 1}]}"),
            train(JSON.writeValueAsString(Map.of("model", LINE))),
            train(JSON.writeValueAsString(Map.of(LINE, 1))),
            uploaded(LINE));
    for (HttpResponse<String> answer : answers) {
      assertThat(answer.headers().map()).doesNotContainKey("x-injected");
      assertThat(answer.body().lines()).noneMatch(line -> line.startsWith("Injected"));
    }
    assertThat(output.getAll().lines())
        .noneMatch(line -> line.startsWith("X-Injected") || line.startsWith("Injected"));
  }

  /// A data set whose column has that name goes out again as it came in.
  private HttpResponse<String> uploaded(String column) {
    HttpResponse<String> upload =
        post(
            "/api/v1/datasets?name=lines",
            JSON.writeValueAsString(Map.of("rows", List.of(Map.of(column, "a")))));
    assertThat(upload.statusCode()).as(upload.body()).isEqualTo(201);
    return get("/api/v1/datasets/" + body(upload).path("id").asString() + "/rows");
  }

  /// Such a name is refused nowhere, for columns may have it.
  @Test
  void aColumnMayHaveLinesInItsName() {
    String column = JSON.writeValueAsString(LINE);
    succeeded(
        """
        {"model": "lines", "data": {"target": "y", "rows": [{%s: 1, "y": 1}, {%s: 2, "y": 2.5}, {%s: 3, "y": 2}]},
         "network": {"layers": []}, "training": {"epochs": 1}}"""
            .formatted(column, column, column));
    String query = URLEncoder.encode(LINE, StandardCharsets.UTF_8) + "=2";

    HttpResponse<String> answer = get("/api/v1/models/lines/predictions?" + query);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x' OR '1'='1",
        "x'; DROP TABLE trainings; --",
        "x\" OR 1=1 --",
        "x') UNION SELECT name, sql FROM sqlite_master --",
        "%",
        "_",
      })
  void noFilterIsSql(String text) {
    String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8);
    succeeded(Requests.xor("filtered"));

    HttpResponse<String> trainings = get("/api/v1/trainings?model=" + encoded);
    assertThat(trainings.statusCode()).as(trainings.body()).isIn(200, 400);
    assertThat(body(trainings).path("items")).isEmpty();
    for (String path :
        List.of(
            "/api/v1/trainings?state=%s",
            "/api/v1/trainings?cursor=%s",
            "/api/v1/trainings/%s",
            "/api/v1/models?cursor=%s",
            "/api/v1/models/%s",
            "/api/v1/models/filtered/versions/%s",
            "/api/v1/datasets?cursor=%s",
            "/api/v1/datasets/%s")) {
      HttpResponse<String> answer = get(path.formatted(encoded.replace("+", "%20")));
      assertThat(answer.statusCode()).as(path + " " + answer.body()).isIn(400, 404);
    }
    assertThat(body(get("/api/v1/trainings?model=filtered")).path("items")).isNotEmpty();
  }

  @Test
  void aFloodOfHeadersIsRefused() throws IOException {
    try (RawConnection connection = new RawConnection(port(), PATIENCE)) {
      connection.send("GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\n");
      connection.send("X: y\r\n".repeat(1_000) + "\r\n");
      RawConnection.Answer answer = connection.answer();
      assertThat(answer.status()).as(answer.head()).isIn(400, 431);
    }
  }

  /// The head has no end; the service makes one.
  @Test
  void headersWithoutEndAreRefused() throws IOException {
    try (RawConnection connection = new RawConnection(port(), PATIENCE)) {
      connection.send("GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\n");
      connection.send("X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n".repeat(2_000));
      assertThat(connection.rest()).containsPattern("HTTP/1.1 4(00|31) ");
    }
  }

  /// Columns whose names have the same hash: in a table without order each would be compared with
  /// all others.
  @Test
  void namesOfTheSameHashAreFoundQuickly() {
    List<String> names = colliding(15);
    assertThat(names.stream().map(String::hashCode).distinct()).hasSize(1);
    String row =
        names.stream()
            .map(name -> "\"" + name + "\": 1")
            .collect(Collectors.joining(",", "{", "}"));
    String other =
        names.reversed().stream()
            .map(name -> "\"" + name + "\": 2")
            .collect(Collectors.joining(",", "{", "}"));
    HttpResponse<String> upload =
        post(
            "/api/v1/datasets?name=colliding",
            "{\"rows\": [" + row + "," + String.join(",", Collections.nCopies(8, other)) + "]}");
    assertThat(upload.statusCode()).as(upload.body()).isEqualTo(201);
    assertThat(body(upload).path("columns")).hasSize(names.size());

    String fields =
        names.stream()
            .limit(20_000)
            .map(name -> "\"" + name + "\": 1")
            .collect(Collectors.joining(","));
    assertProblem(train("{\"data\": {\"columns\": {" + fields + "}}}"), 400, "wrong-type");
    String query = colliding(11).stream().map(name -> name + "=1").collect(Collectors.joining("&"));
    assertProblem(get("/api/v1/models/nowhere/predictions?" + query), 404, "not-found");
    assertProblem(get("/api/v1/models?" + query), 400, "unknown-parameter");
  }

  @Test
  void fieldsOfAFormThatHaveTheSameHashAreRefusedAtOnce() {
    String form =
        colliding(15).stream()
            .map(
                name -> "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n1\r\n")
            .collect(Collectors.joining());

    assertProblem(
        send(
            "POST",
            "/api/v1/datasets?name=form",
            "multipart/form-data; boundary=x",
            form + "--x--"),
        400,
        "malformed-data");
  }

  /// Texts of twice so many letters that have one hash: `Aa` and `BB` have.
  private static List<String> colliding(int pairs) {
    List<String> names = List.of("");
    for (int i = 0; i < pairs; i++) {
      List<String> longer = new ArrayList<>();
      for (String name : names) {
        longer.add(name + "Aa");
        longer.add(name + "BB");
      }
      names = longer;
    }
    return names;
  }
}
