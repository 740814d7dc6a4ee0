package dev.backprop.service.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What a model says of its columns, and why it answers as it does.
class ExplanationTest extends PredictionServiceTest {

  /// y = 3 a - 2 b + noise of c, by a network that is a line.
  private static final String LINE = "e-line";

  private static final String GENTOO =
      "island=Biscoe&bill_length_mm=47&bill_depth_mm=14&flipper_length_mm=215&body_mass_g=5000&sex=male";

  @BeforeAll
  void trainLine() {
    String rows =
        IntStream.range(0, 400)
            .mapToObj(
                i ->
                    "{\"a\": %d, \"b\": %d, \"c\": %d, \"y\": %d}"
                        .formatted(i % 10, i % 7, i % 3, 3 * (i % 10) - 2 * (i % 7)))
            .collect(Collectors.joining(","));
    succeeded(
        """
        {"model": "%s", "data": {"target": "y", "task": "regression", "rows": [%s]},
         "network": {"layers": []},
         "training": {"epochs": 200, "optimizer": {"type": "adam", "learningRate": 0.05}}}"""
            .formatted(LINE, rows));
  }

  private JsonNode explained(String model, String query) {
    HttpResponse<String> answer = get(MODELS + model + "/predictions?" + query + "&explain=true");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return body(answer).path("explanation");
  }

  private static void assertComplete(JsonNode explanation) {
    double sum = explanation.path("baseline").asDouble() + explanation.path("residual").asDouble();
    for (JsonNode contribution : explanation.path("contributions")) {
      sum += contribution.asDouble();
    }
    double answer = explanation.path("answer").asDouble();
    assertThat(sum).isCloseTo(answer, within(1e-9 * (1 + Math.abs(answer))));
    assertThat(Math.abs(explanation.path("residual").asDouble()))
        .as(explanation.toString())
        .isLessThanOrEqualTo(
            0.01 * Math.abs(answer - explanation.path("baseline").asDouble()) + 1e-9);
  }

