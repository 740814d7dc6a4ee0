package dev.backprop.service.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import dev.backprop.ServiceTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What decides between two classes.
class ThresholdTest extends ServiceTest {

  private static final String MODELS = "/api/v1/models/";

  private static String rows(boolean third) {
    SplittableRandom random = new SplittableRandom(5);
    return IntStream.range(0, 200)
        .mapToObj(
            i -> {
              double x = random.nextDouble();
              String late =
                  third && i % 9 == 0 ? "maybe" : x + random.nextDouble() > 1.4 ? "late" : "early";
              return "{\"x\": %s, \"when\": \"%s\"}".formatted(x, late);
            })
        .collect(Collectors.joining(","));
  }

  private JsonNode train(String model, String training, boolean third) {
    return trained(
        """
        {"model": "%s", "data": {"target": "when", "rows": [%s]}, "training": {"epochs": 5%s}}"""
            .formatted(model, rows(third), training));
  }

  private HttpResponse<String> put(String model, String body) {
    return send(
        request(MODELS + model + "/versions/1/threshold", "Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body))
            .build());
  }

  private JsonNode predicted(String model, double x) {
    return body(get(MODELS + model + "/predictions?x=" + x));
  }

  @Test
  void decidesWhatIsAnswered() {
    train("t-put", "", false);
    JsonNode before = predicted("t-put", 0.5);
    String tag = get(MODELS + "t-put/predictions?x=0.5").headers().firstValue("ETag").orElseThrow();
    JsonNode card = body(get(MODELS + "t-put/versions/1"));
    assertThat(card.path("threshold").asDouble()).isEqualTo(0.5);
    assertThat(card.path("positive").asString()).isEqualTo("late");

    JsonNode changed = body(put("t-put", "{\"threshold\": 0.001}"));
    assertThat(changed.path("threshold").asDouble()).isEqualTo(0.001);
    assertThat(changed.path("positive").asString()).isEqualTo("late");
    assertThat(changed).isEqualTo(body(get(MODELS + "t-put/versions/1")));
    JsonNode after = predicted("t-put", 0.5);
    assertThat(after.path("prediction").asString()).isEqualTo("late");
    assertThat(after.path("probabilities")).isEqualTo(before.path("probabilities"));
    assertThat(get(MODELS + "t-put/predictions?x=0.5", "If-None-Match", tag).statusCode())
        .isEqualTo(200);

    put("t-put", "{\"threshold\": 0.001, \"positive\": \"early\"}");
    assertThat(predicted("t-put", 0.5).path("prediction").asString()).isEqualTo("early");
    JsonNode evaluated =
        body(post(MODELS + "t-put/evaluations", "{\"rows\": [" + rows(false) + "]}"));
    assertThat(evaluated.path("metrics").path("confusionMatrix").path(1).path(1).asInt()).isZero();
  }

  @Test
  void canBeNamedByTheTraining() {
    JsonNode training = train("t-named", ", \"threshold\": 0.001, \"positive\": \"early\"", false);
    assertThat(training.path("state").asString()).isEqualTo("succeeded");
    assertThat(predicted("t-named", 0.9).path("prediction").asString()).isEqualTo("early");
    JsonNode card = body(get(MODELS + "t-named/versions/1"));
    assertThat(card.path("positive").asString()).isEqualTo("early");
    assertThat(card.path("spec").path("training").path("threshold").asDouble()).isEqualTo(0.001);
  }

  private void isRefused(HttpResponse<String> answer, int status, String pointer, String detail) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    JsonNode error = body(answer).path("errors").path(0);
    assertThat(error.path("pointer").asString()).isEqualTo(pointer);
    assertThat(error.path("detail").asString()).isEqualTo(detail);
  }

  @Test
  void isRefusedWhereItCannotBe() {
    train("t-refused", "", false);
    train("t-three", "", true);
    trained(Requests.xor("t-bare"));
    String range = "must be above 0 and below 1, was ";
    isRefused(put("t-refused", "{\"threshold\": 0}"), 422, "/threshold", range + "0.0");
    isRefused(put("t-refused", "{\"threshold\": 1}"), 422, "/threshold", range + "1.0");
    isRefused(
        put("t-refused", "{\"threshold\": 0.3, \"positive\": \"never\"}"),
        422,
        "/positive",
        "must be one of the classes 'early' and 'late', was 'never'");
    isRefused(
        put("t-three", "{\"threshold\": 0.3}"),
        422,
        "/threshold",
        "goes with a version that answers one of two classes, this one answers 3");
    assertThat(put("t-bare", "{\"threshold\": 0.3}").statusCode()).isEqualTo(422);
    assertThat(put("t-none", "{\"threshold\": 0.3}").statusCode()).isEqualTo(404);
    assertThat(put("t-refused", "{}").statusCode()).isIn(400, 422);
    assertThat(put("t-refused", "{\"treshold\": 0.3}").statusCode()).isEqualTo(400);
  }

  @Test
  void isRefusedInATraining() {
    isRefused(
        post(
            "/api/v1/trainings",
            "{\"model\": \"t-x\", \"data\": {\"target\": \"when\", \"rows\": [%s]}, \"training\": {\"threshold\": 1.5}}"
                .formatted(rows(false))),
        422,
        "/training/threshold",
        "must be above 0 and below 1, was 1.5");
    isRefused(
        post(
            "/api/v1/trainings",
            "{\"model\": \"t-x\", \"preset\": \"plain\", \"data\": {\"target\": \"when\", \"rows\": [%s]}, \"training\": {\"positive\": \"never\"}}"
                .formatted(rows(false))),
        422,
        "/training/positive",
        "must be one of the classes 'early' and 'late', was 'never'");
    isRefused(
        post(
            "/api/v1/trainings",
            "{\"model\": \"t-x\", \"preset\": \"plain\", \"data\": {\"target\": \"when\", \"rows\": [%s]}, \"training\": {\"threshold\": 0.3}}"
                .formatted(rows(true))),
        422,
        "/training/threshold",
        "goes with a target of two classes, this one has 3");
  }
}
