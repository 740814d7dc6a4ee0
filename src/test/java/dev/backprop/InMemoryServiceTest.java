package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/// The whole of the API without a database; all other tests of the service start it with one.
@TestPropertySource(properties = "backprop.storage=memory")
class InMemoryServiceTest extends ServiceTest {

  private static final String DATASETS = "/api/v1/datasets";
  private static final String TRAININGS = "/api/v1/trainings";
  private static final String MODELS = "/api/v1/models";
  private static final String KEY = "Idempotency-Key";

  private HttpResponse<String> upload(String name, String... headers) {
    return send("POST", DATASETS + "?name=" + name, "text/csv", Requests.penguinsCsv(), headers);
  }

  private List<String> listed(String path, String field) {
    return body(get(path)).path("items").valueStream().map(i -> i.path(field).asString()).toList();
  }

  @Test
  void aDataSetIsKeptReadListedAndDeleted() {
    JsonNode first = body(upload("kept"));
    JsonNode second = body(upload("kept-too"));
    String path = DATASETS + "/" + first.path("id").asString();

    assertThat(body(get(path))).isEqualTo(first);
    assertThat(body(get(path + "/rows?limit=2")).path("rows")).hasSize(2);
    JsonNode page = body(get(DATASETS + "?limit=1"));
    assertThat(page.path("items").path(0).path("id")).isEqualTo(second.path("id"));
    assertThat(
            body(get(DATASETS + "?limit=1&cursor=" + page.path("nextCursor").asString()))
                .path("items")
                .path(0)
                .path("id"))
        .isEqualTo(first.path("id"));
    assertThat(delete(path).statusCode()).isEqualTo(204);
    assertProblem(get(path), 404, "not-found");
    assertProblem(delete(path), 404, "not-found");
  }

  @Test
  void aModelIsTrainedFromADataSetAndAnswers() {
    String dataset = body(upload("penguins")).path("id").asString();
    String request =
        """
        {"model": "species", "data": {"dataset": "%s", "target": "species"},
         "training": {"epochs": 40, "seed": 1}}"""
            .formatted(dataset);

    JsonNode training = trained(request);
    assertThat(training.path("state").asString()).as(training.toString()).isEqualTo("succeeded");
    assertThat(training.path("metrics").path("validationAccuracy").asDouble()).isGreaterThan(0.9);
    assertThat(trained(request).path("metrics")).isEqualTo(training.path("metrics"));

    String model = MODELS + "/species";
    String row =
        """
        {"rows": [{"island": "Torgersen", "bill_length_mm": 39.1, "bill_depth_mm": 18.7,
                   "flipper_length_mm": 181, "body_mass_g": 3750, "sex": "male", "year": 2007}]}""";
    HttpResponse<String> two = post(model + "/predictions", row);
    HttpResponse<String> one = post(model + "/versions/1/predictions", row);
    assertThat(body(two).path("version").asInt()).isEqualTo(2);
    assertThat(body(two).path("predictions").path(0).path("prediction").asString())
        .isEqualTo("Adelie");
    assertThat(body(one).path("predictions")).isEqualTo(body(two).path("predictions"));
    assertThat(
            body(get(
                    model
                        + "/predictions?island=Torgersen&bill_length_mm=39.1&bill_depth_mm=18.7&flipper_length_mm=181&body_mass_g=3750&sex=male&year=2007"))
                .path("prediction")
                .asString())
        .isEqualTo("Adelie");
    HttpResponse<String> evaluation =
        send("POST", model + "/evaluations", "text/csv", Requests.penguinsCsv());
    assertThat(evaluation.statusCode()).as(evaluation.body()).isEqualTo(200);

    assertThat(listed(MODELS, "name")).contains("species");
    assertThat(body(get(model)).path("versions")).hasSize(2);
    send("PUT", model + "/current", "application/json", "{\"version\": 1}");
    assertThat(body(post(model + "/predictions", row)).path("version").asInt()).isEqualTo(1);
    assertThat(delete(model + "/versions/1").statusCode()).isEqualTo(204);
    assertThat(body(post(model + "/predictions", row)).path("version").asInt()).isEqualTo(2);
    assertThat(delete(model).statusCode()).isEqualTo(204);
    assertProblem(get(model), 404, "not-found");
  }

  @Test
  void anArtefactComesBackAsAModelThatAnswersTheSame() {
    trained(Requests.xor("original"));
    byte[] artifact = bytes(MODELS + "/original/versions/1/artifact");

    HttpResponse<String> copied =
        send(
            request(MODELS + "/copy/versions")
                .header("Content-Type", "application/zip")
                .POST(BodyPublishers.ofByteArray(artifact))
                .build());

    assertThat(copied.statusCode()).as(copied.body()).isEqualTo(201);
    assertThat(body(get(MODELS + "/copy/predictions?inputs=0,1")).path("outputs"))
        .isEqualTo(body(get(MODELS + "/original/predictions?inputs=0,1")).path("outputs"));
  }

