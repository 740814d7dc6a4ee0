package dev.backprop.service.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Refusal;
import dev.backprop.Requests;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Many rows in the body of a POST.
class BatchPredictionTest extends PredictionServiceTest {

  private static final String TWO_ROWS = "{\"rows\": [{\"queue\": 9}, {\"queue\": 0}]}";

  @Test
  void answersLargeBatchesInOrderLikeSingleRows() {
    List<JsonNode> rows =
        JSON.readTree("{" + Requests.penguinRows() + "}").path("rows").valueStream().toList();
    List<JsonNode> many = new ArrayList<>(rows);
    many.addAll(rows.reversed());

    HttpResponse<String> answer =
        predict(SPECIES, JSON.createObjectNode().set("rows", JSON.valueToTree(many)).toString());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(body(answer).propertyNames()).containsExactly("model", "version", "predictions");
    List<JsonNode> predictions = body(answer).path("predictions").valueStream().toList();
    assertThat(predictions).hasSize(688);
    for (int i = 0; i < rows.size(); i++) {
      JsonNode single = body(get(MODELS + SPECIES + "/predictions?" + query(rows.get(i))));
      assertAlike(predictions.get(i), single);
      assertAlike(predictions.get(687 - i), single);
    }
  }

  /// Bit by bit.
  private static void assertAlike(JsonNode a, JsonNode b) {
    assertThat(a.path("prediction")).isEqualTo(b.path("prediction"));
    assertThat(a.path("probabilities")).isEqualTo(b.path("probabilities"));
  }

