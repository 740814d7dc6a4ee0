package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What a training that has ended says of itself is what its model does.
class ServedMetricsTest extends JobServiceTest {

  private static final Path RARE_CLASS = Path.of("src", "test", "resources", "rare-class");

  /// Numbers with so much noise that a large network soon learns it by heart.
  private static final String NOISY =
      IntStream.range(0, 120)
          .mapToObj(
              i ->
                  "{\"x\": %s, \"z\": %d, \"y\": %s}"
                      .formatted(i / 120.0, i * 7 % 5, Math.sin(i / 20.0) + (i * 37 % 11) / 5.0))
          .collect(Collectors.joining(",", "\"target\": \"y\", \"rows\": [", "]"));

  private static final String QUICK = "\"optimizer\": {\"type\": \"adam\", \"learningRate\": 0.05}";

  private JsonNode trained(String model, String data, String network, String training) {
    return succeeded(
        """
        {"model": "%s", "data": {%s}, "network": {%s}, "training": {%s}}"""
            .formatted(model, data, network, training));
  }

  private JsonNode card(JsonNode training) {
    return body(get(training.path("links").path("model").asString()));
  }

  private static JsonNode epoch(JsonNode training, int number) {
    JsonNode epoch = training.path("history").path(number - 1);
    assertThat(epoch.path("epoch").asInt()).isEqualTo(number);
    return epoch;
  }

  private static int bestEpoch(JsonNode training) {
    return training.path("result").path("bestEpoch").asInt();
  }

