package dev.backprop.service.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Options of predictions: what becomes of columns that are no features.
class RowOptionsTest extends PredictionServiceTest {

  /// Has columns that are called as options are.
  private static final String NAMES = "p-names";

  private static final String GET_TWO = MODELS + TWO + "/predictions?queue=9";
  private static final String POST_TWO = MODELS + TWO + "/predictions";
  private static final String GET_NAMES = MODELS + NAMES + "/predictions?";

  @BeforeAll
  void trainNames() {
    String rows =
        IntStream.range(0, 60)
            .mapToObj(
                i ->
                    "{\"pass\": %d, \"interval\": \"%s\", \"_unknown\": %d, \"y\": %d}"
                        .formatted(
                            i % 10, i % 2 == 0 ? "long" : "short", i % 7, i % 10 + 20 * (i % 2)))
            .collect(Collectors.joining(","));
    succeeded(
        """
        {"model": "%s", "data": {"target": "y", "task": "regression", "rows": [%s]},
         "network": {"layers": []}, "training": {"epochs": 5}}"""
            .formatted(NAMES, rows));
  }

  @Test
  void copiesColumnsOfAGet() {
    JsonNode plain = body(get(GET_TWO));
    HttpResponse<String> answer =
        get(
            GET_TWO
                + "&customer_id=007&late=maybe&pass=customer_id,late&pass=a%2Cb&a%2Cb=&queue2=1&unknown=ignore");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(body(answer).path("pass").toString())
        .isEqualTo("{\"customer_id\":\"007\",\"late\":\"maybe\",\"a,b\":null}");
    assertThat(body(answer).path("prediction")).isEqualTo(plain.path("prediction"));
    assertThat(plain.has("pass")).isFalse();
    assertThat(body(get(GET_TWO + "&_pass=id&id=%20x%20")).path("pass").toString())
        .isEqualTo("{\"id\":\"x\"}");
    assertThat(body(get(GET_TWO + "&pass=queue")).path("pass").toString())
        .isEqualTo("{\"queue\":\"9\"}");
  }

