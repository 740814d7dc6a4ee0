package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TrainingTest extends JobServiceTest {

  @Test
  void acceptsTrainsAndKeepsAVersionOfTheModel() {
    HttpResponse<String> accepted = train(Requests.xor("xor"));

    assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
    String id = body(accepted).path("id").asString();
    assertThat(accepted.headers().firstValue("Location").orElse(""))
        .endsWith("/api/v1/trainings/" + id);
    assertThat(body(accepted).path("state").asString()).isIn("queued", "running", "succeeded");

    JsonNode training = ended(id);
    assertThat(training.path("state").asString()).as(training.toString()).isEqualTo("succeeded");
    assertThat(training.path("model").asString()).isEqualTo("xor");
    assertThat(training.path("history")).hasSize(300);
    assertThat(training.path("history").path(299).path("trainLoss").asDouble())
        .isLessThan(training.path("history").path(0).path("trainLoss").asDouble());
    assertThat(training.path("metrics").path("trainLoss"))
        .isEqualTo(training.path("history").path(299).path("trainLoss"));
    assertThat(training.path("progress").path("epoch").asInt()).isEqualTo(300);
    assertThat(training.path("progress").path("fraction").asDouble()).isEqualTo(1);
    assertThat(training.path("progress").path("etaSeconds").isNull()).isTrue();
    assertThat(training.path("result").toString())
        .isEqualTo(
            """
            {"model":"xor","version":1,"stoppedEarly":false,"stoppedByTime":false,"converged":false,"epochs":300,"bestEpoch":300}""");
    assertThat(training.path("error").isNull()).isTrue();
    assertThat(training.path("links").path("model").asString())
        .isEqualTo("/api/v1/models/xor/versions/1");
    assertThat(get("/api/v1/models/xor/versions/1").statusCode()).isEqualTo(200);
    JsonNode prediction = body(get("/api/v1/models/xor/predictions?inputs=0,1"));
    assertThat(prediction.path("outputs").path(0).asDouble()).isGreaterThan(0.9);
  }

  @Test
  void learnsPenguinsFromRowsWithNothingButDefaults() {
    JsonNode training =
        succeeded(
            """
            {"model": "penguins", "data": {"target": "species", %s}}"""
                .formatted(Requests.penguinRows()));

    assertThat(training.path("preset").asString()).isEqualTo("default");
    assertThat(training.at("/metrics/outOfFold/accuracy").asDouble()).isGreaterThan(0.97);
    assertThat(training.path("rows").path("training").asInt()).isEqualTo(344);
    assertThat(training.path("target").path("task").asString()).isEqualTo("classification");
    assertThat(training.path("target").path("classes").toString())
        .isEqualTo("[\"Adelie\",\"Chinstrap\",\"Gentoo\"]");
    assertThat(training.path("target").path("inferred").asBoolean()).isTrue();
    JsonNode spec = training.path("spec");
    assertThat(spec.at("/ensemble/members")).hasSize(2);
    assertThat(spec.path("network").path("loss").path("type").asString())
        .isEqualTo("cross-entropy");
    assertThat(spec.at("/training/bagging/folds").asInt()).isEqualTo(5);
    assertThat(spec.path("training").path("batchSize").asInt()).isEqualTo(32);
    assertThat(spec.at("/training/maxSeconds").asDouble()).isEqualTo(600);
  }

  @Test
  void learnsFromADataSetAndHoldsItMeanwhile() {
    String dataset = upload("held");
    String id =
        begin(
            """
            {"model": "holding", "data": {"dataset": "%s", "target": "species"},
             "network": {"layers": [{"type": "dense", "units": 2048}, {"type": "dense", "units": 2048}]},
             "training": {"epochs": 10000, "optimizer": {"type": "sgd", "learningRate": 1e-6}, "earlyStopping": null}}"""
                .formatted(dataset));
    String queued =
        begin(
            """
            {"model": "waiting", "data": {"target": "species", %s}, "validation": {"dataset": "%s"}}"""
                .formatted(Requests.penguinRows(), dataset));

    assertProblem(delete("/api/v1/datasets/" + dataset), 409, "in-use");
    cancel(id);
    ended(id);
    JsonNode second = ended(queued);
    assertThat(second.path("state").asString()).as(second.toString()).isEqualTo("succeeded");
    assertThat(second.path("rows").path("training").asInt()).isEqualTo(344);
    assertThat(second.path("rows").path("validation").asInt()).isEqualTo(344);
    assertThat(second.path("spec").path("training").path("validationFraction").asDouble())
        .isEqualTo(0);
    assertThat(delete("/api/v1/datasets/" + dataset).statusCode()).isEqualTo(204);
  }

  @Test
  void givesIdenticalHistoriesForOneSeed() {
    String request = Requests.xor("twice");

    assertThat(withoutSeconds(trained(request))).isEqualTo(withoutSeconds(trained(request)));
    assertThat(get("/api/v1/models/twice/versions/2").statusCode()).isEqualTo(200);
  }

  @Test
  void holdsTheAnswerUntilTheTrainingEndsOrPatienceRunsOut() {
    HttpResponse<String> held = train(Requests.xor("held-answer"), "Prefer", "wait=60");
    assertThat(held.statusCode()).isEqualTo(202);
    assertThat(held.headers().firstValue("Preference-Applied")).hasValue("wait=60");
    assertThat(body(held).path("state").asString()).isEqualTo("succeeded");

    String id = begin(Requests.endless("impatient"));
    assertThat(body(get("/api/v1/trainings/" + id, "Prefer", "wait=0")).path("state").asString())
        .isIn("queued", "running");
    assertThat(body(get("/api/v1/trainings/" + id, "Prefer", "wait=1")).path("state").asString())
        .isEqualTo("running");
  }

  @Test
  void cancelsARunningAndAQueuedTraining() throws InterruptedException {
    String running = begin(Requests.endless("cancel-running"));
    String queued = begin(Requests.xor("cancel-queued"));
    awaitFirstEpoch(running);

    assertThat(get("/api/v1/trainings/" + queued).body()).contains("\"state\":\"queued\"");
    assertThat(cancel(queued).statusCode()).isEqualTo(202);
    JsonNode cancelledQueued = body(get("/api/v1/trainings/" + queued));
    assertThat(cancelledQueued.path("state").asString()).isEqualTo("cancelled");
    assertThat(cancelledQueued.path("startedAt").isNull()).isTrue();
    assertThat(cancelledQueued.path("error").path("code").asString()).isEqualTo("cancelled");

    assertThat(cancel(running).statusCode()).isEqualTo(202);
    JsonNode cancelledRunning = ended(running);
    assertThat(cancelledRunning.path("state").asString()).isEqualTo("cancelled");
    assertThat(cancelledRunning.path("history")).isNotEmpty();
    assertThat(cancelledRunning.path("error").path("code").asString()).isEqualTo("cancelled");
    assertThat(cancelledRunning.path("result").isNull()).isTrue();
    assertThat(get("/api/v1/models/cancel-running").statusCode()).isEqualTo(404);

    assertProblem(cancel(running), 409, "conflict");
    assertProblem(cancel("nowhere"), 404, "not-found");
  }

  @Test
  void deletesATrainingThatHasEndedAndKeepsItsVersion() throws InterruptedException {
    String running = begin(Requests.endless("delete-running"));
    awaitFirstEpoch(running);
    assertProblem(delete("/api/v1/trainings/" + running), 409, "conflict");
    cancel(running);
    ended(running);
    assertThat(delete("/api/v1/trainings/" + running).statusCode()).isEqualTo(204);

    HttpResponse<String> made =
        train(Requests.xor("deleted"), "Prefer", "wait=60", "Idempotency-Key", "delete-1");
    String id = body(made).path("id").asString();
    assertThat(delete("/api/v1/trainings/" + id).statusCode()).isEqualTo(204);
    assertProblem(get("/api/v1/trainings/" + id), 404, "not-found");
    assertProblem(get("/api/v1/trainings/" + id + "/events"), 404, "not-found");
    assertProblem(delete("/api/v1/trainings/" + id), 404, "not-found");
    assertThat(list("model=deleted")).isEmpty();
    assertThat(get("/api/v1/models/deleted/versions/1").statusCode()).isEqualTo(200);
    // Its key is remembered as before, so that a client that comes again trains nothing twice.
    HttpResponse<String> again = train(Requests.xor("deleted"), "Idempotency-Key", "delete-1");
    assertThat(again.headers().firstValue("Idempotency-Replayed")).hasValue("true");
    assertThat(list("model=deleted")).isEmpty();
  }

  @Test
  void listsAFewEpochsOfEachHistory() {
    JsonNode training = trained(Requests.xor("thinned"));
    int last = training.path("history").size();
    int best = training.path("result").path("bestEpoch").asInt();

    assertThat(list("model=thinned").path(0).has("history")).isFalse();
    JsonNode few = list("model=thinned&history=10").path(0).path("history");
    assertThat(few.size()).isBetween(9, 10);
    assertThat(few.valueStream().map(epoch -> epoch.path("epoch").asInt()))
        .contains(1, best, last)
        .isSorted();
    assertThat(few.path(few.size() - 1)).isEqualTo(training.path("history").path(last - 1));
    assertThat(list("model=thinned&history=1").path(0).path("history")).hasSize(1);
    for (String bad : List.of("-1", "101", "x")) {
      assertProblem(get("/api/v1/trainings?history=" + bad), 400, "invalid-parameter");
    }
  }

  @Test
  void refusesWhenTheQueueIsFullAndKeepsNothing() throws InterruptedException {
    String running = begin(Requests.endless("full"));
    awaitFirstEpoch(running);
    for (int i = 0; i < 3; i++) {
      begin(Requests.xor("full"));
    }

    HttpResponse<String> refused = train(Requests.xor("full"));

    assertProblem(refused, 429, "queue-full");
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    assertThat(list("model=full")).hasSize(4);
  }

  @Test
  void namesTheEpochInWhichATrainingDiverged() {
    JsonNode training =
        trained(
            """
            {"model": "diverging", "data": {%s},
             "training": {"epochs": 50, "optimizer": {"type": "sgd", "learningRate": 1e30}}}"""
                .formatted(Requests.bareRows(64)));

    assertThat(training.path("state").asString()).isEqualTo("failed");
    assertThat(training.path("error").path("code").asString()).isEqualTo("diverged");
    assertThat(training.path("error").path("detail").asString()).contains("epoch 1");
    assertThat(get("/api/v1/models/diverging").statusCode()).isEqualTo(404);
  }

  @Test
  void listsTheNewestFirstWithoutHistories() throws InterruptedException {
    String first = trained(Requests.xor("listed")).path("id").asString();
    String second = trained(Requests.xor("listed")).path("id").asString();
    String third = begin(Requests.endless("listed"));
    awaitFirstEpoch(third);

    assertThat(ids(list("model=listed"))).containsExactly(third, second, first);
    assertThat(ids(list("model=listed&state=succeeded"))).containsExactly(second, first);
    assertThat(ids(list("model=listed&state=running"))).containsExactly(third);
    list("").forEach(item -> assertThat(item.has("history")).isFalse());

    JsonNode page = body(get("/api/v1/trainings?model=listed&limit=2"));
    assertThat(ids(page.path("items"))).containsExactly(third, second);
    String cursor = page.path("nextCursor").asString();
    JsonNode rest = body(get("/api/v1/trainings?model=listed&limit=2&cursor=" + cursor));
    assertThat(ids(rest.path("items"))).containsExactly(first);
    assertThat(rest.path("nextCursor").isNull()).isTrue();
  }

  @Test
  void refusesAListItDoesNotUnderstand() {
    for (String query :
        List.of(
            "state=sleeping", "limit=0", "limit=501", "limit=x", "stat=running", "cursor=%20")) {
      assertThat(get("/api/v1/trainings?" + query).statusCode()).as(query).isEqualTo(400);
    }
    assertProblem(get("/api/v1/trainings/nowhere"), 404, "not-found");
    assertThat(get("/api/v1/trainings/nowhere?x=1").statusCode()).isIn(400, 404);
  }

  @Test
  void replaysTheFirstAnswerToAnIdempotencyKey() {
    String request = Requests.xor("once");
    HttpResponse<String> first = train(request, "Idempotency-Key", "key-1");
    HttpResponse<String> again = train(request, "Idempotency-Key", "key-1");

    assertThat(again.statusCode()).isEqualTo(202);
    assertThat(again.headers().firstValue("Idempotency-Replayed")).hasValue("true");
    assertThat(again.headers().firstValue("Location"))
        .isEqualTo(first.headers().firstValue("Location"));
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(list("model=once")).hasSize(1);
    assertThat(train(Requests.xor("other"), "Idempotency-Key", "key-1").statusCode())
        .isEqualTo(422);
    assertThat(list("model=other")).isEmpty();
  }

  @Test
  void doesNotRememberAnIdempotencyKeyOfARefusedRequest() {
    assertThat(train("{}", "Idempotency-Key", "key-2").statusCode()).isEqualTo(422);
    assertThat(train(Requests.xor("second-try"), "Idempotency-Key", "key-2").statusCode())
        .isEqualTo(202);
  }

  @Test
  void onlyValidatesWhereThatIsWhatIsAsked() {
    HttpResponse<String> answer =
        post(
            "/api/v1/trainings?validateOnly=true",
            """
            {"model": "imagined", "data": {"target": "species", %s}, "network": {"layers": [{"type": "dense", "units": 10}]}}"""
                .formatted(Requests.penguinRows()));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode plan = body(answer);
    assertThat(plan.path("spec").path("training").path("batchSize").asInt()).isEqualTo(32);
    assertThat(plan.path("target").path("task").asString()).isEqualTo("classification");
    assertThat(plan.path("warnings").isArray()).isTrue();
    JsonNode network = plan.path("network");
    int inputs = network.path("inputs").asInt();
    assertThat(network.path("outputs").asInt()).isEqualTo(3);
    assertThat(network.path("parameters").asInt()).isEqualTo((inputs + 1) * 10 + 11 * 3);
    assertThat(network.path("layers")).hasSize(2);
    assertThat(network.path("layers").path(0).path("units").asInt()).isEqualTo(10);
    assertThat(plan.path("estimate").path("memoryBytes").asLong()).isGreaterThan(1_000);
    JsonNode estimate = plan.path("estimate");
    assertThat(estimate.path("secondsPerEpoch").asDouble()).isGreaterThan(0);
    assertThat(estimate.path("epochs").asInt()).isEqualTo(30);
    assertThat(estimate.path("seconds").asDouble())
        .isGreaterThan(30 * estimate.path("secondsPerEpoch").asDouble());
    assertThat(list("model=imagined")).isEmpty();
    assertThat(get("/api/v1/models/imagined").statusCode()).isEqualTo(404);
    assertThat(post("/api/v1/trainings?validateOnly=perhaps", Requests.xor("x")).statusCode())
        .isEqualTo(400);
  }

  @Test
  void refusesAtOnceWhatCanNeverFitWithBothNumbers() {
    String layers = "{\"type\": \"dense\", \"units\": 65536},".repeat(9);
    HttpResponse<String> refused =
        train(
            """
            {"model": "huge", "data": %s, "network": {"layers": [%s]}}"""
                .formatted(Requests.XOR_DATA, layers.substring(0, layers.length() - 1)));

    assertProblem(refused, 422, "exceeds-memory");
    assertThat(body(refused).path("detail").asString())
        .contains(Long.toString(trainingMemory.limit()))
        .matches("(?s).*\\d{12,}.*");
  }

  @Test
  void doesNotActivateAVersionThatIsNotMeantToBe() {
    trained(Requests.xor("quiet"));
    trained(Requests.xor("quiet").replaceFirst("\\{", "{\"activate\": false, "));

    JsonNode prediction = body(get("/api/v1/models/quiet/predictions?inputs=0,1"));
    assertThat(prediction.path("version").asInt()).isEqualTo(1);
    assertThat(get("/api/v1/models/quiet/versions/2").statusCode()).isEqualTo(200);
  }

  @Test
  void recordsWhereTheModelComesFrom() {
    JsonNode training =
        trained(Requests.xor("provenance").replace("\"epochs\"", "\"seed\": 7, \"epochs\""));
    JsonNode provenance = body(get("/api/v1/models/provenance/versions/1")).path("provenance");

    assertThat(provenance.path("seed").asInt()).isEqualTo(7);
    assertThat(provenance.path("trainingId")).isEqualTo(training.path("id"));
    assertThat(provenance.path("dataSha256").asString()).matches("[0-9a-f]{64}");
    assertThat(provenance.path("rows").path("training").asInt()).isEqualTo(4);
    assertThat(provenance.path("engine").path("kernels").asString()).isNotEmpty();
    assertThat(provenance.path("engine").path("java").asString()).startsWith("25");
  }

  @Test
  void countsWhatItDid() {
    trained(Requests.xor("counted"));

    assertThat(get("/actuator/prometheus").body())
        .contains("backprop_training_duration_seconds_count{outcome=\"succeeded\"}")
        .containsPattern("backprop_training_epochs_total [1-9]")
        .containsPattern("backprop_training_queued [0-9]") // as of some seconds ago
        .contains("backprop_training_memory_budget_bytes");
  }

  private HttpResponse<String> cancel(String id) {
    return post("/api/v1/trainings/" + id + "/cancel", "");
  }

  private String upload(String name) {
    HttpResponse<String> answer =
        send(
            request("/api/v1/datasets?name=" + name)
                .header("Content-Type", "text/csv")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(Requests.penguinsCsv()))
                .build());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return body(answer).path("id").asString();
  }

  private JsonNode list(String query) {
    return body(get("/api/v1/trainings?" + query)).path("items");
  }

  private static List<String> ids(JsonNode items) {
    return items.valueStream().map(item -> item.path("id").asString()).toList();
  }

  private static String withoutSeconds(JsonNode training) {
    return training.path("history").toString().replaceAll(",\"seconds\":[^,}]+", "");
  }
}
