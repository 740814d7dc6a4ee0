package dev.backprop.service.job;

import static dev.backprop.platform.caller.Caller.ANYBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.Requests;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.service.intake.AcceptedTraining;
import dev.backprop.service.intake.TrainingPlanner;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/// What a request says of the columns of its data, and what is said of those that it leaves to be
/// inferred.
class ColumnsTest extends JobServiceTest {

  @Autowired private TrainingPlanner planner;

  /// y is 10 times x, and 5 more if c is `b`.
  private static List<String> rows() {
    return IntStream.range(0, 60)
        .mapToObj(
            i ->
                "{\"x\": %s, \"c\": \"%s\", \"y\": %s}"
                    .formatted(
                        i % 10 + 0.5 + i / 1e4,
                        i % 3 == 0 ? "b" : "a",
                        10 * (i % 10) + (i % 3 == 0 ? 5 : 0) + 0.25))
        .toList();
  }

  private static String numbers(String model, String data, String more) {
    return """
    {"model": "%s", "data": {"target": "y", %s}, %s
     "training": {"epochs": 150, "optimizer": {"type": "adam", "learningRate": 0.03}, "earlyStopping": null}}"""
        .formatted(model, data, more);
  }

  private JsonNode predicted(String model, String query) {
    HttpResponse<String> answer = get("/api/v1/models/" + model + "/predictions?" + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return body(answer);
  }

  private static List<String> warnings(JsonNode training) {
    return training.path("warnings").valueStream().map(JsonNode::asString).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"x": {}} | 422 | invalid-spec | /data/columns/x | must have type or nullable, has neither
          {"x": {"type": null}} | 422 | invalid-spec | /data/columns/x | must have type or nullable, has neither
          {"x": null} | 400 | wrong-type | /data/columns/x | must be an object, was null
          {"x": "numeric"} | 400 | wrong-type | /data/columns/x | must be an object, was a string
          {"x": []} | 400 | wrong-type | /data/columns/x | must be an object, was an array
          [] | 400 | wrong-type | /data/columns | must be an object, was an array
          {"x": {"nullable": "yes"}} | 400 | wrong-type | /data/columns/x/nullable | must be a boolean, was a string
          {"x": {"nullable": 1}} | 400 | wrong-type | /data/columns/x/nullable | must be a boolean, was
          {"x": {"type": "number"}} | 422 | invalid-spec | /data/columns/x/type | must be numeric
          {"x": {"optional": true}} | 400 | unknown-field | /data/columns/x/optional | is not known
          {"y": {"nullable": true}} | 422 | invalid-data | /data/columns/y/nullable | is a target
          {"x": {"type": "ignore", "nullable": true}} | 422 | invalid-data | /data/columns/x/nullable | is ignored
          {"n": {"nullable": false}} | 422 | invalid-data | /data/columns/n/nullable | has no value in 1 of 2 rows
          {"m": {"nullable": true}} | 422 | invalid-data | /data/columns/m | must be a column of the data
          """)
  void refusesWhatCannotBeSaidOfAColumn(
      String columns, int status, String code, String pointer, String detail) {
    HttpResponse<String> answer =
        train(
            """
            {"model": "columns-refused", "data": {"target": "y", "columns": %s,
             "rows": [{"x": 1, "n": null, "y": 0.5}, {"x": 2, "n": 3, "y": 1.5}]}}"""
                .formatted(columns));
    assertProblem(answer, status, code, pointer);
    assertThat(body(answer).path("errors").path(0).path("detail").asString()).contains(detail);
  }

  /// Neither had a missing cell.
  @ParameterizedTest
  @CsvSource({
    "'',nullable-plain",
    "'\"network\": {\"embeddings\": {\"c\": {}}},',nullable-embedded"
  })
  void cellsMayBeMissingWhereTheRequestSaysSo(String network, String model) {
    succeeded(
        numbers(
            model,
            "\"columns\": {\"x\": {\"nullable\": true}, \"c\": {\"type\": \"categorical\", \"nullable\": true}}, \"rows\": [%s]"
                .formatted(String.join(",", rows())),
            network));

    JsonNode features =
        body(get("/api/v1/models/" + model + "/versions/1")).path("input").path("features");
    assertThat(features.path(0).path("nullable").asBoolean()).isTrue();
    assertThat(features.path(1).path("nullable").asBoolean()).isTrue();
    double median = features.path(0).path("median").asDouble();
    double full = predicted(model, "x=" + median + "&c=a").path("prediction").asDouble();
    assertThat(full).isCloseTo(10 * (median - 0.5), within(10.0));
    assertThat(predicted(model, "c=a").path("prediction").asDouble())
        .as("the indicator is silent, the number the median")
        .isCloseTo(full, within(1e-3));
    double unseen = predicted(model, "x=4.5&c=other").path("prediction").asDouble();
    assertThat(predicted(model, "x=4.5").path("prediction").asDouble())
        .as("nothing was learned of a missing category")
        .isCloseTo(unseen, within(1e-3));
    JsonNode batch =
        body(
            post(
                "/api/v1/models/" + model + "/predictions",
                "{\"rows\": [{\"x\": null, \"c\": \"a\"}, {\"x\": 4.5, \"c\": null}, {\"c\": \"a\"}]}"));
    assertThat(batch.at("/predictions/0/prediction").asDouble()).isCloseTo(full, within(1e-3));
    assertThat(batch.at("/predictions/1/prediction").asDouble()).isCloseTo(unseen, within(1e-3));
    assertThat(batch.at("/predictions/2/prediction").asDouble()).isCloseTo(full, within(1e-3));

    HttpResponse<String> copied = copy(model, model + "-copy");
    assertThat(copied.statusCode()).as(copied.body()).isEqualTo(201);
    assertThat(predicted(model + "-copy", "c=a").path("prediction").asDouble())
        .isEqualTo(full, within(1e-3));
  }

  private HttpResponse<String> copy(String model, String name) {
    try {
      byte[] artifact =
          client()
              .send(
                  request("/api/v1/models/" + model + "/versions/1/artifact").GET().build(),
                  HttpResponse.BodyHandlers.ofByteArray())
              .body();
      return send(
          request("/api/v1/models/" + name + "/versions", "Content-Type", "application/zip")
              .POST(HttpRequest.BodyPublishers.ofByteArray(artifact))
              .build());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aDataSetsColumnsAreNullableOnRequestAndStaySoInAWarmStart() {
    String csv =
        IntStream.range(0, 60)
            .mapToObj(i -> "%s,%s".formatted(i % 10 + 0.5, 10 * (i % 10) + 0.25))
            .collect(Collectors.joining("\n", "x,y\n", "\n"));
    String id =
        body(send("POST", "/api/v1/datasets?name=nullable", "text/csv", csv)).path("id").asString();
    String data = "\"dataset\": \"" + id + "\"";
    succeeded(numbers("nullable-no", data, ""));
    assertProblem(get("/api/v1/models/nullable-no/predictions?x="), 422, "invalid-data");

    succeeded(numbers("nullable-set", "\"columns\": {\"x\": {\"nullable\": true}}, " + data, ""));
    double missing = predicted("nullable-set", "x=").path("prediction").asDouble();
    assertThat(missing).isCloseTo(45, within(10.0));

    String warm = "\"warmStart\": {\"model\": \"nullable-set\"},";
    succeeded(numbers("nullable-warm", data, warm));
    assertThat(predicted("nullable-warm", "x=").path("prediction").asDouble())
        .isCloseTo(45, within(10.0));
    succeeded(
        numbers("nullable-warm", "\"columns\": {\"x\": {\"nullable\": true}}, " + data, warm));
    refused(
        numbers("nullable-warm", "\"columns\": {\"x\": {\"nullable\": false}}, " + data, warm),
        "/data/columns/x/nullable",
        "must be true, as in model 'nullable-set' version 1, was false");
    refused(
        numbers(
            "nullable-warm",
            "\"columns\": {\"x\": {\"nullable\": true}}, " + data,
            "\"warmStart\": {\"model\": \"nullable-no\"},"),
        "/data/columns/x/nullable",
        "must be false, as in model 'nullable-no' version 1, was true");
    refused(
        numbers("nullable-warm", "\"columns\": {\"y\": {\"nullable\": true}}, " + data, warm),
        "/data/columns/y/nullable",
        "is a target");
    assertThat(delete("/api/v1/datasets/" + id).statusCode()).isEqualTo(204);
  }

  private void refused(String request, String pointer, String detail) {
    HttpResponse<String> answer = train(request);
    assertProblem(answer, 422, "invalid-data", pointer);
    assertThat(body(answer).path("errors").path(0).path("detail").asString()).contains(detail);
  }

  /// `cat` is `v` in one row, which seed 7 holds out.
  @Test
  void categoriesThatOnlyHeldOutRowsHaveAreToldOf() throws IOException {
    JsonNode training = succeeded(resource("category-in-one-row.json"));

    assertThat(warnings(training))
        .containsExactly(
            "column 'cat' has categories that only validation rows have: 'v', rows: 1; nothing is learned of them and they are answered as unseen ones are; to learn of them, send another \"seed\" or a smaller \"validationFraction\"");
    assertThat(warnings(body(get("/api/v1/models/rare-category/versions/1"))))
        .isEqualTo(warnings(training));
    assertThat(
            warnings(
                succeeded(
                    resource("category-in-one-row.json").replace("\"seed\": 7", "\"seed\": 8"))))
        .isEmpty();
  }

  private static String resource(String name) throws IOException {
    try (var in =
        Objects.requireNonNull(ColumnsTest.class.getResourceAsStream("/columns/" + name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void categoriesThatOnlyTestRowsOrAValidationDataSetHasAreToldOf() {
    List<String> rows = new ArrayList<>(rows());
    for (int i = 0; i < 60; i++) {
      rows.add("{\"x\": 1, \"c\": \"rare %d\", \"y\": 1.5}".formatted(i));
    }
    String data =
        "\"columns\": {\"c\": {\"type\": \"categorical\"}}, \"rows\": [%s]"
            .formatted(String.join(",", rows));
    JsonNode training =
        succeeded(
            """
            {"model": "rare-test", "data": {"target": "y", %s},
             "training": {"epochs": 1, "validationFraction": 0, "testFraction": 0.5}}"""
                .formatted(data));
    assertThat(warnings(training))
        .singleElement()
        .asString()
        .startsWith("column 'c' has categories that only test rows have: 'rare ")
        .containsPattern("' and \\d+ more, rows: \\d+;")
        .endsWith("send another \"seed\" or a smaller \"testFraction\"");

    String id =
        body(send(
                "POST",
                "/api/v1/datasets?name=rare",
                "text/csv",
                "x,c,y\n1.5,a,2\n2.5,new,3\n1,newer,4\n1,new,4\n"))
            .path("id")
            .asString();
    assertThat(
            warnings(
                succeeded(
                    numbers(
                        "rare-apart",
                        "\"rows\": [" + String.join(",", rows()) + "]",
                        "\"validation\": {\"dataset\": \"" + id + "\"},"))))
        .containsExactly(
            "column 'c' has categories that only validation rows have: 'new', 'newer', rows: 3; nothing is learned of them and they are answered as unseen ones are; to learn of them, add such rows to the data");
    assertThat(delete("/api/v1/datasets/" + id).statusCode()).isEqualTo(204);
  }

  @Test
  void aDataSetTellsOfColumnsThatNumberItsRows() {
    JsonNode dataset =
        body(
            send(
                "POST",
                "/api/v1/datasets?name=numbered",
                "text/csv",
                IntStream.range(0, 60)
                    .mapToObj(i -> "%d,%d.5".formatted(i, i % 7))
                    .collect(Collectors.joining("\n", "id,x\n", "\n"))));
    assertThat(warnings(dataset))
        .singleElement()
        .asString()
        .startsWith("column 'id' has another value in each row");
  }

  private static String labelled(String zero, String one) {
    return IntStream.range(0, 80)
        .mapToObj(
            i ->
                "{\"x\": %s, \"big\": %s, \"even\": %s}"
                    .formatted(
                        i % 20 + 0.5 + i / 1e4, i % 20 > 9 ? one : zero, i % 2 == 0 ? one : zero))
        .collect(Collectors.joining(",", "\"rows\": [", "]"));
  }

  private static String labels(String model, String data) {
    return """
    {"model": "%s", "data": {"target": ["big", "even"], %s},
     "training": {"epochs": 60, "optimizer": {"type": "adam", "learningRate": 0.02}}}"""
        .formatted(model, data);
  }

  @Test
  void targetsOfZeroAndOneAreLabelsAnsweredAsZeroAndOne() {
    JsonNode training = succeeded(labels("zero-one", labelled("0", "1")));
    assertThat(warnings(training))
        .containsExactly(
            "columns 'big', 'even' have only 0 and 1 and are taken for labels that hold or not, answered as 0 and 1; to predict numbers, send \"task\": \"regression\"");
    assertThat(training.path("target").toString())
        .isEqualTo(
            "{\"task\":\"classification\",\"names\":[\"big\",\"even\"],\"classes\":[0,1],\"inferred\":true}");
    for (String model : List.of("zero-one", "zero-one-copy")) {
      JsonNode answer = predicted(model, "x=19.5");
      assertThat(answer.at("/prediction/big").toString()).isEqualTo("1");
      assertThat(answer.at("/prediction/even").toString()).isIn("0", "1");
      assertThat(answer.at("/probabilities/big").asDouble()).isGreaterThan(0.5);
      assertThat(predicted(model, "x=0.5").at("/prediction/big").toString()).isEqualTo("0");
      HttpResponse<String> csv =
          send(
              "POST",
              "/api/v1/models/" + model + "/predictions",
              "text/csv",
              "x\n19.5\n0.5\n",
              "Accept",
              "text/csv");
      assertThat(csv.body()).startsWith("big,even,probability_big,probability_even");
      assertThat(csv.body().lines().skip(1)).allMatch(line -> line.matches("[01],[01],.*"));
      assertThat(
              body(get("/api/v1/models/" + model + "/versions/1")).at("/target/classes").toString())
          .isEqualTo("[0,1]");
      String evaluations = "/api/v1/models/" + model + "/evaluations";
      JsonNode metrics = body(post(evaluations, "{" + labelled("0", "1") + "}")).path("metrics");
      assertThat(metrics.path("labels")).hasSize(2);
      assertThat(body(post(evaluations, "{" + labelled("false", "true") + "}")).path("metrics"))
          .isEqualTo(metrics);
      if (model.equals("zero-one")) {
        assertThat(copy(model, "zero-one-copy").statusCode()).isEqualTo(201);
      }
    }
    JsonNode warm =
        succeeded(
            labels("zero-one", labelled("0", "1"))
                .replace("\"data\"", "\"warmStart\": {\"model\": \"zero-one\"}, \"data\""));
    assertThat(warm.at("/target/classes").toString()).isEqualTo("[0,1]");
  }

  /// A former version may have decided otherwise.
  @ParameterizedTest
  @ValueSource(strings = {"regression", "classification"})
  void aRequestThatAFormerVersionHasKeptIsDecidedAsItWasAccepted(String task) {
    String request = labels("zero-one-again", labelled("0", "1"));
    String asked = request.replace("\"data\": {", "\"data\": {\"task\": \"" + task + "\", ");
    assertThat(asked).isNotEqualTo(request);
    try (AcceptedTraining accepted = planner.accept(body(asked), ANYBODY);
        AcceptedTraining again =
            planner.decide(
                body(request),
                new TrainingPlanner.Former(accepted.acceptance(), null, MissingTokens.DEFAULT))) {
      assertThat(again.acceptance().target().task()).isEqualTo(task);
      assertThat(again.inputs().fields()).isEqualTo(accepted.inputs().fields());
    }
  }

  private static InputStream body(String request) {
    return new ByteArrayInputStream(request.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void targetsOfZeroAndOneAreNumbersOrTruthValuesOnRequest() {
    JsonNode numbers =
        succeeded(labels("zero-one-numbers", "\"task\": \"regression\", " + labelled("0", "1")));
    assertThat(warnings(numbers)).isEmpty();
    assertThat(numbers.at("/target/task").asString()).isEqualTo("regression");

    JsonNode truth =
        succeeded(
            labels(
                "zero-one-truth",
                "\"columns\": {\"big\": {\"type\": \"boolean\"}, \"even\": {\"type\": \"boolean\"}}, "
                    + labelled("0", "1")));
    assertThat(warnings(truth)).isEmpty();
    assertThat(truth.path("target").has("classes")).isFalse();
    assertThat(predicted("zero-one-truth", "x=19.5").at("/prediction/big").toString())
        .isEqualTo("true");
    refused(
        labels(
            "zero-one-mixed",
            labelled("0", "1")
                .replace("\"even\": 1", "\"even\": true")
                .replace("\"even\": 0", "\"even\": false")),
        "/data/target",
        "'big' has only 0 and 1: send \"columns\": {\"big\": {\"type\": \"boolean\"}}");
  }

  @Test
  void penguinsAreLearnedWithoutANeedlessWarning() {
    JsonNode training =
        succeeded(
            "{\"model\": \"quiet-penguins\", \"data\": {\"target\": \"species\", %s}, \"training\": {\"epochs\": 1}}"
                .formatted(Requests.penguinRows()));
    assertThat(warnings(training)).isEmpty();
  }
}