  @Test
  void copiesColumnsOfAGetWithBareNumbers() {
    String inputs = MODELS + XOR + "/predictions?inputs=0,1";

    assertThat(body(get(inputs + "&id=7&other=1&pass=id&unknown=ignore")).path("pass").toString())
        .isEqualTo("{\"id\":\"7\"}");
    assertProblem(get(inputs + "&id=7"), 400, "unknown-parameter");
    assertProblem(get(inputs + "&pass=id"), 422, "invalid-data");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "&id=1 | 400 | unknown-parameter",
        "&unknown=keep | 400 | invalid-parameter",
        "&_unknown=yes&id=1 | 400 | invalid-parameter",
        "&unknown=ignore&unknown=ignore | 400 | repeated-parameter",
        "&unknown=ignore&_unknown=ignore | 400 | repeated-parameter",
        "&pass=id | 422 | invalid-data",
        "&pass=id,no&id=1 | 422 | invalid-data",
        "&pass= | 422 | invalid-data",
        "&pass=pass | 422 | invalid-data",
        "&pass=id&id=1&id=2 | 400 | repeated-parameter",
        "&missing=x | 400 | unknown-parameter",
        "&__pass=id&id=1 | 400 | unknown-parameter",
      })
  void refusesOptionsOfAGetThatCannotBe(String options, int status, String code) {
    assertProblem(get(GET_TWO + options), status, code);
  }

  /// A column of the model wins against an option; the option has another name then.
  @Test
  void columnsThatAreCalledAsOptionsAreColumns() {
    String row = GET_NAMES + "pass=3&interval=long&_unknown=2";
    JsonNode plain = body(get(row));
    JsonNode other = body(get(GET_NAMES + "pass=9&interval=short&_unknown=2"));

    assertThat(plain.has("pass")).isFalse();
    assertThat(plain.path("prediction")).isNotEqualTo(other.path("prediction"));
    JsonNode both = body(get(row + "&_pass=pass,interval,id&id=9&unknown=ignore&more=1"));
    assertThat(both.path("pass").toString())
        .isEqualTo("{\"pass\":\"3\",\"interval\":\"long\",\"id\":\"9\"}");
    assertThat(both.path("prediction")).isEqualTo(plain.path("prediction"));
    assertProblem(
        get(GET_NAMES + "pass=id&interval=long&_unknown=2&id=9"), 400, "unknown-parameter");
    assertProblem(get(GET_NAMES + "pass=3&interval=long&_unknown=ignore"), 422, "invalid-data");

    JsonNode posted =
        body(post(
                MODELS + NAMES + "/predictions?pass=pass,interval,_unknown",
                "{\"rows\": [{\"pass\": 3, \"interval\": \"long\", \"_unknown\": 2}]}"))
            .path("predictions")
            .path(0);
    assertThat(posted.path("pass").toString())
        .isEqualTo("{\"pass\":\"3\",\"interval\":\"long\",\"_unknown\":\"2\"}");
    assertThat(posted.path("prediction")).isEqualTo(plain.path("prediction"));
  }

  @Test
  void theTagOfAGetDependsOnItsOptions() {
    String plain = get(GET_TWO).headers().firstValue("ETag").orElseThrow();
    String passing = get(GET_TWO + "&id=1&pass=id").headers().firstValue("ETag").orElseThrow();

    assertThat(passing).isNotEqualTo(plain);
    assertThat(get(GET_TWO + "&id=1&pass=id", "If-None-Match", passing).statusCode())
        .isEqualTo(304);
  }

  record Body(String type, String body) {}

  static Stream<Body> bodies() {
    return Stream.of(
        new Body("text/csv", "id,queue,late,more\n 007 ,9,1,x\n,99,,y\n"),
        new Body(
            "application/json",
            "{\"rows\": [{\"id\": \"007\", \"queue\": 9, \"late\": 1, \"more\": \"x\"}, {\"queue\": 99, \"more\": null}]}"),
        new Body(
            "application/x-ndjson",
            "{\"id\": \"007\", \"queue\": 9, \"late\": 1.0}\n{\"id\": null, \"queue\": 99, \"more\": true}\n"));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void copiesColumnsOfRows(Body rows) {
    String path = POST_TWO + "?pass=late,id&unknown=ignore&warnings=true";
    String warning = "queue: 99 is outside the training range 0 to 9";

    HttpResponse<String> json = send("POST", path, rows.type(), rows.body());
    HttpResponse<String> csv = send("POST", path, rows.type(), rows.body(), "Accept", "text/csv");
    HttpResponse<String> lines =
        send("POST", path, rows.type(), rows.body(), "Accept", "application/x-ndjson");

    assertThat(json.statusCode()).as(json.body()).isEqualTo(200);
    JsonNode items = body(json).path("predictions");
    assertThat(items.path(0).path("pass").toString()).isEqualTo("{\"late\":\"1\",\"id\":\"007\"}");
    assertThat(items.path(1).path("pass").toString()).isEqualTo("{\"late\":null,\"id\":null}");
    assertThat(lines.body().lines().map(JSON::readTree).toList())
        .containsExactlyElementsOf(items.valueStream().toList());
    List<String> cells = csv.body().lines().toList();
    assertThat(cells.get(0)).isEqualTo("late,id,prediction,probability_0,probability_1,warnings");
    assertThat(cells.get(1)).matches("1,007,1,[^,]+,[^,]+,");
    assertThat(cells.get(2)).matches(",,1,[^,]+,[^,]+," + warning);
  }

  @Test
  void copiesTheTextsOfADataSet() {
    String csv =
        "id,score,late,day,queue\n"
            + IntStream.range(0, 60)
                .mapToObj(
                    i ->
                        "%s,%s,%d,2026-01-%02d,%d\n"
                            .formatted(
                                i % 9 == 0 ? "" : "0" + i,
                                i == 7 ? "unknown" : "1." + i + "0",
                                i % 2,
                                1 + i % 28,
                                i % 10))
                .collect(Collectors.joining());
    String id =
        body(send("POST", "/api/v1/datasets?name=passed&categorical=id", "text/csv", csv))
            .path("id")
            .asString();
    String asked = "{\"dataset\": \"" + id + "\"}";

    JsonNode items = body(post(POST_TWO + "?pass=id,score,late,day", asked)).path("predictions");

    assertThat(items).hasSize(60);
    assertThat(items.path(0).path("pass").toString())
        .isEqualTo("{\"id\":null,\"score\":\"1\",\"late\":\"0\",\"day\":\"2026-01-01\"}");
    assertThat(items.path(7).path("pass").toString())
        .isEqualTo("{\"id\":\"07\",\"score\":\"unknown\",\"late\":\"1\",\"day\":\"2026-01-08\"}");
    assertProblem(post(POST_TWO, asked), 422, "invalid-data", "/dataset");
    assertProblem(post(POST_TWO + "?pass=id", asked), 422, "invalid-data", "/dataset");
    assertThat(body(post(POST_TWO + "?unknown=ignore", asked)).path("predictions")).hasSize(60);
    assertProblem(post(POST_TWO + "?pass=no&unknown=ignore", asked), 422, "invalid-data");
    assertThat(delete("/api/v1/datasets/" + id).statusCode()).isEqualTo(204);
  }

  @Test
  void takesANameWithAComma() {
    String path = POST_TWO + "?pass=a%2Cb&pass=a,c";
    String rows =
        "{\"rows\": [{\"queue\": 1, \"a,b\": 1e3, \"a\": 12345678901234567890, \"c\": true}]}";

    assertThat(body(post(path, rows)).path("predictions").path(0).path("pass").toString())
        .isEqualTo("{\"a,b\":\"1000\",\"a\":\"12345678901234567890\",\"c\":\"true\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "?unknown=keep | 400 | invalid-parameter",
        "?unknown=ignore&unknown=ignore | 400 | repeated-parameter",
        "?warnings=yes | 400 | invalid-parameter",
        "?_pass=queue | 400 | unknown-parameter",
        "?queue=1 | 400 | unknown-parameter",
        "?pass=id | 422 | invalid-data",
        "?pass=queue,id | 422 | invalid-data",
      })
  void refusesOptionsOfAPostThatCannotBe(String options, int status, String code) {
    assertProblem(post(POST_TWO + options, "{\"rows\": [{\"queue\": 1}]}"), status, code);
  }

  /// Also values that no cell can be.
  @Test
  void ignoresWhateverAnUnknownColumnHas() {
    String rows =
        "{\"rows\": [{\"at\": {\"lat\": [1, {}]}, \"queue\": 9, \"tags\": [\"a\"]}, {\"queue\": 9}]}";
    JsonNode items = body(post(POST_TWO + "?unknown=ignore", rows)).path("predictions");
    assertThat(items).hasSize(2);
    assertThat(items.path(0)).isEqualTo(items.path(1));
    assertProblem(
        post(POST_TWO + "?unknown=ignore", "{\"rows\": [{\"queue\": 9, \"late\": {}}]}"),
        400,
        "wrong-type",
        "/rows/0/late");
    assertProblem(
        post(POST_TWO + "?pass=at&unknown=ignore", "{\"rows\": [{\"queue\": 9, \"at\": {}}]}"),
        400,
        "wrong-type",
        "/rows/0/at");
  }

  @Test
  void refusesUnknownColumnsStill() {
    assertProblem(
        post(POST_TWO + "?pass=id", "{\"rows\": [{\"queue\": 1, \"id\": 1, \"no\": 2}]}"),
        400,
        "unknown-field",
        "/rows/0/no");
    assertProblem(
        post(MODELS + XOR + "/predictions?pass=id", "{\"inputs\": [[0, 1]]}"), 422, "invalid-data");
    assertProblem(
        post(MODELS + TWO + "/evaluations?unknown=ignore", "{\"rows\": []}"),
        400,
        "unknown-parameter");
  }
}