  @Test
  void aCardHasATypicalRowThatCanBeAsked() {
    JsonNode card = body(get(MODELS + SPECIES + "/versions/1"));
    JsonNode typical = card.path("typicalRow");
    assertThat(typical.propertyNames())
        .containsExactly(
            "island", "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "sex");
    assertThat(typical.path("island").asString()).isEqualTo("Biscoe");
    HttpResponse<String> answer =
        post(MODELS + SPECIES + "/predictions?explain=true", "{\"rows\": [" + typical + "]}");
    JsonNode explanation = body(answer).path("predictions").path(0).path("explanation");
    assertThat(explanation.path("answer")).isEqualTo(explanation.path("baseline"));
    assertThat(explanation.path("contributions").values())
        .allSatisfy(contribution -> assertThat(contribution.asDouble()).isZero());
    assertThat(body(get(MODELS + XOR + "/versions/1")).path("typicalRow").toString())
        .isEqualTo("{\"0\":0,\"1\":0}");
  }

  @Test
  void aCardHasWhichColumnsMatterUnlessTheRequestLeavesItOut() {
    JsonNode importance = body(get(MODELS + LINE + "/versions/1")).path("importance");
    assertThat(importance.path("metric").asString()).isEqualTo("rmse");
    assertThat(importance.path("part").asString()).isEqualTo("validation");
    assertThat(importance.path("rows").asInt()).isEqualTo(80);
    assertThat(importance.path("shuffles").asInt()).isBetween(0, 5);
    assertThat(importance.path("columns").size())
        .isEqualTo(importance.path("shuffles").asInt() == 0 ? 0 : 3);
    succeeded(
        """
        {"model": "e-none", "data": {"target": "y", "task": "regression",
          "rows": [%s]}, "network": {"layers": []},
         "training": {"epochs": 2, "importance": false}}"""
            .formatted(
                IntStream.range(0, 60)
                    .mapToObj(i -> "{\"a\": %d, \"y\": %d}".formatted(i, i * i))
                    .collect(Collectors.joining(","))));
    JsonNode card = body(get(MODELS + "e-none/versions/1"));
    assertThat(card.has("importance")).isFalse();
    assertThat(card.has("typicalRow")).isTrue();
    assertThat(card.path("spec").path("training").path("importance").asBoolean(true)).isFalse();
  }

  @Test
  void aLineIsExplainedByItsWeights() {
    JsonNode typical = body(get(MODELS + LINE + "/versions/1")).path("typicalRow");
    JsonNode explanation = explained(LINE, "a=9&b=1&c=2");
    assertComplete(explanation);
    assertThat(explanation.has("class")).isFalse();
    JsonNode contributions = explanation.path("contributions");
    assertThat(contributions.path("a").asDouble())
        .isCloseTo(3 * (9 - typical.path("a").asDouble()), within(0.3));
    assertThat(contributions.path("b").asDouble())
        .isCloseTo(-2 * (1 - typical.path("b").asDouble()), within(0.3));
    assertThat(contributions.path("c").asDouble()).isCloseTo(0, within(0.1));
    assertThat(explanation.path("answer").asDouble())
        .isCloseTo(
            body(get(MODELS + LINE + "/predictions?a=9&b=1&c=2")).path("prediction").asDouble(),
            within(1e-3));
  }

  @Test
  void theOddsOfAClassAreExplained() {
    JsonNode answer = body(get(MODELS + SPECIES + "/predictions?" + GENTOO));
    JsonNode explanation = explained(SPECIES, GENTOO);
    assertComplete(explanation);
    assertThat(explanation.path("class")).isEqualTo(answer.path("prediction"));
    double p = answer.path("probabilities").path("Gentoo").asDouble();
    assertThat(explanation.path("answer").asDouble())
        .isCloseTo(Math.log(p / (1 - p)), within(1e-2 * Math.abs(Math.log(p / (1 - p)))));

    JsonNode other = explained(SPECIES, GENTOO + "&explainClass=Adelie");
    assertComplete(other);
    assertThat(other.path("class").asString()).isEqualTo("Adelie");
    assertThat(other.path("answer").asDouble()).isNegative();
    // Of two classes one's odds are the other's, turned round.
    JsonNode late = explained(TWO, "queue=9&explainClass=1");
    JsonNode early = explained(TWO, "queue=9&explainClass=0");
    assertThat(late.path("answer").asDouble())
        .isCloseTo(-early.path("answer").asDouble(), within(1e-6));
    assertThat(late.path("class").asInt()).isEqualTo(1);
  }

  @Test
  void severalAnswersHaveAnExplanationEach() {
    JsonNode bills =
        explained(
            BILL,
            "island=Biscoe&flipper_length_mm=215&body_mass_g=5000&sex=male&species=Gentoo&year=2008");
    assertThat(bills.propertyNames()).containsExactly("bill_length_mm", "bill_depth_mm");
    bills.values().forEach(ExplanationTest::assertComplete);
    JsonNode labels = explained(LABELS, "t=30&rain=2");
    assertThat(labels.propertyNames()).containsExactly("hot", "wet");
    labels.values().forEach(ExplanationTest::assertComplete);
    JsonNode xor = explained(XOR, "inputs=0,1");
    assertComplete(xor);
    assertThat(xor.path("contributions").propertyNames()).containsExactly("0", "1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/x-ndjson"})
  void rowsAreExplainedAsASingleOneIs(String accept) {
    JsonNode single = explained(SPECIES, GENTOO);
    String csv =
        "island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex\n"
            + "Biscoe,47,14,215,5000,male\n".repeat(70);
    HttpResponse<String> answer =
        send(
            "POST",
            MODELS + SPECIES + "/predictions?explain=true",
            "text/csv",
            csv,
            "Accept",
            accept);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    List<JsonNode> items =
        accept.endsWith("ndjson")
            ? answer.body().lines().map(JSON::readTree).toList()
            : body(answer).path("predictions").valueStream().toList();
    assertThat(items).hasSize(70);
    JsonNode last = items.getLast().path("explanation");
    assertComplete(last);
    assertThat(last.path("answer").asDouble())
        .isCloseTo(single.path("answer").asDouble(), within(1e-3));
  }

  @Test
  void csvHasAColumnForEach() {
    HttpResponse<String> answer =
        send(
            "POST",
            MODELS + LINE + "/predictions?explain=true&warnings=true",
            "text/csv",
            "a,b,c\n9,1,2\n99,1,2\n",
            "Accept",
            "text/csv");
    List<String> lines = answer.body().lines().toList();
    assertThat(lines.getFirst())
        .isEqualTo(
            "prediction,contribution_a,contribution_b,contribution_c,baseline,residual,warnings");
    double[] numbers =
        Arrays.stream(lines.get(1).split(",")).limit(6).mapToDouble(Double::parseDouble).toArray();
    assertThat(numbers[1] + numbers[2] + numbers[3] + numbers[4] + numbers[5])
        .isCloseTo(numbers[0], within(1e-3));
    assertThat(lines.get(2)).endsWith("a: 99 is outside the training range 0 to 9");
    HttpResponse<String> several =
        send(
            "POST",
            MODELS + LABELS + "/predictions?explain=true",
            "text/csv",
            "t,rain\n9,1\n",
            "Accept",
            "text/csv");
    assertThat(several.body())
        .startsWith(
            "hot,wet,probability_hot,probability_wet,hot_contribution_t,hot_contribution_rain,hot_baseline,hot_residual,wet_contribution_t");
  }

  @Test
  void theTagDependsOnIt() {
    HttpResponse<String> plain = get(MODELS + LINE + "/predictions?a=9&b=1&c=2");
    HttpResponse<String> explained = get(MODELS + LINE + "/predictions?a=9&b=1&c=2&explain=true");
    String tag = explained.headers().firstValue("ETag").orElseThrow();
    assertThat(plain.headers().firstValue("ETag")).isNotEmpty().isNotEqualTo(tag);
    assertThat(
            get(MODELS + LINE + "/predictions?a=9&b=1&c=2&explain=true", "If-None-Match", tag)
                .statusCode())
        .isEqualTo(304);
    assertThat(body(get(MODELS + LINE + "/predictions?a=9&b=1&c=2&explain=false")))
        .isEqualTo(body(plain));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "p-two | queue=9&explain=maybe | 400 | invalid-parameter | explain: must be true or false, was 'maybe'",
        "p-two | queue=9&explain=true&explain=true | 400 | repeated-parameter | explain: must be given once, was given 2 times",
        "p-two | queue=9&explainClass=1 | 422 | invalid-data | explainClass: goes with explain=true only",
        "p-two | queue=9&explain=false&explainClass=1 | 422 | invalid-data | explainClass: goes with explain=true only",
        "p-two | queue=9&explain=true&explainClass=2 | 422 | invalid-data | explainClass: must be one of the 2 classes, was '2'",
        "e-line | a=1&b=1&c=1&explain=true&explainClass=y | 422 | invalid-data | explainClass: this model answers no classes, was 'y'",
        "p-xor | inputs=0,1&explain=true&explainClass=0 | 422 | invalid-data | explainClass: this model answers no classes, was '0'"
      })
  void refusesWhatCannotBe(String model, String query, int status, String code, String detail) {
    HttpResponse<String> got = get(MODELS + model + "/predictions?" + query);
    assertProblem(got, status, code);
    assertThat(body(got).path("detail").asString()).isEqualTo(detail);
    if (!query.contains("inputs") && !code.startsWith("repeated")) {
      String options = query.substring(query.indexOf("explain"));
      String header = model.equals("p-two") ? "queue\n9\n" : "a,b,c\n1,1,1\n";
      HttpResponse<String> posted =
          send("POST", MODELS + model + "/predictions?" + options, "text/csv", header);
      assertProblem(posted, status, code);
      assertThat(body(posted).path("detail").asString()).isEqualTo(detail);
    }
  }

  @Test
  void soManyAtMost() {
    String rows = "a,b,c\n" + "1,2,0\n".repeat(1_001);
    HttpResponse<String> many =
        send("POST", MODELS + LINE + "/predictions?explain=true", "text/csv", rows);
    assertProblem(many, 413, "too-large");
    assertThat(body(many).path("detail").asString())
        .isEqualTo("explain: at most 1000 explanations a request, 1001 rows need 1001");
  }

  @Test
  void formerVersionsHaveNoTypicalRow() throws Exception {
    byte[] former;
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("/formats/3/classes.zip"))) {
      former = in.readAllBytes();
    }
    HttpResponse<String> made =
        send(
            request(MODELS + "e-former/versions", "Content-Type", "application/zip")
                .POST(BodyPublishers.ofByteArray(former))
                .build());
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    HttpResponse<String> refused =
        get(
            MODELS
                + "e-former/predictions?code=1E5&kind=new&temp=12.5&open=true&grade=2&size=31&explain=true");
    assertProblem(refused, 422, "no-insights");
    JsonNode card = body(get(MODELS + "e-former/versions/1"));
    assertThat(card.has("typicalRow") || card.has("importance")).isFalse();
  }
}
