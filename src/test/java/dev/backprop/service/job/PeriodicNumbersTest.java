package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.ServiceTest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Numbers that enter beside cosines of them, as requests ask for them.
class PeriodicNumbersTest extends ServiceTest {

  private static final String MODELS = "/api/v1/models/";

  private static final String PERIODIC =
      "{\"numbers\": {\"type\": \"periodic\", \"frequencies\": 12, \"sigma\": 0.5}}";

  /// A wave over x, of which some are missing, with a colour and a date beside it.
  private static final String DATA = rows();

  private static String rows() {
    SplittableRandom random = new SplittableRandom(3);
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      double x = random.nextDouble() * 10;
      boolean missing = i % 20 == 0;
      rows.add(
          String.format(
              Locale.ROOT,
              "{\"x\": %s, \"colour\": \"%s\", \"sold\": \"2024-%02d-%02d\", \"y\": %.4f}",
              missing ? "null" : String.format(Locale.ROOT, "%.3f", x),
              i % 3 == 0 ? "red" : "blue",
              1 + random.nextInt(12),
              1 + random.nextInt(28),
              missing ? 2.5 : Math.sin(2 * x) + (i % 3 == 0 ? 1 : 0)));
    }
    return "{\"target\": \"y\", \"rows\": [" + String.join(",", rows) + "]}";
  }

  private static String request(String model, String encoding, String training) {
    return request(model, encoding, "", training, "");
  }

  private static String request(
      String model, String encoding, String network, String training, String rest) {
    return """
    {"model": "%s", "data": %s, "encoding": %s,
     "network": {"layers": [{"type": "dense", "units": 32}]%s},
     "training": {"epochs": 80, "batchSize": 16, "optimizer": {"type": "adamw", "learningRate": 0.01}%s}%s}"""
        .formatted(model, DATA, encoding, network, training, rest);
  }

  private JsonNode card(String model) {
    return body(get(MODELS + model + "/versions/1"));
  }

  private static final String[] QUERIES = {
    "x=1.7&colour=red&sold=2024-05-06",
    "colour=blue&sold=2024-12-24",
    "x=-1e300&colour=green&sold=1970-01-01"
  };

  private double answer(String model, String query) {
    return body(get(MODELS + model + "/predictions?" + query)).path("prediction").asDouble();
  }

  /// A copy answers as the model, one by one and in a batch, and is told to be the same.
  private void checkCopy(String model) {
    byte[] artifact = bytes(MODELS + model + "/versions/1/artifact");
    HttpResponse<String> copied =
        send(
            request(MODELS + model + "-copy/versions")
                .header("Content-Type", "application/zip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(artifact))
                .build());
    assertThat(copied.statusCode()).as(copied.body()).isEqualTo(201);
    assertThat(card(model + "-copy").path("spec")).isEqualTo(card(model).path("spec"));
    JsonNode batch =
        body(
            post(
                MODELS + model + "-copy/predictions",
                """
                {"rows": [{"x": 1.7, "colour": "red", "sold": "2024-05-06"},
                          {"x": null, "colour": "blue", "sold": "2024-12-24"},
                          {"x": -1e300, "colour": "green", "sold": "1970-01-01"}]}"""));
    for (int i = 0; i < QUERIES.length; i++) {
      double one = answer(model, QUERIES[i]);
      assertThat(answer(model + "-copy", QUERIES[i])).isEqualTo(one);
      assertThat(batch.path("predictions").path(i).path("prediction").asDouble())
          .isCloseTo(one, within(1e-4));
    }
  }

  @Test
  void aWaveIsLearned() {
    JsonNode training = succeeded(request("periodic", PERIODIC, ", \"testFraction\": 0.1"));

    assertThat(training.at("/spec/encoding/numbers").toString())
        .isEqualTo("{\"type\":\"periodic\",\"frequencies\":12,\"sigma\":0.5}");
    JsonNode card = card("periodic");
    assertThat(card.at("/spec/encoding")).isEqualTo(training.at("/spec/encoding"));
    assertThat(card.at("/input/features/0/encoding").asString()).isEqualTo("periodic");
    assertThat(card.at("/metrics/validation/r2").asDouble()).isGreaterThan(0.95);
    // x with its indicator, two colours, ten parts of a date; cosines of x and of the days.
    int inputs = card.at("/network/inputs").asInt();
    assertThat(inputs).isEqualTo(2 + 2 + 10);
    JsonNode layer = card.at("/network/layers/0");
    assertThat(layer.path("type").asString()).isEqualTo("periodic");
    assertThat(layer.path("units").asInt()).isEqualTo(inputs + 24);
    assertThat(layer.path("parameters").asInt()).isEqualTo(4 * 24 + 2 * 2);
    assertThat(answer("periodic", "x=2.3&colour=red&sold=2024-05-06"))
        .isCloseTo(Math.sin(4.6) + 1, within(0.4));
    checkCopy("periodic");

    // What the card says can be sent again, and the defaults are said once.
    JsonNode again =
        succeeded(
            request(
                "periodic-again", card.at("/spec/encoding").toString(), ", \"testFraction\": 0.1"));
    assertThat(again.path("spec")).isEqualTo(training.path("spec"));
    assertThat(answer("periodic-again", QUERIES[0])).isEqualTo(answer("periodic", QUERIES[0]));
    JsonNode usual =
        body(
            post(
                "/api/v1/trainings?validateOnly=true",
                request("periodic-usual", "{\"columns\": {\"x\": \"periodic\"}}", "")));
    assertThat(usual.at("/spec/encoding/columns/x").toString())
        .isEqualTo("{\"type\":\"periodic\",\"frequencies\":16,\"sigma\":0.1}");
  }

  @Test
  void theNetworksOfAllFoldsAnswerTogether() {
    succeeded(
        request(
            "periodic-bagged",
            PERIODIC,
            ", \"inputScale\": true, \"members\": 3",
            ", \"bagging\": {\"folds\": 3}, \"layerStatistics\": true",
            ""));
    assertThat(card("periodic-bagged").at("/metrics/outOfFold/r2").asDouble()).isGreaterThan(0.8);
    checkCopy("periodic-bagged");
  }

  @Test
  void oneMemberHasCosinesAndAnotherHasNot() {
    succeeded(
        request(
            "periodic-mixed",
            "{}",
            "",
            ", \"validationFraction\": 0.2",
            """
            , "ensemble": {"choose": "all", "members": [
               {"encoding": {"numbers": {"type": "piecewise-linear", "bins": 12}}},
               {"encoding": {"numbers": "robust", "columns": {"x": {"type": "periodic", "sigma": 0.5}}}}]}"""));
    JsonNode card = card("periodic-mixed");
    assertThat(card.at("/spec/ensemble/members/1/encoding/columns/x/type").asString())
        .isEqualTo("periodic");
    assertThat(card.at("/metrics/validation/r2").asDouble()).isGreaterThan(0.9);
    checkCopy("periodic-mixed");
  }

  @Test
  void aWarmStartKeepsTheCosines() {
    succeeded(request("periodic-warm", PERIODIC, ""));
    String again =
        """
        {"model": "periodic-warm", "data": %s, "warmStart": {"model": "periodic-warm"}, %s "training": {"epochs": 3}}""";
    JsonNode second = succeeded(again.formatted(DATA, ""));
    assertThat(second.at("/spec/encoding/numbers/frequencies").asInt()).isEqualTo(12);
    assertProblem(
        train(again.formatted(DATA, "\"encoding\": " + PERIODIC.replace("12", "13") + ",")),
        422,
        "invalid-spec",
        "/encoding/numbers/frequencies");
  }

  @Test
  void whatTheyLearnHasALearningRateOfItsOwn() {
    JsonNode training =
        succeeded(
            request("periodic-held", PERIODIC, ", \"learningRateFactors\": {\"periodic\": 0}"));
    assertThat(training.at("/spec/training/learningRateFactors/periodic").asDouble()).isZero();
    assertProblem(
        train(
            request("periodic-refused", PERIODIC, ", \"learningRateFactors\": {\"periodic\": -1}")),
        422,
        "invalid-spec",
        "/training/learningRateFactors/periodic");
    assertProblem(
        train(
            """
            {"model": "periodic-refused", "data": %s, "encoding": %s,
             "training": {"optimizer": "lbfgs", "learningRateFactors": {"periodic": 0.5}}}"""
                .formatted(DATA, PERIODIC)),
        422,
        "invalid-spec",
        "/training/learningRateFactors/periodic");
  }

  /// A number that is the same in every training row, and another that is always missing there.
  @Test
  void numbersThatDoNotChangeInTrainingSpoilNothing() {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      rows.add(
          "{\"x\": %d, \"same\": %d, \"late\": %s, \"order\": %d, \"y\": %d}"
              .formatted(i % 10, i < 90 ? 1 : 7, i < 90 ? "null" : "3", i, 2 * (i % 10)));
    }
    succeeded(
        """
        {"model": "periodic-same", "encoding": {"numbers": "periodic"},
         "data": {"target": "y", "task": "regression", "split": {"order": "order"}, "rows": [%s]},
         "network": {"layers": [{"type": "dense", "units": 16}]},
         "training": {"epochs": 40, "batchSize": 10, "validationFraction": 0.1,
                      "optimizer": {"type": "adam", "learningRate": 0.01}}}"""
            .formatted(String.join(",", rows)));
    assertThat(card("periodic-same").at("/metrics/validation/r2").asDouble()).isGreaterThan(0.9);
    double usual = answer("periodic-same", "x=4&same=1&late=");
    assertThat(answer("periodic-same", "x=4&same=7&late=")).isEqualTo(usual);
    assertThat(usual).isCloseTo(8, within(3.0));
  }
}