  private static String query(JsonNode row) {
    return row.propertyStream()
        .filter(cell -> !cell.getValue().isNull())
        .map(
            cell ->
                cell.getKey()
                    + "="
                    + URLEncoder.encode(cell.getValue().asString(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  @Test
  void answersManyBareNumbersInOrder() {
    String inputs =
        IntStream.range(0, 1000)
            .mapToObj(i -> "[%d,%d]".formatted(i % 2, i / 2 % 2))
            .collect(Collectors.joining(","));

    JsonNode predictions = body(predict(XOR, "{\"inputs\": [" + inputs + "]}")).path("predictions");

    assertThat(predictions).hasSize(1000);
    for (int i = 0; i < 1000; i++) {
      double output = predictions.path(i).path("outputs").path(0).asDouble();
      assertThat(Math.round(output)).as("row %d", i).isEqualTo((i % 2) ^ (i / 2 % 2));
    }
  }

  /// @param header of the answer
  /// @param first line below it
  record Lines(String model, String csv, String header, String first) {

    static Lines of(String model, String... csv) {
      return new Lines(model, String.join("\n", csv) + "\n", "", "");
    }

    Lines answered(String names) {
      return new Lines(model, csv, names, first);
    }

    Lines beginning(String pattern) {
      return new Lines(model, csv, header, pattern);
    }
  }

  static Stream<Lines> kinds() {
    return Stream.of(
        Lines.of(TWO, "queue", "9", "0")
            .answered("prediction,probability_0,probability_1")
            .beginning("1,[^,]*,[^,]*"),
        Lines.of(
                MASS,
                "flipper_length_mm,species,island,bill_length_mm,bill_depth_mm,sex,year",
                "217,Gentoo,Biscoe,47.5,15,male,2008",
                "217,Gentoo,Biscoe,47.5,15,NA,2008")
            .answered("prediction")
            .beginning("[45]\\d\\d\\d\\.\\d+"),
        Lines.of(
                BILL,
                "flipper_length_mm,species,island,body_mass_g,sex,year",
                "217,Gentoo,Biscoe,5000,male,2008",
                "217,Gentoo,Biscoe,5000,,2008")
            .answered("bill_length_mm,bill_depth_mm")
            .beginning("[45]\\d\\.\\d+,1\\d\\.\\d+"),
        Lines.of(LABELS, "rain,t", "0,39", "19,0")
            .answered("hot,wet,probability_hot,probability_wet")
            .beginning("true,false,[^,]*,[^,]*"));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void readsAndAnswersCsv(Lines asked) {
    HttpResponse<String> answer =
        send(
            "POST",
            MODELS + asked.model() + "/predictions",
            "text/csv",
            asked.csv(),
            "Accept",
            "text/csv");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/csv;charset=UTF-8");
    List<String> lines = answer.body().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).isEqualTo(asked.header());
    assertThat(lines.get(1)).matches(asked.first());
  }

  @Test
  void readsAndAnswersNdjson() {
    HttpResponse<String> answer =
        send(
            "POST",
            MODELS + TWO + "/predictions",
            "application/x-ndjson",
            "{\"queue\": 9}\n{\"queue\": 0}\n",
            "Accept",
            "application/x-ndjson");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
    assertThat(answer.body()).endsWith("}\n");
    List<JsonNode> lines =
        answer.body().lines().map(JSON::readTree).map(JsonNode.class::cast).toList();
    assertThat(lines)
        .isEqualTo(body(predict(TWO, TWO_ROWS)).path("predictions").valueStream().toList());
    assertThat(lines).extracting(line -> line.path("prediction").asInt()).containsExactly(1, 0);
  }

  @Test
  void answersBareNumbersAsCsv() {
    HttpResponse<String> answer =
        post(MODELS + XOR + "/predictions", "{\"inputs\": [[0,1]]}", "Accept", "text/csv");

    assertThat(answer.body().lines().toList()).hasSize(2).startsWith("output_0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json | application/json",
        "*/* | application/json",
        "text/* | text/csv;charset=UTF-8",
        "application/* | application/json",
        "application/json;q=0.5, text/csv | text/csv;charset=UTF-8",
        "application/json;q=0, */* | text/csv;charset=UTF-8",
        "text/csv;q=0.1, application/x-ndjson;q=0.2 | application/x-ndjson",
        "text/html, */*;q=0.1 | application/json",
      })
  void answersInTheFormThatAcceptLikesBest(String accept, String type) {
    HttpResponse<String> answer = post(MODELS + TWO + "/predictions", TWO_ROWS, "Accept", accept);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue(type);
  }

  @ParameterizedTest
  @CsvSource({"text/html", "application/json;q=0", "no type", "image/*"})
  void hasNoOtherForm(String accept) {
    assertProblem(
        post(MODELS + TWO + "/predictions", TWO_ROWS, "Accept", accept), 406, "not-acceptable");
  }

  @Test
  void answersByTheVersionInThePath() {
    HttpResponse<String> answer = post(MODELS + TWO + "/versions/1/predictions", TWO_ROWS);

    assertThat(answer.body()).isEqualTo(predict(TWO, TWO_ROWS).body());
    assertProblem(post(MODELS + TWO + "/versions/2/predictions", TWO_ROWS), 404, "not-found");
  }

  @Test
  void warnsAtTheRowsConcerned() {
    JsonNode predictions =
        body(predict(TWO, "{\"rows\": [{\"queue\": 9}, {\"queue\": 50}]}")).path("predictions");

    assertThat(predictions.path(0).has("warnings")).isFalse();
    assertThat(predictions.path(1).path("warnings").toString())
        .isEqualTo("[\"queue: 50 is outside the training range 0 to 9\"]");
  }

  @Test
  void takesMissingCellsWhereTheTrainingDataHadSome() {
    String csv =
        "island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex\n"
            + "Biscoe,47.5,15,217,5000,\nBiscoe,47.5,15,217,5000,NA\n";
    JsonNode predictions =
        body(send("POST", MODELS + SPECIES + "/predictions", "text/csv", csv)).path("predictions");
    JsonNode absent =
        body(predict(
                SPECIES,
                """
                    {"rows": [{"island": "Biscoe", "bill_length_mm": 47.5, "bill_depth_mm": 15, "flipper_length_mm": 217, "body_mass_g": 5000}]}"""))
            .path("predictions");

    assertThat(predictions.path(0)).isEqualTo(predictions.path(1)).isEqualTo(absent.path(0));
  }

  @Test
  void acceptsKnownColumnsThatAreNoFeatures() {
    assertThat(predict(TWO, "{\"rows\": [{\"queue\": 9, \"late\": 0}, {\"queue\": 0}]}").body())
        .isEqualTo(predict(TWO, TWO_ROWS).body());
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(
            TWO,
            Refusal.of("{\"rows\": [{\"queue\": 1}, {}]}", 422, "invalid-data")
                .at("/rows/1/queue")),
        Arguments.of(
            TWO,
            Refusal.of("{\"rows\": [{\"queue\": null}]}", 422, "invalid-data").at("/rows/0/queue")),
        Arguments.of(
            TWO,
            Refusal.of("{\"rows\": [{\"queue\": \"x\"}]}", 422, "invalid-data")
                .at("/rows/0/queue")),
        Arguments.of(
            TWO,
            Refusal.of("{\"rows\": [{\"queue\": 1e400}]}", 422, "invalid-data")
                .at("/rows/0/queue")),
        Arguments.of(
            TWO,
            Refusal.of("{\"rows\": [{\"queue\": 1, \"quue\": 1}]}", 400, "unknown-field")
                .at("/rows/0/quue")),
        Arguments.of(
            TWO,
            Refusal.of("{\"rows\": [{\"queue\": NaN}]}", 400, "malformed-json")
                .saying("line 1, column ")),
        Arguments.of(TWO, Refusal.of("{\"rows\": [1]}", 400, "wrong-type").at("/rows/0")),
        Arguments.of(TWO, Refusal.of("{\"rows\": {}}", 400, "wrong-type").at("/rows")),
        Arguments.of(TWO, Refusal.of("{}", 422, "invalid-data").at("/rows")),
        Arguments.of(TWO, Refusal.of("{\"row\": []}", 400, "unknown-field").at("/row")),
        Arguments.of(TWO, Refusal.of("{\"inputs\": [[1]]}", 400, "unknown-field").at("/inputs")),
        Arguments.of(TWO, Refusal.of("{\"dataset\": \"x\"}", 422, "invalid-data").at("/dataset")),
        Arguments.of(TWO, Refusal.of("[]", 400, "wrong-type")),
        Arguments.of(TWO, Refusal.of("", 400, "wrong-type")),
        Arguments.of(
            TWO, Refusal.of(TWO_ROWS + "1", 400, "malformed-json").saying("line 1, column ")),
        Arguments.of(
            TWO,
            Refusal.of("{\"rows\": [{\"queue\": 1}], \"rows\": []}", 400, "duplicate-field")
                .saying("line 1, column ")),
        Arguments.of(
            XOR, Refusal.of("{\"inputs\": [[0, 1], [0]]}", 422, "invalid-data").at("/inputs/1")),
        Arguments.of(
            XOR, Refusal.of("{\"inputs\": [[0, 1, 2]]}", 422, "invalid-data").at("/inputs/0")),
        Arguments.of(
            XOR, Refusal.of("{\"inputs\": [[0, \"1\"]]}", 400, "wrong-type").at("/inputs/0/1")),
        Arguments.of(
            XOR, Refusal.of("{\"inputs\": [[0, null]]}", 400, "wrong-type").at("/inputs/0/1")),
        Arguments.of(
            XOR, Refusal.of("{\"inputs\": [[0, 1e400]]}", 422, "invalid-data").at("/inputs/0/1")),
        Arguments.of(
            XOR, Refusal.of("{\"inputs\": [[0, 1e39]]}", 422, "invalid-data").at("/inputs/0/1")),
        Arguments.of(
            XOR,
            Refusal.of("{\"inputs\": [[0, Infinity]]}", 400, "malformed-json")
                .saying("line 1, column ")),
        Arguments.of(XOR, Refusal.of("{\"inputs\": [0, 1]}", 400, "wrong-type").at("/inputs/0")),
        Arguments.of(XOR, Refusal.of("{\"rows\": []}", 400, "unknown-field").at("/rows")),
        Arguments.of(
            XOR,
            Refusal.of("{\"inputs\": [[0, 1]], \"targets\": [[1]]}", 400, "unknown-field")
                .at("/targets")));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesRowsThatCannotBe(String model, Refusal refusal) {
    assertRefused(predict(model, refusal.body()), refusal);
  }

  static Stream<Arguments> refusedLines() {
    String csv = "text/csv";
    return Stream.of(
        Arguments.of(
            TWO, csv, Refusal.of("queue,nose\n1,2\n", 400, "malformed-data").saying("nose")),
        Arguments.of(TWO, csv, Refusal.of("queue\n1\nx\n", 422, "invalid-data").saying("line 3")),
        Arguments.of(
            TWO, csv, Refusal.of("queue\n1\n\"\"\n", 422, "invalid-data").saying("line 3")),
        Arguments.of(TWO, csv, Refusal.of("queue\n", 422, "invalid-data").saying("row")),
        Arguments.of(TWO, csv, Refusal.of("", 400, "malformed-data").saying("line 1")),
        Arguments.of(
            TWO,
            "application/x-ndjson",
            Refusal.of("{\"queue\": 1}\n{\"queue\": \"x\"}\n", 422, "invalid-data")
                .saying("line 2")),
        Arguments.of(
            XOR, csv, Refusal.of("a,b\n0,1\n", 415, "unsupported-media-type").saying("inputs")),
        Arguments.of(
            TWO,
            "text/plain",
            Refusal.of("queue\n1\n", 415, "unsupported-media-type").saying("text/csv")),
        Arguments.of(
            TWO,
            "multipart/form-data; boundary=x",
            Refusal.of("--x--", 415, "unsupported-media-type").saying("text/csv")));
  }

  @ParameterizedTest
  @MethodSource("refusedLines")
  void refusesLinesThatCannotBe(String model, String type, Refusal refusal) {
    assertRefused(send("POST", MODELS + model + "/predictions", type, refusal.body()), refusal);
  }

  @Test
  void countsWhatItAnswered() {
    predict(TWO, TWO_ROWS);

    // It is one of the others if as many models as have names there answered before it.
    assertThat(get("/actuator/prometheus").body())
        .containsPattern("backprop_prediction_rows_total\\{model=\"(p-two|other)\"} [1-9]")
        .containsPattern("backprop_prediction_requests_total\\{outcome=\"answered\"} [1-9]");
  }

  private HttpResponse<String> predict(String model, String json) {
    return post(MODELS + model + "/predictions", json);
  }

  /// As curl sends a file by `-d`.
  @Test
  void tellsABodyThatHasLostItsLineBreaks() {
    String binary = "--data-binary @file and -H 'Content-Type: text/csv'";
    for (String path : List.of("/predictions", "/evaluations")) {
      String to = MODELS + TWO + path;
      for (HttpResponse<String> lost :
          List.of(
              send("POST", to, "text/csv", "queue91"),
              send("POST", to, "text/csv", "queue,late9,11,0"),
              send("POST", to + "?header=false", "text/csv", "9,11,0,7,8"))) {
        assertProblem(lost, 400, "malformed-data");
        assertThat(body(lost).path("detail").asString()).contains(binary);
      }
      HttpResponse<String> form =
          send("POST", to, "application/x-www-form-urlencoded", "queue,late9,11,0");
      assertProblem(form, 415, "unsupported-media-type");
      assertThat(body(form).path("detail").asString()).contains(binary);
    }
    HttpResponse<String> fault =
        send("POST", MODELS + TWO + "/predictions?header=false", "text/csv", "x");
    assertProblem(fault, 422, "invalid-data");
    assertThat(body(fault).path("detail").asString()).doesNotContain(binary);
    HttpResponse<String> training =
        send("POST", "/api/v1/trainings", "application/x-www-form-urlencoded", "{}");
    assertThat(body(training).path("detail").asString())
        .contains("-H 'Content-Type: application/json'");
  }
}
