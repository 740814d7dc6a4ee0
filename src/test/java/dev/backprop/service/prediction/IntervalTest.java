package dev.backprop.service.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Intervals of numbers, and sets of classes.
class IntervalTest extends PredictionServiceTest {

  private static final String NUMBER = "i-number";
  private static final String NUMBERS = "i-numbers";
  private static final String QUANTILES = "i-quantiles";
  private static final String CLASSES = "i-classes";
  private static final String YES_OR_NO = "i-labels";
  private static final String FEW = "i-few";

  @BeforeAll
  void trainThem() {
    train(NUMBER, "\"target\": \"y\", \"task\": \"regression\"", 400, "", "");
    train(NUMBERS, "\"target\": [\"y\", \"z\"], \"task\": \"regression\"", 400, "", "");
    train(
        QUANTILES,
        "\"target\": \"y\", \"task\": \"regression\"",
        400,
        ", \"network\": {\"loss\": {\"type\": \"quantile\", \"taus\": [0.05, 0.5, 0.95]}}",
        "");
    train(CLASSES, "\"target\": \"c\"", 400, "", "");
    train(YES_OR_NO, "\"target\": [\"p\", \"q\"]", 400, "", "");
    train(FEW, "\"target\": \"c\"", 60, "", "");
  }

  private void train(String model, String target, int rows, String network, String more) {
    SplittableRandom random = new SplittableRandom(3);
    String data =
        IntStream.range(0, rows)
            .mapToObj(
                i -> {
                  double x = random.nextDouble();
                  double y = x + 0.1 * random.nextGaussian();
                  return "{\"x\": %s, \"y\": %s, \"z\": %s, \"c\": \"%s\", \"p\": %s, \"q\": %s}"
                      .formatted(
                          x,
                          y,
                          10 * y,
                          y < 0.3 ? "low" : y < 0.7 ? "mid; \\\"m\\\"" : "top",
                          y > 0.4,
                          y > 0.6);
                })
            .collect(Collectors.joining(","));
    String ignored =
        List.of("y", "z", "c", "p", "q").stream()
            .filter(column -> !target.contains("\"" + column + "\""))
            .map(column -> "\"%s\": {\"type\": \"ignore\"}".formatted(column))
            .collect(Collectors.joining(","));
    succeeded(
        """
        {"model": "%s", "data": {%s, "columns": {%s}, "rows": [%s]}%s,
         "training": {"epochs": 30, "calibration": true%s}}"""
            .formatted(model, target, ignored, data, network, more));
  }

