package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.service.webhook.Receiver;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A URL is called when a training has ended.
class CallbackTest {

  private static final String SECRET = "correct horse battery staple";
  private static final Pattern SIGNATURE = Pattern.compile("t=([0-9]+),v1=([0-9a-f]{64})");

  @TempDir private static Path directory;
  private static RunningService service;
  private static Receiver receiver;

  @BeforeAll
  static void start() {
    receiver = new Receiver();
    service = start(directory);
  }

  @AfterAll
  static void stop() {
    service.close();
    receiver.close();
  }

  private static RunningService start(Path data) {
    return start(data, SECRET);
  }

  /// @param secret empty for none
  private static RunningService start(Path data, String secret) {
    return RunningService.start(
        List.of(
            "--backprop.data-directory=" + data,
            "--backprop.webhook.allowed-hosts=hooks.example.com,127.0.0.1",
            "--backprop.webhook.secret=" + secret));
  }

  private static String calling(String training, String url) {
    ObjectNode request = (ObjectNode) ServiceCalls.JSON.readTree(training);
    return request.put("callback", url).toString();
  }

  private static String xor(String model, String url) {
    return calling(Requests.xor(model), url);
  }

  /// The body of a call, whose signature is right.
  private static JsonNode verified(Receiver.Call call) throws Exception {
    Matcher signature = SIGNATURE.matcher(call.header("Backprop-signature"));
    assertThat(signature.matches()).as(call.header("Backprop-signature")).isTrue();
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    mac.update((signature.group(1) + ".").getBytes(StandardCharsets.UTF_8));
    assertThat(signature.group(2))
        .isEqualTo(
            HexFormat.of().formatHex(mac.doFinal(call.body().getBytes(StandardCharsets.UTF_8))));
    assertThat(Long.parseLong(signature.group(1)))
        .isBetween(System.currentTimeMillis() / 1_000 - 60, System.currentTimeMillis() / 1_000);
    return ServiceCalls.JSON.readTree(call.body());
  }

  /// Waits for the end of a callback.
  private static JsonNode settled(RunningService service, String id) {
    return Stream.generate(() -> RunningService.body(service.get("/api/v1/trainings/" + id)))
        .filter(
            training -> !training.path("callback").path("state").stringValue().equals("pending"))
        .findFirst()
        .orElseThrow();
  }

  private static ObjectNode without(JsonNode training, String... fields) {
    ObjectNode copy = (ObjectNode) training.deepCopy();
    return copy.remove(List.of(fields));
  }

  @Test
  void tellsOfASuccess() throws Exception {
    String url = receiver.url("/done?token=x");
    JsonNode accepted =
        RunningService.body(service.train(xor("called", url), "Idempotency-Key", "called"));
    assertThat(accepted.path("callback").toString())
        .isEqualTo(
            "{\"url\":\"%s\",\"state\":\"pending\",\"attempts\":0,\"status\":null,\"at\":null}"
                .formatted(url));
    String id = accepted.path("id").stringValue();

    Receiver.Call call = receiver.take();

    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.path()).isEqualTo("/done?token=x");
    assertThat(call.header("Content-type")).isEqualTo("application/json");
    JsonNode told = verified(call);
    JsonNode training = settled(service, id);
    assertThat(told.path("state").stringValue()).isEqualTo("succeeded");
    assertThat(told.has("history")).isFalse();
    assertThat(told.path("callback").path("attempts").intValue()).isEqualTo(1);
    assertThat(without(told, "callback")).isEqualTo(without(training, "callback", "history"));
    JsonNode callback = training.path("callback");
    assertThat(callback.path("state").stringValue()).isEqualTo("delivered");
    assertThat(callback.path("attempts").intValue()).isEqualTo(1);
    assertThat(callback.path("status").intValue()).isEqualTo(204);
    assertThat(callback.path("at").stringValue()).isNotNull();