  @Test
  void trainingsAreHeldQueuedCancelledAndListed() {
    String dataset = body(upload("held")).path("id").asString();
    String running = begin(Requests.endless("listed"));
    awaitEpoch(running);
    String queued =
        begin(
            """
            {"model": "listed", "data": {"dataset": "%s", "target": "species"}}"""
                .formatted(dataset));

    assertProblem(delete(DATASETS + "/" + dataset), 409, "in-use");
    assertThat(listed(TRAININGS + "?model=listed", "id")).containsExactly(queued, running);
    assertThat(listed(TRAININGS + "?model=listed&state=running", "id")).containsExactly(running);
    begin(Requests.xor("full"));
    begin(Requests.xor("full"));
    assertProblem(train(Requests.xor("refused")), 429, "queue-full");

    for (String id : List.of(queued, running)) {
      assertThat(post(TRAININGS + "/" + id + "/cancel", "").statusCode()).isEqualTo(202);
      JsonNode ended = ended(id);
      assertThat(ended.path("state").asString()).isEqualTo("cancelled");
      assertThat(ended.path("error").path("code").asString()).isEqualTo("cancelled");
    }
    assertProblem(post(TRAININGS + "/" + running + "/cancel", ""), 409, "conflict");
    assertThat(delete(DATASETS + "/" + dataset).statusCode()).isEqualTo(204);
    assertThat(get(MODELS + "/listed").statusCode()).isEqualTo(404);
  }

  @Test
  void anEndedTrainingIsToldAgain() {
    JsonNode training = trained(Requests.xor("told"));

    String events = get(TRAININGS + "/" + training.path("id").asString() + "/events").body();

    assertThat(events.lines().filter("event: epoch"::equals)).hasSize(300);
    assertThat(events.lines().filter("event: end"::equals)).hasSize(1);
  }

  @Test
  void aRequestThatIsSentAgainIsAnsweredAsTheFirstTime() {
    assertReplayed(() -> upload("once", KEY, "upload"));
    assertReplayed(() -> train(Requests.xor("once"), KEY, "training"));

    assertThat(listed(DATASETS, "name")).containsOnlyOnce("once");
    assertThat(listed(TRAININGS + "?model=once", "id")).hasSize(1);
    assertProblem(upload("twice", KEY, "upload"), 422, "idempotency-key-reused");
    assertThat(train("{}", KEY, "refused").statusCode()).isEqualTo(422);
    assertThat(train(Requests.xor("second-try"), KEY, "refused").statusCode()).isEqualTo(202);
  }

  @Test
  void stoppingCancelsWhatRunsAndWaitsClosesStreamsAndIsDoneInTime() throws Exception {
    try (RunningService service = RunningService.start(List.of("--backprop.storage=memory"))) {
      String running = service.begin(Requests.endless("running"));
      String queued = service.begin(Requests.xor("queued"));
      service.awaitEpoch(running);
      MeterRegistry meters = service.context().getBean(MeterRegistry.class);
      // A request counts for a moment longer than its client waits.
      while (answering(meters) > 0) {
        Thread.onSpinWait();
      }
      HttpRequest events = service.request(TRAININGS + "/" + running + "/events").GET().build();
      Stream<String> stream = service.send(events, BodyHandlers.ofLines()).body();
      List<CompletableFuture<HttpResponse<String>>> held =
          Stream.of(running, queued)
              .map(id -> service.request(TRAININGS + "/" + id, "Prefer", "wait=60").GET().build())
              .map(request -> service.client().sendAsync(request, BodyHandlers.ofString()))
              .toList();
      // The stream is being answered, too.
      while (answering(meters) < 1 + held.size()) {
        Thread.onSpinWait();
      }

      Thread closing = Thread.ofVirtual().start(service.context()::close);
      assertThat(closing.join(Duration.ofSeconds(20))).isTrue();

      assertThat(stream).noneMatch("event: end"::equals);
      for (CompletableFuture<HttpResponse<String>> answer : held) {
        JsonNode training = body(answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        assertThat(training.path("state").asString()).isEqualTo("cancelled");
        assertThat(training.path("error").path("code").asString()).isEqualTo("service-stopping");
      }
    }
  }

  private static int answering(MeterRegistry meters) {
    return meters.find("http.server.requests.active").longTaskTimers().stream()
        .mapToInt(LongTaskTimer::activeTasks)
        .sum();
  }

  private static void assertReplayed(Supplier<HttpResponse<String>> request) {
    HttpResponse<String> first = request.get();
    HttpResponse<String> again = request.get();
    assertThat(first.statusCode()).as(first.body()).isIn(201, 202);
    assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
    assertThat(again.headers().firstValue("Idempotency-Replayed")).hasValue("true");
    assertThat(again.statusCode()).isEqualTo(first.statusCode());
    assertThat(again.headers().firstValue("Location"))
        .isEqualTo(first.headers().firstValue("Location"));
    assertThat(again.body()).isEqualTo(first.body());
  }
}