  private JsonNode predicted(String model, String query) {
    HttpResponse<String> answer = get(MODELS + model + "/predictions?x=0.5" + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return body(answer);
  }

  @Test
  void aNumberHasAnInterval() {
    JsonNode answer = predicted(NUMBER, "&interval=0.9");
    double number = answer.path("prediction").asDouble();
    JsonNode interval = answer.path("interval");
    assertThat(interval).hasSize(2);
    assertThat(interval.path(0).asDouble()).isBetween(number - 0.4, number);
    assertThat(interval.path(1).asDouble()).isBetween(number, number + 0.4);
    JsonNode narrow = predicted(NUMBER, "&_interval=.5").path("interval");
    assertThat(narrow.path(0).asDouble()).isGreaterThan(interval.path(0).asDouble());
    assertThat(predicted(NUMBER, "").has("interval")).isFalse();
  }

  @Test
  void severalNumbersHaveOneEach() {
    JsonNode interval = predicted(NUMBERS, "&interval=0.9").path("interval");
    assertThat(interval.propertyNames()).containsExactly("y", "z");
    assertThat(interval.path("z").path(1).asDouble())
        .isGreaterThan(interval.path("y").path(1).asDouble());
  }

  @Test
  void quantilesHaveOneRoundTheOuterOnes() {
    JsonNode answer = predicted(QUANTILES, "&interval=0.9");
    assertThat(answer.path("interval").path(0).asDouble())
        .isLessThan(answer.path("quantiles").path("0.5").asDouble());
  }

  @Test
  void aClassHasASetThatIsTheSameForTheSameRow() {
    JsonNode wide = predicted(CLASSES, "&interval=0.98").path("set");
    assertThat(wide.path(0)).isEqualTo(predicted(CLASSES, "").path("prediction"));
    assertThat(wide).isEqualTo(predicted(CLASSES, "&interval=0.98").path("set"));
    assertThat(predicted(CLASSES, "&interval=0.5").path("set").size()).isBetween(1, wide.size());
  }

  @Test
  void manyRowsHaveThemInEachForm() {
    String rows = "{\"rows\": [{\"x\": 0.1}, {\"x\": 0.5}]}";
    JsonNode json =
        body(post(MODELS + NUMBER + "/predictions?interval=0.9", rows)).path("predictions");
    assertThat(json.path(1).path("interval"))
        .isEqualTo(predicted(NUMBER, "&interval=0.9").path("interval"));
    String lines =
        answered(MODELS + CLASSES + "/predictions?interval=0.9", rows, "application/x-ndjson");
    assertThat(lines.lines()).hasSize(2).allMatch(line -> line.contains("\"set\":["));
    String csv = answered(MODELS + NUMBER + "/predictions?interval=0.9", rows, "text/csv");
    assertThat(csv.lines().findFirst()).hasValue("prediction,interval_lower,interval_upper");
    assertThat(csv.lines().toList().get(2))
        .endsWith(
            json.path(1).path("interval").path(0).asDouble()
                + ","
                + json.path(1).path("interval").path(1).asDouble());
    assertThat(answered(MODELS + CLASSES + "/predictions?interval=0.9", rows, "text/csv"))
        .startsWith("prediction,probability_low,");
    assertThat(
            answered(MODELS + NUMBERS + "/predictions?interval=0.9", rows, "text/csv")
                .lines()
                .findFirst())
        .hasValue("y,z,y_interval_lower,y_interval_upper,z_interval_lower,z_interval_upper");
  }

  private String answered(String path, String rows, String accept) {
    HttpResponse<String> answer = post(path, rows, "Accept", accept);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  @Test
  void theTagDependsOnTheInterval() {
    String tag =
        get(MODELS + NUMBER + "/predictions?x=0.5&interval=0.9")
            .headers()
            .firstValue("ETag")
            .orElseThrow();
    assertThat(
            get(MODELS + NUMBER + "/predictions?x=0.5&interval=0.8").headers().firstValue("ETag"))
        .isPresent()
        .get()
        .isNotEqualTo(tag);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          i-number  | 0.49  | 422 | invalid-data      | interval: must be from 0.5 to 0.99, was 0.49
          i-number  | 0.995 | 422 | invalid-data      | interval: must be from 0.5 to 0.99, was 0.995
          i-number  | wide  | 400 | invalid-parameter | interval: must be a number such as 0.9, was 'wide'
          i-number  | 1e-1  | 400 | invalid-parameter | interval: must be a number such as 0.9, was '1e-1'
          i-labels  | 0.9   | 422 | no-calibration    | interval: 0.9 needs at least 9 rows that calibrate, the version has 0
          i-few     | 0.99  | 422 | no-calibration    | interval: 0.99 needs at least 99 rows that calibrate, the version has 12
          p-xor     | 0.9   | 422 | no-calibration    | interval: 0.9 needs at least 9 rows that calibrate, the version has 0
          """)
  void isRefused(String model, String interval, int status, String code, String detail) {
    String row = model.equals("p-xor") ? "inputs=0,1" : "x=0.5";
    String name = model.equals("p-xor") ? XOR : model;
    HttpResponse<String> answer =
        get(MODELS + name + "/predictions?" + row + "&interval=" + interval);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(body(answer).path("code").asString()).isEqualTo(code);
    assertThat(body(answer).path("detail").asString()).isEqualTo(detail);
    HttpResponse<String> many =
        post(
            MODELS + name + "/predictions?interval=" + interval,
            name.equals(XOR) ? "{\"inputs\": [[0, 1]]}" : "{\"rows\": [{\"x\": 0.5}]}");
    assertThat(many.statusCode()).isEqualTo(status);
    assertThat(body(many).path("code").asString()).isEqualTo(code);
  }

  @Test
  void isGivenOnce() {
    assertThat(get(MODELS + NUMBER + "/predictions?x=0.5&interval=0.9&interval=0.8").statusCode())
        .isEqualTo(400);
  }

  @Test
  void cardsSayHowSureTheModelIs() {
    JsonNode card = body(get(MODELS + CLASSES + "/versions/1"));
    assertThat(card.path("calibration").path("rows").asInt()).isEqualTo(80);
    assertThat(card.path("calibration").path("temperature").asDouble()).isPositive();
    for (String when : List.of("before", "after")) {
      assertThat(card.path("calibration").path(when).propertyNames())
          .containsExactly("logLoss", "ece", "brier");
    }
    assertThat(card.path("headline").propertyNames())
        .containsExactly("name", "value", "interval", "baseline", "part");
    assertThat(card.path("metrics").path("validation").path("selectedOn").asBoolean()).isTrue();
    assertThat(body(get(MODELS + NUMBER + "/versions/1")).has("calibration")).isFalse();
  }
}
