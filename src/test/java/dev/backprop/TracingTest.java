package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/// Whoever collects spans gets those of trainings and requests, if tracing is on.
@ExtendWith(OutputCaptureExtension.class)
class TracingTest {

  /// As Boot writes the ids of trace and span into a line of the log.
  private static final Pattern IDS = Pattern.compile("\\[([0-9a-f]{32})-[0-9a-f]{16}]");

  /// What was sent, as bytes in a text. Spans are in Protocol Buffers, where a text is its bytes.
  private final Queue<String> collected = new ConcurrentLinkedQueue<>();

  private HttpServer collector;

  @BeforeEach
  void collect() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          collected.add(new String(body, StandardCharsets.ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
  }

  @AfterEach
  void stop() {
    collector.stop(0);
  }

  private RunningService start(Path directory, boolean enabled) {
    String endpoint = "http://localhost:" + collector.getAddress().getPort() + "/v1/traces";
    List<String> properties =
        List.of(
            "--backprop.data-directory=" + directory,
            "--management.opentelemetry.tracing.export.otlp.endpoint=" + endpoint);
    return RunningService.start(
        enabled
            ? Stream.concat(
                    properties.stream(), Stream.of("--management.tracing.export.enabled=true"))
                .toList()
            : properties);
  }

  @Test
  void aTrainingIsASpanWhoseIdsAreInTheLog(@TempDir Path directory, CapturedOutput output) {
    String id;
    try (RunningService service = start(directory, true)) {
      id = service.succeeded(Requests.xor("traced")).path("id").asString();
    }
    assertSpan("training.id", id);
    assertSpan("training.model", "traced");
    assertSpan("training.outcome", "succeeded");
    String starts = line(output, "Training " + id + " of model traced starts");
    String ends = line(output, "Training " + id + " of model traced succeeded");
    assertThat(traceId(ends)).isEqualTo(traceId(starts));
    String accepted = line(output, "training=" + id);
    assertThat(accepted).contains("backprop.audit", "trace=" + traceId(accepted));
    assertThat(String.join("", collected)).contains(bytes(traceId(starts)));
  }

  @Test
  void aCancelledTrainingSaysSo(@TempDir Path directory) {
    try (RunningService service = start(directory, true)) {
      String id = service.begin(Requests.endless("never"));
      service.awaitEpoch(id);
      service.post("/api/v1/trainings/" + id + "/cancel", "");
      service.ended(id);
    }
    assertSpan("training.outcome", "cancelled");
  }

  @Test
  void aRequestGoesOnWithTheTraceOfItsCaller(@TempDir Path directory) {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    try (RunningService service = start(directory, true)) {
      service.get("/api/v1/models", "traceparent", "00-" + trace + "-00f067aa0ba902b7-01");
    }
    assertThat(String.join("", collected)).contains(bytes(trace));
  }

  @Test
  void nothingIsTracedUnlessItIsSwitchedOn(@TempDir Path directory, CapturedOutput output) {
    try (RunningService service = start(directory, false)) {
      ConfigurableApplicationContext context = service.context();
      assertThat(context.getBeanNamesForType(Tracer.class)).isEmpty();
      assertThat(context.getBeanNamesForType(OpenTelemetry.class)).isEmpty();
      String id = service.succeeded(Requests.xor("untraced")).path("id").asString();
      assertThat(line(output, "Training " + id + " of model untraced starts"))
          .doesNotContainPattern(IDS);
    }
    assertThat(collected).isEmpty();
  }

  /// One of the spans has an attribute with that text.
  private void assertSpan(String attribute, String value) {
    assertThat(String.join("", collected))
        .containsPattern(Pattern.quote(attribute) + "(?s)\u0012.\n." + Pattern.quote(value));
  }

  private static String bytes(String hexadecimal) {
    return new String(HexFormat.of().parseHex(hexadecimal), StandardCharsets.ISO_8859_1);
  }

  private static String line(CapturedOutput output, String part) {
    return output.getOut().lines().filter(line -> line.contains(part)).findFirst().orElseThrow();
  }

  private static String traceId(String line) {
    Matcher ids = IDS.matcher(line);
    assertThat(ids.find()).as(line).isTrue();
    return ids.group(1);
  }
}
