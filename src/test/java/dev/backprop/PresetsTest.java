package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a request says of its training, and which preset it amounts to.
class PresetsTest extends ServiceTest {

  private static final String PLAN = "/api/v1/trainings?validateOnly=true";

  private static String rows(int count) {
    Random random = new Random(5);
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              double x = random.nextGaussian();
              double y = random.nextGaussian();
              return "{\"x\": %.3f, \"y\": %.3f, \"group\": \"g%d\", \"kind\": \"%s\", \"sum\": %.3f}"
                  .formatted(x, y, i % 3, x * y > 0 ? "a" : "b", x + Math.abs(y));
            })
        .collect(Collectors.joining(","));
  }

  private static String request(String model, String target, String more) {
    return """
    {"model": "%s", "data": {"target": "%s", "columns": {"%s": {"type": "ignore"}}, "rows": [%s]}%s}"""
        .formatted(model, target, target.equals("kind") ? "sum" : "kind", rows(120), more);
  }

  private JsonNode plan(String more) {
    HttpResponse<String> answer = post(PLAN, request("plan", "kind", more));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return body(answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ", \"training\": {}",
        ", \"training\": {\"seed\": 3, \"testFraction\": 0.2, \"layerStatistics\": true}",
        ", \"training\": {\"maxSeconds\": 5, \"classWeights\": \"balanced\"}",
        ", \"training\": {\"selection\": \"accuracy\", \"validationFraction\": 0.3}",
        ", \"training\": {\"epochs\": null}"
      })
  void whatSaysNothingOfHowNetworksLearnIsDefault(String more) {
    assertThat(plan(more).path("preset").asString()).isEqualTo("default");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ", \"network\": {}",
        ", \"encoding\": {}",
        ", \"training\": {\"epochs\": 100}",
        ", \"training\": {\"seed\": 3, \"optimizer\": \"adam\"}",
        ", \"training\": {\"crossValidation\": {}}",
        ", \"training\": {\"bagging\": {}}",
        ", \"preset\": \"plain\""
      })
  void whatSaysHowNetworksLearnIsPlain(String more) {
    assertThat(plan(more).path("preset").asString()).isEqualTo("plain");
  }

  @Test
  void bareNumbersArePlain() {
    String body =
        "{\"model\": \"bare\", \"data\": {\"inputs\": [[1], [2], [3]], \"targets\": [[1], [2], [3]]}%s}";
    assertThat(body(post(PLAN, body.formatted(""))).path("preset").asString()).isEqualTo("plain");
    assertRefused(
        post(PLAN, body.formatted(", \"preset\": \"fast\"")),
        Refusal.of("", 422, "invalid-spec")
            .at("/preset")
            .saying("must be plain for bare numbers, was fast"));
  }

  @Test
  void namedFieldsReplaceThoseOfEveryNetwork() {
    JsonNode spec =
        plan("""
                , "preset": "best", "network": {"members": 2}, "training": {"batchSize": 20, "seed": 7}""")
            .path("spec");
    JsonNode members = spec.at("/ensemble/members");
    assertThat(members.size()).isGreaterThan(2);
    for (JsonNode member : members) {
      assertThat(member.at("/network/members").asInt()).isEqualTo(2);
      assertThat(member.at("/network/layers").size()).isEqualTo(4);
      assertThat(member.at("/training/batchSize").asInt()).isEqualTo(20);
      assertThat(member.at("/training/seed").asInt()).isEqualTo(7);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"training": {"validationFraction": 0}} | /training/validationFraction | plain
          {"preset": "fast", "training": {"validationFraction": 0}} | /training/validationFraction | plain
          {"preset": "fast", "training": {"optimizer": "rprop"}} | /network/layers/1 | plain
          {"preset": "best", "training": {"batchSize": 1000}} | /training/batchSize | plain
          {"preset": "slow"} | /preset | slow
          {"training": {"maxSeconds": 60, "schedule": "cosine"}} | /training/maxSeconds | not go with cosine
          {"preset": "fast", "ensemble": {"members": [{}]}} | /ensemble | plain
          """)
  void whatNetworksCannotTakeIsRefused(String more, String pointer, String said) {
    HttpResponse<String> answer =
        post(PLAN, request("refused", "kind", ", " + more.substring(1, more.length() - 1)));
    assertRefused(answer, Refusal.of("", 422, "invalid-spec").at(pointer).saying(said));
  }

  @Test
  void validationFractionHoldsOutOnce() {
    assertThat(plan("").at("/spec/training/bagging/folds").asInt()).isEqualTo(5);
    JsonNode spec = plan(", \"training\": {\"validationFraction\": 0.25}").path("spec");
    assertThat(spec.at("/training/bagging").isMissingNode()).isTrue();
    assertThat(spec.at("/training/validationFraction").asDouble()).isEqualTo(0.25);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fast", "default"})
  void specOfAPresetTrainsTheSameBits(String preset) {
    JsonNode first =
        succeeded(request("preset-" + preset, "sum", ", \"preset\": \"" + preset + "\""));
    assertThat(first.path("preset").asString()).isEqualTo(preset);
    ObjectNode again =
        (ObjectNode) JSON.readTree(request("again-" + preset, "sum", ", \"preset\": \"plain\""));
    first.path("spec").propertyStream().forEach(part -> again.set(part.getKey(), part.getValue()));
    succeeded(again.toString());
    String query = "/versions/1/predictions?x=0.5&y=-0.5&group=g1";
    JsonNode answer = body(get("/api/v1/models/preset-" + preset + query));
    assertThat(answer.path("prediction").asDouble()).isBetween(0.0, 2.0);
    assertThat(body(get("/api/v1/models/again-" + preset + query)).path("prediction"))
        .isEqualTo(answer.path("prediction"));
  }

  @ParameterizedTest
  @CsvSource({"0, 3", "0.2, 0", "0.9, 0"})
  void groupsAreDealtWhole(double testFraction, int folds) {
    String body =
        request("groups", "kind", ", \"training\": {\"testFraction\": " + testFraction + "}")
            .replaceFirst("\"target\"", "\"split\": {\"group\": \"group\"}, \"target\"");
    JsonNode plan = body(post(PLAN, body));
    assertThat(plan.path("preset").asString()).as(plan.toString()).isEqualTo("default");
    assertThat(plan.at("/spec/training/bagging/folds").asInt(0)).isEqualTo(folds);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 10, 49, 50})
  void fewRowsHoldOutSome(int count) {
    String body =
        """
        {"model": "few", "preset": "fast", "data": {"target": "kind", "rows": [%s]}}"""
            .formatted(rows(count));
    HttpResponse<String> answer = post(PLAN, body);
    assertThat(body(answer).at("/rows/validation").asInt()).as(answer.body()).isPositive();
  }

  @Test
  void rowsThatTestAreNotDealt() {
    JsonNode plan = plan(", \"training\": {\"testFraction\": 0.98}");
    assertThat(plan.at("/spec/training/bagging/folds").asInt()).isEqualTo(2);
  }
}
