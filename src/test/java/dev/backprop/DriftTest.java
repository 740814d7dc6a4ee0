package dev.backprop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.platform.storage.Databases;
import dev.backprop.service.monitoring.Drifts;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What a version is asked is compared with what it was trained on, over all processes.
class DriftTest {

  private static final String DRIFT = "/api/v1/models/drifting/versions/1/drift";
  private static final String PREDICTIONS = "/api/v1/models/drifting/predictions";

  /// x is normal, and of ten kinds two are b.
  private static String row(SplittableRandom random, double shift, double share) {
    return "%s,%s"
        .formatted(random.nextGaussian() + shift, random.nextDouble() < share ? "b" : "a");
  }

  private static String rows(int n, double shift, double share, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return "x,kind\n"
        + IntStream.range(0, n)
            .mapToObj(_ -> row(random, shift, share))
            .collect(Collectors.joining("\n"))
        + "\n";
  }

  private static void train(RunningService service) throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    String rows =
        IntStream.range(0, 3_000)
            .mapToObj(
                _ -> {
                  String[] cells = row(random, 0, 0.2).split(",", -1);
                  return "{\"x\": %s, \"kind\": \"%s\", \"y\": \"%s\"}"
                      .formatted(cells[0], cells[1], cells[0].startsWith("-") ? "low" : "high");
                })
            .collect(Collectors.joining(","));
    HttpResponse<String> done =
        service.post(
            "/api/v1/trainings",
            """
            {"model": "drifting", "data": {"target": "y", "rows": [%s]}, "network": {"layers": []},
             "training": {"epochs": 3}}"""
                .formatted(rows),
            "Prefer",
            "wait=60");
    assertThat(RunningService.body(done).path("state").asString())
        .as(done.body())
        .isEqualTo("succeeded");
  }

  private static JsonNode drift(RunningService service) throws Exception {
    HttpResponse<String> answer = service.get(DRIFT);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return RunningService.body(answer);
  }

  private static void ask(RunningService service, String options, String csv) throws Exception {
    HttpResponse<String> answer =
        service.post(PREDICTIONS + options, "text/csv", csv.getBytes(UTF_8));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static void histogramsTellWhatIsCompared(RunningService service) throws Exception {
    JsonNode told = RunningService.body(service.get(DRIFT + "?histograms=true"));
    JsonNode numbers = told.at("/columns/0/histogram");
    assertThat(numbers.path("edges")).hasSize(20);
    assertThat(numbers.path("training")).hasSize(21);
    assertThat(numbers.path("now")).hasSize(21);
    assertThat(numbers.has("others")).isFalse();
    // Each bin of the training rows has about a nineteenth of them.
    assertThat(numbers.at("/training/10").asDouble()).isBetween(0.04, 0.07);
    JsonNode kinds = told.at("/columns/1/histogram");
    assertThat(kinds.path("values").toString()).isEqualTo("[\"a\",\"b\"]");
    assertThat(kinds.at("/training/1").asDouble()).isBetween(0.17, 0.23);
    assertThat(kinds.at("/others/now").asDouble()).isZero();
    assertThat(told.at("/prediction/histogram/values").toString())
        .isIn("[\"low\",\"high\"]", "[\"high\",\"low\"]");
    for (JsonNode histogram : List.of(numbers, kinds, told.path("prediction").path("histogram"))) {
      for (String when : List.of("training", "now")) {
        double all = histogram.path(when).valueStream().mapToDouble(JsonNode::asDouble).sum();
        assertThat(all).as(when).isCloseTo(1, within(1e-9));
      }
    }
  }

  private static double gauge(RunningService service) {
    Gauge gauge =
        service
            .context()
            .getBean(MeterRegistry.class)
            .find("backprop.drift.distance.max")
            .tag("model", "drifting")
            .gauge();
    return Objects.requireNonNull(gauge).value();
  }

  private static void tell(RunningService service) {
    service.context().getBean(Drifts.class).tell();
  }

  @Test
  void shiftedRowsAreSeen(@TempDir Path directory) throws Exception {
    try (RunningService service =
        RunningService.start(List.of("--backprop.data-directory=" + directory))) {
      train(service);
      JsonNode none = drift(service);
      assertThat(none.path("rows").asInt()).isZero();
      assertThat(none.path("columns").size()).isEqualTo(2);
      assertThat(none.path("prediction").path("column").asString()).isEqualTo("y");

      ask(service, "", rows(1_000, 0, 0.2, 2));
      JsonNode alike = drift(service);
      assertThat(alike.path("rows").asInt()).isEqualTo(1_000);
      for (JsonNode column : alike.path("columns")) {
        assertThat(column.path("drifted").asBoolean()).as(column.toString()).isFalse();
        assertThat(column.has("histogram")).isFalse();
      }
      histogramsTellWhatIsCompared(service);
      tell(service);
      assertThat(gauge(service)).isZero();

      ask(service, "", rows(9_000, 0.5, 0.4, 3));
      JsonNode shifted = drift(service);
      assertThat(shifted.path("rows").asInt()).isEqualTo(10_000);
      for (JsonNode column : shifted.path("columns")) {
        assertThat(column.path("drifted").asBoolean()).as(column.toString()).isTrue();
        assertThat(column.path("distance").asDouble()).isBetween(0.1, 0.4);
        assertThat(column.path("threshold").asDouble()).isGreaterThanOrEqualTo(0.1);
      }
      assertThat(shifted.path("prediction").path("drifted").asBoolean()).isTrue();
      tell(service);
      assertThat(gauge(service)).isBetween(0.1, 0.4);
      assertThat(service.get("/actuator/prometheus").body())
          .contains("backprop_drift_distance_max{");
      service.send("DELETE", "/api/v1/models/drifting", "application/json", "");
      assertThat(
              service
                  .context()
                  .getBean(MeterRegistry.class)
                  .find("backprop.drift.distance.max")
                  .gauge())
          .isNull();
    }
  }

  @Test
  void onlyAnswersCount(@TempDir Path directory) throws Exception {
    try (RunningService service =
        RunningService.start(List.of("--backprop.data-directory=" + directory))) {
      train(service);
      HttpResponse<String> first = service.get(PREDICTIONS + "?x=1&kind=a");
      String tag = first.headers().firstValue("ETag").orElseThrow();
      assertThat(service.get(PREDICTIONS + "?x=1&kind=a", "If-None-Match", tag).statusCode())
          .isEqualTo(304);
      assertThat(service.get(PREDICTIONS + "?x=1&kind=a&count=false").statusCode()).isEqualTo(200);
      assertThat(service.get(PREDICTIONS + "?x=none&kind=a").statusCode()).isEqualTo(422);
      ask(service, "?count=false", rows(50, 0, 0.2, 4));
      service.post(
          "/api/v1/models/drifting/evaluations",
          "text/csv",
          "x,kind,y\n1,a,high\n-1,b,low\n".getBytes(UTF_8));
      service.send(
          "POST",
          "/api/v1/models/drifting/surface",
          "application/json",
          "{\"x\": \"x\", \"y\": \"kind\"}");
      assertThat(drift(service).path("rows").asInt()).isEqualTo(1);
      ask(service, "?count=true&explain=true", "x,kind\n1,never seen\n1,a\n");
      JsonNode kinds = drift(service);
      assertThat(kinds.path("rows").asInt()).isEqualTo(3);
      assertThat(kinds.path("columns").path(1).path("unseen").asDouble()).isEqualTo(1 / 3.0);
      assertThat(kinds.path("columns").path(1).path("drifted").asBoolean()).isFalse();
    }
  }

  @Test
  void refusesWhatCannotBe(@TempDir Path directory) throws Exception {
    try (RunningService service =
        RunningService.start(List.of("--backprop.data-directory=" + directory))) {
      train(service);
      HttpResponse<String> count = service.get(PREDICTIONS + "?x=1&kind=a&count=no");
      assertThat(count.statusCode()).isEqualTo(400);
      assertThat(RunningService.body(count).path("detail").asString())
          .isEqualTo("count: must be true or false, was 'no'");
      assertThat(service.get(PREDICTIONS + "?x=1&kind=a&count=true&count=true").statusCode())
          .isEqualTo(400);
      assertThat(
              service
                  .post(PREDICTIONS + "?count=no", "text/csv", new byte[] {'x', '\n', '1', '\n'})
                  .statusCode())
          .isEqualTo(400);
      assertThat(service.get("/api/v1/models/drifting/versions/2/drift").statusCode())
          .isEqualTo(404);
      assertThat(service.get("/api/v1/models/nobody/versions/1/drift").statusCode()).isEqualTo(404);
      service.post(
          "/api/v1/trainings",
          """
          {"model": "bare", "data": {"inputs": [[0], [1], [2]], "targets": [[0], [1], [2]]},
           "network": {"layers": []}, "training": {"epochs": 1}}""",
          "Prefer",
          "wait=60");
      HttpResponse<String> bare = service.get("/api/v1/models/bare/versions/1/drift");
      assertThat(bare.statusCode()).isEqualTo(422);
      assertThat(RunningService.body(bare).path("detail").asString())
          .isEqualTo("this model takes bare numbers, it has no columns");
    }
  }

  @Test
  void mayBeSwitchedOff(@TempDir Path directory) throws Exception {
    try (RunningService service =
        RunningService.start(
            List.of("--backprop.data-directory=" + directory, "--backprop.drift.enabled=false"))) {
      train(service);
      ask(service, "", rows(10, 0, 0.2, 4));
      HttpResponse<String> answer = service.get(DRIFT);
      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(RunningService.body(answer).path("detail").asString())
          .isEqualTo("no rows are counted: backprop.drift.enabled is false");
    }
  }

  @Test
  void processesAddUpWhatTheyCounted() throws Exception {
    List<String> shared =
        List.of(
            "--spring.datasource.url=" + Databases.emptyPostgresql(),
            "--spring.datasource.username=postgres");
    try (RunningService one = RunningService.start(shared);
        RunningService other = RunningService.start(shared)) {
      train(one);
      ask(one, "", rows(400, 0, 0.2, 5));
      tell(one);
      ask(one, "", rows(100, 0, 0.2, 6));
      assertThat(drift(one).path("rows").asInt()).isEqualTo(500);
      awaitModel(other);
      assertThat(drift(other).path("rows").asInt()).as("what was told").isEqualTo(400);
      ask(other, "", rows(70, 0, 0.2, 7));
      tell(other);
      assertThat(drift(one).path("rows").asInt()).isEqualTo(570);
      tell(one);
      assertThat(drift(other).path("rows").asInt()).isEqualTo(570);
    }
  }

  private static void awaitModel(RunningService service) throws Exception {
    while (service.get("/api/v1/models/drifting").statusCode() == 404) {
      Thread.onSpinWait();
    }
  }
}
