package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is done to a numeric target before it is learned, if what validates better decides.
class TargetChoiceTest extends JobServiceTest {

  private static final String LAYERS =
      "\"network\": {\"layers\": [{\"type\": \"dense\", \"units\": 8}]}";

  /// Prices that grow exponentially.
  private static String data() {
    Random random = new Random(7);
    return IntStream.range(0, 200)
        .mapToObj(
            _ -> {
              double size = random.nextGaussian();
              double age = random.nextGaussian();
              return "{\"size\": %s, \"age\": %s, \"price\": %s, \"sold\": \"%s\"}"
                  .formatted(size, age, Math.exp(2 * size - age), age > 0 ? "yes" : "no");
            })
        .collect(
            Collectors.joining(
                ",",
                "{\"target\": \"price\", \"columns\": {\"sold\": {\"type\": \"ignore\"}}, \"rows\": [",
                "]}"));
  }

  private static String request(String model, String training, String more) {
    return """
        {"model": "%s", "data": %s, "encoding": {"target": "auto"},
         "training": {"seed": 3, "optimizer": {"type": "adam", "learningRate": 0.02}, %s}, %s}"""
        .formatted(model, data(), training, more);
  }

  private JsonNode card(String model) {
    return body(get("/api/v1/models/%s/versions/1".formatted(model)));
  }

  private JsonNode answer(String model) {
    return body(get("/api/v1/models/%s/predictions?size=1.5&age=-0.5".formatted(model)))
        .path("prediction");
  }

  private static String sentAgain(JsonNode card, String model) {
    ObjectNode again = (ObjectNode) card.path("spec").deepCopy();
    again.put("model", model);
    again.set("data", JSON.readTree(data()));
    return again.toString();
  }

  @Test
  void whatValidatesBestIsServedAsANetworkOfItsOwn() {
    JsonNode training =
        succeeded(request("auto-one", "\"epochs\": 25, \"testFraction\": 0.1", LAYERS));
    assertThat(training.at("/spec/ensemble/choose").asString()).isEqualTo("best");
    assertThat(training.at("/progress/folds/ended").asInt()).isEqualTo(3);
    JsonNode choice = training.at("/result/choice");
    assertThat(choice.path("metric").asString()).isEqualTo("loss");
    assertThat(choice.path("members").findValuesAsString("target"))
        .containsExactly("none", "log", "quantile");
    assertThat(choice.at("/members/1/score").asDouble())
        .isLessThan(choice.at("/members/0/score").asDouble());
    assertThat(training.at("/metrics/validation/rmse").asDouble()).isPositive();
    assertThat(training.at("/result/folds")).hasSize(3);

    JsonNode card = card("auto-one");
    int taken = card.at("/choice/member").asInt() - 1;
    String target = card.at("/choice/members").get(taken).path("target").asString();
    assertThat(card.at("/spec/encoding/target").asString()).isEqualTo(target).isNotEqualTo("none");
    assertThat(card.at("/choice/members").get(taken).at("/figures/rmse").asDouble())
        .isCloseTo(
            card.at("/metrics/validation/rmse").asDouble(),
            org.assertj.core.data.Percentage.withPercentage(0.01));
    assertThat(card.has("ensemble")).isFalse();
    assertThat(card.at("/spec").has("ensemble")).isFalse();
    assertThat(card.path("history").size()).isPositive();
    assertThat(card.path("metrics").propertyNames()).containsExactly("validation", "test");

    succeeded(sentAgain(card, "auto-again"));
    assertThat(card("auto-again").path("spec")).isEqualTo(card.path("spec"));
    assertThat(answer("auto-again")).isEqualTo(answer("auto-one"));

    succeeded(
        "{\"model\": \"auto-on\", \"warmStart\": {\"model\": \"auto-one\"}, \"training\": {\"epochs\": 2}, \"data\": %s}"
            .formatted(data()));
    assertThat(card("auto-on").at("/spec/encoding/target").asString()).isEqualTo(target);

    HttpResponse<String> copied =
        send(
            request("/api/v1/models/auto-copy/versions")
                .header("Content-Type", "application/zip")
                .POST(
                    HttpRequest.BodyPublishers.ofByteArray(
                        bytes("/api/v1/models/auto-one/versions/1/artifact")))
                .build());
    assertThat(copied.statusCode()).as(copied.body()).isEqualTo(201);
    assertThat(answer("auto-copy")).isEqualTo(answer("auto-one"));
    assertThat(card("auto-copy").path("choice")).isEqualTo(card.path("choice"));
  }

  @Test
  void theNetworksOfAllFoldsAreComparedTogether() {
    JsonNode training =
        succeeded(
            request(
                "auto-folds",
                "\"epochs\": 12, \"selection\": \"mae\", \"bagging\": {\"folds\": 2}",
                LAYERS));
    assertThat(training.at("/result/choice/metric").asString()).isEqualTo("mae");
    assertThat(training.at("/result/folds")).hasSize(6);
    JsonNode card = card("auto-folds");
    assertThat(card.at("/bagging/folds")).hasSize(2);
    assertThat(card.at("/bagging/folds/0/result").has("member")).isFalse();
    assertThat(card.at("/choice/members/2/folds")).hasSize(2);
    assertThat(card.at("/metrics/outOfFold/rows").asInt()).isEqualTo(200);
    succeeded(sentAgain(card, "auto-folds-again"));
    assertThat(answer("auto-folds-again")).isEqualTo(answer("auto-folds"));
    assertThat(card("auto-folds-again").path("metrics")).isEqualTo(card.path("metrics"));
  }

  @Test
  void everyNetworkOfAPresetComesInAllForms() {
    JsonNode plan =
        body(
            post(
                "/api/v1/trainings?validateOnly=true",
                request("auto-preset", "\"epochs\": 3", "\"preset\": \"default\"")));
    assertThat(plan.at("/spec/ensemble/choose").asString()).isEqualTo("greedy");
    assertThat(plan.at("/spec/ensemble/members").size()).isPositive();
    for (int m = 0; m < plan.at("/spec/ensemble/members").size(); m++) {
      assertThat(plan.at("/spec/ensemble/members").get(m).at("/encoding/target").asString("none"))
          .isEqualTo(new String[] {"none", "log", "quantile"}[m % 3]);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"price\" | \"crossValidation\": {} | /training/crossValidation | bagging chooses by every row",
        "\"price\" | \"validationFraction\": 0 | /training/validationFraction | leaves 0 of 200",
        "\"sold\" | \"epochs\": 3 | /encoding/target | unless the target is numeric, was auto",
      })
  void whatLeavesNothingToChooseIsRefused(
      String target, String training, String pointer, String detail) {
    String body =
        request("auto-refused", training, LAYERS)
            .replace("\"target\": \"price\"", "\"target\": " + target)
            .replace("\"sold\": {\"type\": \"ignore\"}", "\"sold\": {\"type\": \"categorical\"}");
    HttpResponse<String> answer = post("/api/v1/trainings", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    assertThat(answer.body()).contains("\"pointer\":\"" + pointer + "\"", detail);
  }
}