  /// The figures of the best epoch, everywhere; those on validation rows are the model's own.
  private void assertAgree(JsonNode training) {
    JsonNode metrics = training.path("metrics");
    JsonNode best = epoch(training, bestEpoch(training));
    metrics
        .propertyStream()
        .forEach(m -> assertThat(best.path(m.getKey())).isEqualTo(m.getValue()));
    assertThat(metrics.size()).isEqualTo(best.size() - 3); // without its number, rate and time

    JsonNode validation = card(training).path("metrics").path("validation");
    for (Map.Entry<String, String> figure :
        Map.of(
                "validationLoss", "loss",
                "validationAccuracy", "accuracy",
                "validationRmse", "rmse")
            .entrySet()) {
      if (metrics.has(figure.getKey())) {
        assertThat(metrics.path(figure.getKey()))
            .as(figure.getKey())
            .isEqualTo(validation.path(figure.getValue()));
      }
    }
    assertThat(metrics.has("validationLoss")).isEqualTo(!validation.isMissingNode());

    String id = training.path("id").asString();
    JsonNode listed = JSON.createArrayNode();
    for (JsonNode item :
        body(get("/api/v1/trainings?model=" + training.path("model").asString())).path("items")) {
      listed = item.path("id").asString().equals(id) ? item : listed;
    }
    assertThat(listed.path("metrics")).isEqualTo(metrics);
    String events = get("/api/v1/trainings/" + id + "/events").body();
    String end = events.substring(events.indexOf("event: end"));
    assertThat(JSON.readTree(end.substring(end.indexOf("data: ") + 6)).path("metrics"))
        .isEqualTo(metrics);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          stopped  | "layers": [{"type": "dense", "units": 64}]               |
          averaged | "layers": [{"type": "dense", "units": 64}]               | , "averaging": {"type": "ema", "decay": 0.9}
          statistics | "layers": [{"type": "dense", "units": 64}, "batch-norm"] | , "batchSize": 8
          bounded  | "layers": [{"type": "dense", "units": 64}]               | , "maxNorm": 3, "clipNorm": 1
          """)
  void areThoseOfTheBestEpoch(String model, String network, String training) {
    JsonNode ended =
        trained(
            "served-" + model,
            NOISY,
            network,
            QUICK
                + ", \"epochs\": 200, \"earlyStopping\": {\"patience\": 15}"
                + (training == null ? "" : training));
    assertThat(bestEpoch(ended)).isLessThan(ended.path("history").size());
    assertThat(ended.path("metrics").has("validationRmse")).isTrue();
    assertAgree(ended);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        QUICK + ", \"earlyStopping\": null",
        QUICK + ", \"earlyStopping\": null, \"averaging\": \"ema\"",
        "\"optimizer\": \"rprop\"",
        "\"optimizer\": \"lbfgs\"",
        "\"optimizer\": \"lbfgs\", \"earlyStopping\": null",
        QUICK + ", \"validationFraction\": 0",
        QUICK + ", \"crossValidation\": {\"folds\": 2}",
        QUICK + ", \"maxSeconds\": 1e-9, \"testFraction\": 0.1",
      })
  void areThoseOfTheLastOrBestEpochHoweverItIsTrained(String training) {
    String model = "served-" + Integer.toHexString(training.hashCode());
    assertAgree(trained(model, NOISY, "", "\"epochs\": 30, " + training));
  }

  @Test
  void areThoseOfTheLatestEpochOfATrainingThatFailed() {
    JsonNode ended =
        trained(
            """
            {"model": "served-none", "data": {%s},
             "training": {"epochs": 100, "optimizer": {"type": "sgd", "learningRate": 1e3}}}"""
                .formatted(NOISY));
    assertThat(ended.path("state").asString()).isEqualTo("failed");
    JsonNode history = ended.path("history");
    if (history.isEmpty()) {
      assertThat(ended.path("metrics").isNull()).isTrue();
    } else {
      assertThat(ended.path("metrics").path("trainLoss"))
          .isEqualTo(history.path(history.size() - 1).path("trainLoss"));
    }
  }

  @Test
  void classesThatWeighMoreAreWatchedAndFound() throws IOException {
    JsonNode dataset =
        body(
            send(
                request("/api/v1/datasets?name=rare", "Content-Type", "text/csv")
                    .POST(
                        java.net.http.HttpRequest.BodyPublishers.ofFile(
                            RARE_CLASS.resolve("training.csv")))
                    .build()));
    String data = "\"dataset\": \"%s\", \"target\": \"y\"".formatted(dataset.path("id").asString());
    for (String stopping : List.of("", ", \"earlyStopping\": null")) {
      JsonNode ended =
          trained(
              "rare" + stopping.length(), data, "", "\"classWeights\": \"balanced\"" + stopping);
      assertAgree(ended);
      assertThat(ended.path("metrics").has("weightedValidationLoss")).isTrue();
      String monitor = stopping.isEmpty() ? "weightedValidationLoss" : "";
      for (JsonNode shown : List.of(ended, card(ended))) {
        assertThat(
                shown
                    .path("spec")
                    .path("training")
                    .path("earlyStopping")
                    .path("monitor")
                    .asString(""))
            .isEqualTo(monitor);
        assertThat(epoch(shown, 1).has("weightedValidationLoss")).isTrue();
      }
      JsonNode recall =
          body(post(
                  "/api/v1/models/rare%d/evaluations".formatted(stopping.length()),
                  Files.readString(RARE_CLASS.resolve("labelled.json"))))
              .path("metrics")
              .path("perClass")
              .path(1)
              .path("recall");
      assertThat(recall.asDouble()).isGreaterThanOrEqualTo(0.6);
    }
  }

  @Test
  void withoutWeightsOfClassesNothingIsSaidOfThem() {
    JsonNode ended = trained("unweighted", NOISY, "", "\"epochs\": 3");
    assertThat(ended.toString() + card(ended))
        .doesNotContain("monitor")
        .doesNotContain("weightedValidationLoss");
  }

  @Test
  void whatIsWatchedMayBeChosenAndSentBack() {
    String rows = "\"target\": \"sex\", " + Requests.penguinRows();
    JsonNode ended =
        trained(
            "chosen",
            rows,
            "",
            """
            "epochs": 3, "classWeights": "balanced", "earlyStopping": {"monitor": "validationLoss"},
            "schedule": {"type": "reduce-on-plateau"}""");
    JsonNode spec = ended.path("spec").path("training");
    assertThat(spec.path("earlyStopping").path("monitor").asString()).isEqualTo("validationLoss");
    assertThat(spec.path("schedule").path("monitor").asString())
        .isEqualTo("weightedValidationLoss");
    JsonNode again =
        trained(
            """
            {"model": "chosen", "data": {%s}, "training": %s}"""
                .formatted(rows, spec));
    assertThat(again.path("spec").path("training")).isEqualTo(spec);
    assertThat(again.path("history").path(2).path("validationLoss"))
        .isEqualTo(ended.path("history").path(2).path("validationLoss"));
  }

  @ParameterizedTest
  @CsvSource({
    "'\"earlyStopping\": {\"monitor\": \"weightedValidationLoss\"}', 422, invalid-spec, /training/earlyStopping/monitor",
    "'\"schedule\": {\"type\": \"reduce-on-plateau\", \"monitor\": \"weightedValidationLoss\"}', 422, invalid-spec, /training/schedule/monitor",
    "'\"earlyStopping\": {\"monitor\": \"accuracy\"}', 422, invalid-spec, /training/earlyStopping/monitor",
    "'\"earlyStopping\": {\"monitor\": 1}', 422, invalid-spec, /training/earlyStopping/monitor",
  })
  void whatCannotBeWatchedIsRefused(String training, int status, String code, String pointer) {
    var answer =
        train(
            """
            {"model": "refused", "data": {%s}, "training": {%s}}"""
                .formatted(NOISY, training));
    assertProblem(answer, status, code);
    assertThat(body(answer).path("errors").path(0).path("pointer").asString()).isEqualTo(pointer);
    assertThat(body(answer).path("detail").asString()).contains("validationLoss");
  }
}