    HttpResponse<String> again = service.train(xor("called", url), "Idempotency-Key", "called");
    assertThat(again.headers().firstValue("Idempotency-Replayed")).isPresent();
    assertThat(RunningService.body(again).path("id").stringValue()).isEqualTo(id);
    assertThat(service.get("/api/v1/models/called").body()).doesNotContain("callback", "token");
    assertThat(RunningService.body(service.get("/api/v1/trainings?model=called")).path("items"))
        .singleElement()
        .extracting(item -> item.path("callback"))
        .isEqualTo(callback);
    assertThat(service.get("/actuator/prometheus").body())
        .contains("backprop_webhook_deliveries_total{outcome=\"failed\"} 0.0")
        .containsPattern("backprop_webhook_deliveries_total\\{outcome=\"delivered\"} [1-9]");
  }

  @Test
  void tellsOfACancelledTraining() throws Exception {
    try (Receiver other = new Receiver()) {
      String id = service.begin(calling(Requests.endless("stopped"), other.url("/")));
      service.awaitEpoch(id);
      service.post("/api/v1/trainings/" + id + "/cancel", "");

      JsonNode told = verified(other.take());

      assertThat(told.path("id").stringValue()).isEqualTo(id);
      assertThat(told.path("state").stringValue()).isEqualTo("cancelled");
      assertThat(told.path("error").path("code").stringValue()).isEqualTo("cancelled");
    }
  }

  @Test
  void tellsOfAFailure() throws Exception {
    try (Receiver other = new Receiver()) {
      String body =
          """
          {"model": "diverged", "data": {%s}, "callback": "%s",
           "network": {"output": {"activation": "identity"}},
           "training": {"epochs": 50, "optimizer": {"type": "sgd", "learningRate": 1e30}}}"""
              .formatted(Requests.bareRows(64), other.url("/"));
      service.begin(body);

      JsonNode told = verified(other.take());

      assertThat(told.path("state").stringValue()).isEqualTo("failed");
      assertThat(told.path("error").path("code").stringValue()).isNotNull();
    }
  }

  @Test
  void withoutOneNobodyIsCalled() {
    JsonNode training = service.succeeded(Requests.xor("uncalled"));

    assertThat(training.path("callback").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://example.com/|422|must have a host of backprop.webhook.allowed-hosts, has 'example.com'",
        "http://localhost:8080/|422|has 'localhost'",
        "ftp://127.0.0.1/|422|must begin with http:// or https://",
        "http://me@127.0.0.1/|422|must have no user part",
        "http://127.0.0.1:70000/|422|from 1 to 65535, has 70000",
        "''|422|must begin with http:// or https://",
        "7|400|must be a string, was 7",
        "{}|400|must be a string, was an object"
      })
  void refusesWhatMayNotBeCalled(String url, int status, String detail) {
    String body = xor("refused", "@").replace("\"@\"", status == 400 ? url : '"' + url + '"');
    for (String path : List.of("/api/v1/trainings", "/api/v1/trainings?validateOnly=true")) {
      HttpResponse<String> answer = service.post(path, body);

      RunningService.assertProblem(
          answer, status, status == 400 ? "wrong-type" : "invalid-spec", "/callback");
      assertThat(RunningService.body(answer).path("detail").stringValue()).contains(detail);
    }
  }

  @Test
  void nullIsNone() {
    String body = xor("uncalled-too", "@").replace("\"@\"", "null");

    assertThat(service.succeeded(body).path("callback").isNull()).isTrue();
  }

  @Test
  void asksOnlyWhetherItCouldBeCalled() {
    HttpResponse<String> plan =
        service.post(
            "/api/v1/trainings?validateOnly=true",
            xor("planned", "https://hooks.example.com/?token=x"));

    assertThat(plan.statusCode()).isEqualTo(200);
    assertThat(plan.body()).doesNotContain("token");
  }

  /// A service that calls nobody leaves what waits to one that does, such as its next start.
  @Test
  void aRestartGoesOnWithIt(@TempDir Path data) throws Exception {
    try (Receiver other = new Receiver()) {
      String id;
      try (RunningService first = start(data)) {
        first.begin(Requests.endless("before"));
        id = first.begin(xor("after", other.url("/")));
      }
      try (RunningService silent = start(data, "")) {
        cancelTheFirst(silent);
        JsonNode training = silent.ended(id);
        assertThat(training.path("state").stringValue()).isEqualTo("succeeded");
        assertThat(training.path("callback").path("state").stringValue()).isEqualTo("pending");
        assertProblemWithoutSecret(silent, other.url("/"));
      }
      assertThat(other.all()).isEmpty();
      try (RunningService next = start(data)) {
        assertThat(verified(other.take()).path("id").stringValue()).isEqualTo(id);
        assertThat(settled(next, id).path("callback").path("state").stringValue())
            .isEqualTo("delivered");
      }
    }
  }

  private static void cancelTheFirst(RunningService service) {
    RunningService.body(service.get("/api/v1/trainings?model=before"))
        .path("items")
        .forEach(
            item ->
                service.post("/api/v1/trainings/" + item.path("id").stringValue() + "/cancel", ""));
  }

  private static void assertProblemWithoutSecret(RunningService service, String url) {
    HttpResponse<String> refused = service.train(xor("refused", url));
    RunningService.assertProblem(refused, 422, "invalid-spec", "/callback");
    assertThat(RunningService.body(refused).path("detail").stringValue())
        .contains("backprop.webhook.secret is not set");
  }

  @Test
  void inMemoryToo() throws Exception {
    try (Receiver other = new Receiver();
        RunningService memory =
            RunningService.start(
                List.of(
                    "--backprop.storage=memory",
                    "--backprop.webhook.allowed-hosts=127.0.0.1",
                    "--backprop.webhook.secret=" + SECRET))) {
      String id = memory.begin(xor("remembered", other.url("/")));

      assertThat(verified(other.take()).path("id").stringValue()).isEqualTo(id);
      assertThat(settled(memory, id).path("callback").path("state").stringValue())
          .isEqualTo("delivered");
    }
  }
}
