package dev.backprop.service.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.Refusal;
import dev.backprop.Requests;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class EvaluationTest extends PredictionServiceTest {

  @Test
  void holdsAnswersAgainstTheClassesOfRows() {
    JsonNode answer = evaluated(SPECIES, "{" + Requests.penguinRows() + "}");

    assertThat(answer.path("model").asString()).isEqualTo(SPECIES);
    assertThat(answer.path("version").asInt()).isEqualTo(1);
    JsonNode metrics = answer.path("metrics");
    assertThat(metrics.path("rows").asInt()).isEqualTo(344);
    assertThat(metrics.path("accuracy").asDouble()).isBetween(0.9, 1.0);
    assertThat(metrics.path("classes").toString())
        .isEqualTo("[\"Adelie\",\"Chinstrap\",\"Gentoo\"]");
    int right = 0;
    int[] actual = new int[3];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        int count = metrics.path("confusionMatrix").path(i).path(j).asInt();
        right += i == j ? count : 0;
        actual[i] += count;
      }
    }
    assertThat(actual).containsExactly(152, 68, 124);
    assertThat(metrics.path("accuracy").asDouble()).isCloseTo(right / 344.0, within(1e-12));
    assertThat(metrics.path("baseline").path("label").asString()).isEqualTo("Adelie");
    assertThat(metrics.path("baseline").path("accuracy").asDouble())
        .isCloseTo(152 / 344.0, within(1e-12));
  }

  @Test
  void givesTheSameMetricsForRowsAndForTheirDataSet() {
    JsonNode byRows = evaluated(SPECIES, "{" + Requests.penguinRows() + "}");
    String id =
        body(send("POST", "/api/v1/datasets?name=p", "text/csv", Requests.penguinsCsv()))
            .path("id")
            .asString();

    // Which rows they are is told beside.
    JsonNode byDataset = evaluated(SPECIES, "{\"dataset\": \"" + id + "\"}");
    assertThat(byDataset.path("metrics")).isEqualTo(byRows.path("metrics"));
    assertThat(byDataset.path("on").path("dataset").asString()).isEqualTo(id);
    assertThat(
            body(
                send(
                    "POST",
                    MODELS + SPECIES + "/versions/1/evaluations",
                    "text/csv",
                    Requests.penguinsCsv())))
        .isEqualTo(byRows);
    assertThat(delete("/api/v1/datasets/" + id).statusCode()).isEqualTo(204);
  }

  @Test
  void scoresTwoClassesWithTheAreaUnderTheirCurve() {
    JsonNode metrics =
        evaluated(
                TWO,
                """
                {"rows": [{"queue": 0, "late": 0}, {"queue": 9, "late": 1}, {"queue": 8, "late": 1}, {"queue": 9, "late": 0}]}""")
            .path("metrics");

    // Of the four pairs of a late and a punctual row, 0 < 9 and 0 < 8 are right, 9 = 9 is half.
    assertThat(metrics.path("auc").asDouble()).isCloseTo(2.5 / 4, within(1e-12));
    assertThat(metrics.path("accuracy").asDouble()).isEqualTo(0.75);
    assertThat(points(metrics.path("curve"), "falsePositiveRate")).containsExactly(.5, .5, 1.0);
    assertThat(points(metrics.path("curve"), "recall")).containsExactly(.5, 1.0, 1.0);
    assertThat(points(metrics.path("curve"), "precision")).containsExactly(.5, 2 / 3.0, .5);
    assertThat(points(metrics.path("calibrationBins"), "rows").stream().mapToDouble(n -> n).sum())
        .isEqualTo(4);
  }

  private static List<Double> points(JsonNode list, String name) {
    return list.valueStream().map(each -> each.path(name).asDouble()).toList();
  }

  @Test
  void curvesStandOnTheCard() {
    JsonNode card = body(get(MODELS + SPECIES + "/versions/1"));
    assertThat(card.at("/metrics/validation/calibrationBins/0/accuracy").isNumber()).isTrue();
    assertThat(card.at("/metrics/validation").has("curve")).isFalse(); // of three classes
    assertThat(
            points(
                body(get(MODELS + MASS + "/versions/1"))
                    .at("/metrics/validation/outputs/0/errorQuantiles"),
                "at"))
        .containsExactly(.01, .05, .1, .25, .5, .75, .9, .95, .99);
  }

  @Test
  void scoresNumbersInTheirOwnUnits() {
    JsonNode metrics =
        body(send(
                "POST",
                MODELS + MASS + "/evaluations",
                "application/x-ndjson",
                """
                    {"body_mass_g": 5000, "flipper_length_mm": 217, "species": "Gentoo", "island": "Biscoe", "bill_length_mm": 47.5, "bill_depth_mm": 15, "sex": "male", "year": 2008}
                    """))
            .path("metrics");
    double predicted =
        body(get(
                MODELS
                    + MASS
                    + "/predictions?flipper_length_mm=217&species=Gentoo&island=Biscoe&bill_length_mm=47.5&bill_depth_mm=15&sex=male&year=2008"))
            .path("prediction")
            .asDouble();

    double error = Math.abs(predicted - 5000);
    assertThat(metrics.path("rmse").asDouble()).isCloseTo(error, within(0.05));
    assertThat(metrics.path("mae").asDouble()).isCloseTo(error, within(0.05));
    assertThat(metrics.path("r2").isNull()).isTrue();
    assertThat(metrics.at("/outputs/0/errorQuantiles/0/error").asDouble())
        .isCloseTo(predicted - 5000, within(0.05));
  }

  @Test
  void scoresLabelsAndBareNumbers() {
    JsonNode labels =
        evaluated(
                LABELS,
                """
                {"rows": [{"t": 39, "rain": 0, "hot": true, "wet": false}, {"t": 39, "rain": 0, "hot": true, "wet": true}]}""")
            .path("metrics");
    assertThat(labels.path("accuracy").asDouble()).isEqualTo(0.75);
    assertThat(labels.path("exactMatch").asDouble()).isEqualTo(0.5);

    JsonNode numbers = evaluated(XOR, Requests.XOR_DATA).path("metrics");
    assertThat(numbers.path("rows").asInt()).isEqualTo(4);
    assertThat(numbers.path("loss").asDouble()).isBetween(0.0, 0.2);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(TWO, Refusal.of("{\"rows\": [{\"queue\": 1}]}", 422, "invalid-data")),
        Arguments.of(
            TWO, Refusal.of("{\"rows\": [{\"queue\": 1, \"late\": null}]}", 422, "invalid-data")),
        Arguments.of(
            TWO,
            Refusal.of("{\"rows\": [{\"queue\": 1, \"late\": 7}]}", 422, "invalid-data")
                .at("/rows")),
        Arguments.of(
            TWO,
            Refusal.of("{\"rows\": [{\"late\": 1}]}", 422, "invalid-data").at("/rows/0/queue")),
        Arguments.of(
            TWO, Refusal.of("{\"dataset\": \"nowhere\"}", 422, "invalid-data").at("/dataset")),
        Arguments.of(TWO, Refusal.of("{\"dataset\": 7}", 400, "wrong-type").at("/dataset")),
        Arguments.of(
            TWO,
            Refusal.of(
                    "{\"dataset\": \"x\", \"rows\": [{\"queue\": 1, \"late\": 1}]}",
                    422,
                    "invalid-data")
                .at("/dataset")),
        Arguments.of(TWO, Refusal.of("{}", 422, "invalid-data").at("/rows")),
        Arguments.of(TWO, Refusal.of("{\"data\": 1}", 400, "unknown-field").at("/data")),
        Arguments.of(
            XOR,
            Refusal.of("{\"dataset\": \"x\"}", 422, "invalid-data")
                .at("/dataset")
                .saying("takes bare numbers")),
        Arguments.of(XOR, Refusal.of("{\"inputs\": [[0, 1]]}", 422, "invalid-data").at("/targets")),
        Arguments.of(
            XOR,
            Refusal.of("{\"inputs\": [[0, 1]], \"targets\": []}", 422, "invalid-data")
                .at("/targets")),
        Arguments.of(
            XOR,
            Refusal.of("{\"inputs\": [[0, 1]], \"targets\": [[1, 0]]}", 422, "invalid-data")
                .at("/targets/0")),
        Arguments.of(
            XOR,
            Refusal.of("{\"inputs\": [[0, 1]], \"targets\": [[7]]}", 422, "invalid-data")
                .at("/targets/0/0")),
        Arguments.of(
            XOR,
            Refusal.of("{\"inputs\": [[0, 1]], \"targets\": [[1e400]]}", 422, "invalid-data")
                .at("/targets/0/0")),
        Arguments.of("p-nowhere", Refusal.of("{\"rows\": []}", 404, "not-found")));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesRowsThatCannotBeScored(String model, Refusal refusal) {
    assertRefused(post(MODELS + model + "/evaluations", refusal.body()), refusal);
  }

  @Test
  void refusesADataSetOfOtherColumns() {
    String id =
        body(send("POST", "/api/v1/datasets?name=p", "text/csv", "a,late\n1,1\n2,0\n"))
            .path("id")
            .asString();

    assertProblem(
        post(MODELS + TWO + "/evaluations", "{\"dataset\": \"" + id + "\"}"),
        422,
        "invalid-data",
        "/dataset");
    assertThat(delete("/api/v1/datasets/" + id).statusCode()).isEqualTo(204);
  }

  private JsonNode evaluated(String model, String json) {
    HttpResponse<String> answer = post(MODELS + model + "/evaluations", json);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return body(answer);
  }
}
