package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Rows that are parted by customers and by days.
class DataSplitTest extends JobServiceTest {

  private static final String PLAN = "/api/v1/trainings?validateOnly=true";

  /// @param data beside the rows
  private static String request(String model, String data, String rows, String training) {
    return "{\"model\": \"%s\", \"data\": {%s, \"rows\": [%s]}, \"training\": {%s}}"
        .formatted(model, data, rows, training);
  }

  private static String rows(int n, IntFunction<String> row) {
    return IntStream.range(0, n).mapToObj(row).collect(Collectors.joining(","));
  }

  /// 40 customers of 12 rows: each has numbers of its own, near to which its rows lie, and an
  /// answer that nothing foretells. Who has seen a customer knows it.
  private static String customers() {
    SplittableRandom random = new SplittableRandom(6);
    double[] a = random.doubles(40).toArray();
    double[] b = random.doubles(40).toArray();
    boolean[] answers = new boolean[40];
    for (int customer = 0; customer < 40; customer++) {
      answers[customer] = customer % 2 == 0;
    }
    return rows(
        480,
        i -> {
          int customer = i % 40;
          return """
          {"customer": "c%d", "a": %.4f, "b": %.4f, "c": %.4f, "buys": "%s"}"""
              .formatted(
                  customer,
                  100 * a[customer] + random.nextDouble(),
                  100 * b[customer] + random.nextDouble(),
                  100 * a[(customer * 7) % 40] + random.nextDouble(),
                  answers[customer] ? "yes" : "no");
        });
  }

  private JsonNode card(String model) {
    return body(get("/api/v1/models/" + model + "/versions/1"));
  }

  private JsonNode plan(String request) {
    HttpResponse<String> answer = post(PLAN, request);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return body(answer);
  }

  @Test
  void rowsOfOneCustomerValidateTooWellUnlessCustomersStayTogether() {
    String training =
        "\"epochs\": 150, \"earlyStopping\": null, \"optimizer\": {\"type\": \"adam\", \"learningRate\": 0.01}";
    String target = "\"target\": \"buys\"";
    succeeded(
        request(
            "split-leaks",
            target + ", \"columns\": {\"customer\": {\"type\": \"ignore\"}}",
            customers(),
            training));
    JsonNode honest =
        succeeded(
            request(
                "split-honest",
                target + ", \"split\": {\"group\": \"customer\"}",
                customers(),
                training));

    assertThat(card("split-leaks").at("/metrics/validation/accuracy").asDouble())
        .isGreaterThan(0.9);
    assertThat(card("split-honest").at("/metrics/validation/accuracy").asDouble()).isLessThan(0.8);
    assertThat(honest.path("rows").toString())
        .isEqualTo("{\"training\":384,\"validation\":96,\"test\":0}");
    // Customers differ, and of new ones nothing is known, which is all there is to say.
    assertThat(honest.path("warnings").valueStream().map(JsonNode::asString))
        .noneMatch(warning -> warning.contains("equal to"))
        .anyMatch(warning -> warning.contains("column 'a' differs between the training part"))
        .last()
        .asString()
        .contains("not better than its baseline");
  }

  @Test
  void foldsOfCustomersAreHonestToo() {
    String training =
        "\"epochs\": 60, \"testFraction\": 0.1, \"crossValidation\": {\"folds\": 4}, \"optimizer\": {\"type\": \"adam\", \"learningRate\": 0.01}";
    JsonNode result =
        succeeded(
                request(
                    "split-folds",
                    "\"target\": \"buys\", \"split\": {\"group\": \"customer\"}",
                    customers(),
                    training))
            .at("/result/crossValidation");
    assertThat(result.path("folds").findValues("rows").stream().map(JsonNode::asInt))
        .containsExactly(108, 108, 108, 108);
    assertThat(result.at("/metrics/accuracy/mean").asDouble()).isLessThan(0.8);
    assertThat(card("split-folds").at("/provenance/rows").toString())
        .isEqualTo("{\"training\":432,\"validation\":0,\"test\":48}");
  }

  /// 200 days; in the last fifth of them the answer is the other one.
  private static String days() {
    SplittableRandom random = new SplittableRandom(2);
    return rows(
        200,
        i -> {
          int day = (i * 37) % 200;
          double x = random.nextDouble(-1, 1);
          return """
          {"sold": "2026-%02d-%02d", "x": %.5f, "y": "%s"}"""
              .formatted(1 + day / 25, 1 + day % 25, x, x > 0 == day < 160 ? "up" : "down");
        });
  }

  @Test
  void whatComesLaterIsNotLearnedFrom() {
    String training =
        "\"epochs\": 60, \"testFraction\": 0.1, \"validationFraction\": 0.1, \"earlyStopping\": null";
    JsonNode ordered =
        succeeded(
            request(
                "split-order",
                "\"target\": \"y\", \"split\": {\"order\": \"sold\"}",
                days(),
                training));
    assertThat(ordered.path("rows").toString())
        .isEqualTo("{\"training\":160,\"validation\":20,\"test\":20}");
    JsonNode metrics = card("split-order").path("metrics");
    assertThat(metrics.at("/validation/accuracy").asDouble()).isLessThan(0.3);
    assertThat(metrics.at("/test/accuracy").asDouble()).isLessThan(0.3);
  }

  @Test
  void aFoldInOrderIsTestedOnWhatComesNext() {
    JsonNode training =
        succeeded(
            request(
                "split-blocks",
                "\"target\": \"y\", \"split\": {\"order\": \"sold\"}",
                days(),
                "\"epochs\": 60, \"batchSize\": 50, \"crossValidation\": {\"folds\": 4}, "
                    + "\"earlyStopping\": \"none\", \"optimizer\": {\"type\": \"adam\", \"learningRate\": 0.02}"));
    JsonNode folds = training.at("/result/crossValidation/folds");
    assertThat(folds.findValues("rows").stream().map(JsonNode::asInt))
        .containsExactly(40, 40, 40, 40);
    List<Double> accuracies =
        folds.findValues("accuracy").stream().map(JsonNode::asDouble).toList();
    assertThat(accuracies.subList(0, 3)).allSatisfy(a -> assertThat(a).isGreaterThan(0.8));
    assertThat(accuracies.get(3)).isLessThan(0.2);
    assertThat(training.at("/progress/folds/ended").asInt()).isEqualTo(4);
    assertThat(training.at("/progress/fraction").asDouble()).isEqualTo(1);
    assertThat(training.at("/rows/training").asInt()).isEqualTo(200);
  }

  /// A column that the first block has no value of, and a class that it has no row of.
  @Test
  void aFoldMayLackWhatComesLater() {
    String rows =
        rows(
            60,
            i ->
                """
                {"t": %d, "x": %d, "late": %s, "y": "%s"}"""
                    .formatted(
                        i, i % 7, i < 30 ? "null" : i % 5, i < 30 ? "a" : "bc".charAt(i % 2)));
    JsonNode training =
        succeeded(
            request(
                "split-late",
                "\"target\": \"y\", \"split\": {\"order\": \"t\"}",
                rows,
                "\"epochs\": 3, \"crossValidation\": {\"folds\": 5}"));
    assertThat(training.path("warnings").toString())
        .contains("class 'a' is in 2 of the 5 folds: the others are measured without it")
        .contains("class 'b' is in 3 of the 5 folds");
    JsonNode plan =
        plan(
            request(
                "split-late",
                "\"target\": \"y\", \"split\": {\"order\": \"t\"}",
                rows,
                "\"validationFraction\": 0.6"));
    assertThat(plan.path("warnings").toString())
        .contains("class 'b' has 0 training rows and 15 held-out ones, as 't' parts them");
  }

  @Test
  void saysHowRowsWereParted() throws IOException, InterruptedException {
    String request =
        request(
            "split-said",
            "\"target\": \"buys\", \"split\": {\"group\": \"customer\"}",
            customers(),
            "\"epochs\": 2");
    String said = "{\"split\":{\"group\":\"customer\"}}";
    assertThat(plan(request).at("/spec/data").toString()).isEqualTo(said);
    JsonNode training = succeeded(request);
    assertThat(training.at("/spec/data").toString()).isEqualTo(said);
    JsonNode card = card("split-said");
    assertThat(card.at("/spec/data").toString()).isEqualTo(said);
    assertThat(card.path("input").toString()).contains("customer");

    // The column is no input, and may be there.
    String row = "a=20&b=30&c=40";
    String model = "/api/v1/models/split-said";
    JsonNode answer = body(get(model + "/predictions?" + row)).path("probabilities");
    assertThat(answer.has("yes")).isTrue();
    assertThat(body(get(model + "/predictions?customer=c999&" + row)).path("probabilities"))
        .isEqualTo(answer);
    JsonNode evaluated = body(post(model + "/evaluations", "{\"rows\": [" + customers() + "]}"));
    assertThat(evaluated.toString()).contains("accuracy");

    // So has its artifact.
    HttpResponse<byte[]> artifact =
        client()
            .send(
                request(model + "/versions/1/artifact").GET().build(),
                HttpResponse.BodyHandlers.ofByteArray());
    HttpResponse<String> copy =
        send(
            request("/api/v1/models/split-copied/versions")
                .header("Content-Type", "application/zip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(artifact.body()))
                .build());
    assertThat(copy.statusCode()).as(copy.body()).isEqualTo(201);
    assertThat(card("split-copied").path("spec")).isEqualTo(card.path("spec"));
    assertThat(body(get("/api/v1/models/split-copied/predictions?" + row)).path("probabilities"))
        .isEqualTo(answer);
  }

  @Test
  void nothingIsSaidWhereEachRowIsDrawnByItself() {
    JsonNode plan =
        plan(request("split-none", "\"target\": \"buys\"", customers(), "\"epochs\": 2"));
    assertThat(plan.path("spec").propertyNames()).containsExactly("network", "training");
  }

  @Test
  void theColumnIsAFeatureIfTheRequestTypesIt() {
    String split = "\"target\": \"buys\", \"split\": {\"group\": \"customer\"}";
    int without = inputs(split);
    assertThat(without).isEqualTo(3);
    assertThat(inputs(split + ", \"columns\": {\"customer\": {\"type\": \"categorical\"}}"))
        .isEqualTo(without + 40);
    assertThat(inputs(split + ", \"columns\": {\"customer\": {\"type\": \"ignore\"}}"))
        .isEqualTo(without);
  }

  @Test
  void aColumnThatIsNoFeatureIsNotNullable() {
    assertProblem(
        post(
            PLAN,
            request(
                "split-typed",
                "\"target\": \"buys\", \"split\": {\"group\": \"customer\"}, "
                    + "\"columns\": {\"customer\": {\"nullable\": true}}",
                customers(),
                "")),
        422,
        "invalid-data",
        "/data/columns/customer/nullable");
  }

  private int inputs(String data) {
    return plan(request("split-typed", data, customers(), "\"epochs\": 2"))
        .at("/network/inputs")
        .asInt();
  }

  @Test
  void partsThatAreOfAnotherSizeThanAskedForAreToldOf() {
    String rows =
        rows(100, i -> "{\"g\": %d, \"x\": %d, \"y\": %d.5}".formatted(i < 98 ? 0 : i, i, i));
    JsonNode plan =
        plan(
            request(
                "split-sizes",
                "\"target\": \"y\", \"split\": {\"group\": \"g\"}",
                rows,
                "\"validationFraction\": 0.3"));
    assertThat(plan.path("rows").toString())
        .isEqualTo("{\"training\":98,\"validation\":2,\"test\":0}");
    assertThat(plan.path("warnings").toString())
        .contains(
            "the validation part has 2 of the 100 rows, a fraction of 0.3 was asked for: rows that have the same 'g' stay together");
    JsonNode nothing =
        plan(
            request(
                "split-sizes",
                "\"target\": \"y\", \"split\": {\"group\": \"g\"}",
                rows,
                "\"epochs\": 2, \"validationFraction\": 0"));
    assertThat(nothing.path("warnings").toString())
        .contains("data.split parts nothing: validationFraction and testFraction are 0, all 100");
  }

  @Test
  void textsThatDoNotComeInTheirOrderAreToldOf() {
    String rows =
        rows(
            60,
            i ->
                "{\"n\": \"%d\", \"d\": \"%d/%d/2026\", \"x\": %d, \"y\": %d.5}"
                    .formatted(i, 1 + i % 12, 1 + i / 12, i % 13, i));
    assertThat(ordered(rows, "n"))
        .contains(
            "column 'n' has numbers as texts, and data.split.order takes texts by code point: '19' before '2'");
    assertThat(ordered(rows, "d")).contains("column 'd' has dates such as '1/1/2026'");
    // A day above 12 says that the day comes first, so that the column is one of dates.
    assertThat(ordered(rows.replace("\"12/5/2026", "\"13/5/2026"), "d")).isEqualTo("[]");
    assertThat(ordered(rows.replace("\"d\": \"", "\"d\": \"day "), "d")).isEqualTo("[]");
  }

  private String ordered(String rows, String column) {
    return plan(request(
            "split-texts",
            "\"target\": \"y\", \"split\": {\"order\": \"%s\"}, \"columns\": {%s}"
                .formatted(
                    column,
                    List.of("n", "d").stream()
                        .filter(name -> !name.equals(column))
                        .map(name -> "\"%s\": {\"type\": \"ignore\"}".formatted(name))
                        .collect(Collectors.joining(","))),
            rows,
            "\"epochs\": 2"))
        .path("warnings")
        .toString();
  }

  /// 40 rows ten times validate at 1.0.
  @Test
  void heldOutRowsThatAreEqualToTrainingRowsAreToldOf() {
    String rows = repeated(400, 40);
    String said =
        "80 of the 80 held-out rows are equal to training rows in every feature and target, which makes metrics better than they are for new rows: data.split.group keeps rows that belong together in one part, or remove duplicates";
    String request = request("split-repeats", "\"target\": \"y\"", rows, "\"epochs\": 2");
    assertThat(plan(request).path("warnings").valueStream().map(JsonNode::asString))
        .containsExactly(said);
    // Two epochs are too few: a warning of the model comes behind.
    assertThat(succeeded(request).path("warnings").valueStream().map(JsonNode::asString))
        .startsWith(said);
    assertThat(card("split-repeats").path("warnings").valueStream().map(JsonNode::asString))
        .startsWith(said);
    assertThat(warnings("\"target\": \"y\", \"split\": {\"group\": \"x\"}", rows, ""))
        .isEqualTo("[]");
    assertThat(warnings("\"target\": \"y\"", rows, "\"crossValidation\": {}"))
        .contains("400 of the 400 rows that folds hold out are equal to rows that train");
    assertThat(
            warnings(
                "\"target\": \"y\", \"split\": {\"group\": \"x\"}",
                rows,
                "\"crossValidation\": {}"))
        .isEqualTo("[]");
  }

  /// One of a hundred held-out rows may be equal to one that trains; two are said.
  @ParameterizedTest
  @CsvSource({"1, false", "2, true"})
  void aboutOneInAHundredNothingIsSaid(int repeated, boolean said) {
    // The latest 100 of 500 rows validate, of which some are as the earliest are.
    String rows =
        rows(
            500,
            i ->
                """
                {"t": %d, "x": %d, "z": "%s", "y": %d.5}"""
                    .formatted(
                        i,
                        i < 500 - repeated ? i : i - (500 - repeated),
                        "ab".charAt(i < 500 - repeated ? i % 2 : (i - (500 - repeated)) % 2),
                        i < 500 - repeated ? i : i - (500 - repeated)));
    String warnings = warnings("\"target\": \"y\", \"split\": {\"order\": \"t\"}", rows, "");
    if (said) {
      assertThat(warnings).contains("2 of the 100 held-out rows are equal to training rows");
    } else {
      assertThat(warnings).isEqualTo("[]");
    }
  }

  @Test
  void bareNumbersThatAreRepeatedAreToldOf() {
    String rows = rows(60, i -> "[%d, %d]".formatted(i % 2, i / 2 % 2));
    String targets = rows(60, i -> "[%d]".formatted(i % 2 ^ i / 2 % 2));
    JsonNode plan =
        plan(
            "{\"model\": \"split-bare\", \"data\": {\"inputs\": [%s], \"targets\": [%s]}}"
                .formatted(rows, targets));
    assertThat(plan.path("warnings").toString())
        .contains("12 of the 12 held-out rows are equal to training rows")
        .contains(": remove duplicates");
  }

  private String warnings(String data, String rows, String training) {
    return plan(request("split-repeats", data, rows, training)).path("warnings").toString();
  }

  private static String repeated(int n, int distinct) {
    return rows(
        n,
        i ->
            "{\"x\": %d, \"z\": %d, \"y\": %d.5}"
                .formatted(i % distinct, 3 * (i % distinct), 7 * (i % distinct) % 11));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{}; 422; invalid-spec; /data/split; must have exactly 1 of group and order, has 0",
        "{\"group\": \"g\", \"order\": \"g\"}; 422; invalid-spec; /data/split; must have exactly 1 of group and order, has 2",
        "\"g\"; 400; wrong-type; /data/split; ",
        "[]; 400; wrong-type; /data/split; ",
        "{\"group\": 5}; 400; wrong-type; /data/split/group; ",
        "{\"group\": [\"g\"]}; 400; wrong-type; /data/split/group; ",
        "{\"groups\": \"g\"}; 400; unknown-field; /data/split/groups; ",
        "{\"group\": \"none\"}; 422; invalid-data; /data/split/group; must be a column of the data, 'none' is none",
        "{\"order\": \"\"}; 422; invalid-data; /data/split/order; must be a column of the data, '' is none",
        "{\"group\": \"y\"}; 422; invalid-data; /data/split/group; must not be a target, 'y' is one",
        "{\"group\": \"two\"}; 422; invalid-spec; /data/split/group; must have at least 3 groups, one for each of training, validation, test, 'two' has 2",
        "{\"order\": \"two\"}; 422; invalid-spec; /data/split/order; must have at least 3 distinct values, one for each of training, validation, test, 'two' has 2",
        "{\"group\": \"gaps\"}; 422; invalid-data; /data/split/group; must have a value in each of the 60 rows with a target, 'gaps' has none in 6 of them, the first is row 9",
      })
  void refusesWhatCannotPartRows(
      String split, int status, String code, String pointer, String detail) {
    String rows =
        rows(
            60,
            i ->
                "{\"x\": %d, \"g\": %d, \"two\": %b, \"gaps\": %s, \"y\": %d.5}"
                    .formatted(i, i % 20, i % 2 == 0, i % 10 == 9 ? "null" : i, i));
    HttpResponse<String> answer =
        train(
            request(
                "split-refused",
                "\"target\": \"y\", \"split\": " + split,
                rows,
                "\"testFraction\": 0.1"));
    assertProblem(answer, status, code, pointer);
    if (detail != null) {
      assertThat(answer.body()).contains(detail);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "group; 7; must be at most the 6 groups of 'g', was 7",
        "order; 6; must be below the 6 distinct values of 'g', was 6",
      })
  void refusesMoreFoldsThanThereCanBe(String setting, int folds, String detail) {
    String rows = rows(60, i -> "{\"g\": %d, \"x\": %d, \"y\": %d.5}".formatted(i % 6, i, i));
    String data = "\"target\": \"y\", \"split\": {\"%s\": \"g\"}".formatted(setting);
    HttpResponse<String> answer =
        post(
            PLAN,
            request(
                "split-refused",
                data,
                rows,
                "\"crossValidation\": {\"folds\": %d}".formatted(folds)));
    assertProblem(answer, 422, "invalid-spec", "/training/crossValidation/folds");
    assertThat(answer.body()).contains(detail);
    plan(
        request(
            "split-refused",
            data,
            rows,
            "\"crossValidation\": {\"folds\": %d}".formatted(folds - 1)));
  }

  /// Of ids that are numbers but for one, elsewhere that one would stand for a missing value.
  @Test
  void aTextAmongNumbersIsAGroupAndHasNoOrder() {
    String csv =
        IntStream.range(0, 200)
            .mapToObj(i -> "%s,%d,%d.5\n".formatted(i % 100 == 7 ? "walk-in" : i % 40, i % 13, i))
            .collect(Collectors.joining("", "customer,x,y\n", ""));
    String id =
        body(send("POST", "/api/v1/datasets?name=split-almost", "text/csv", csv))
            .path("id")
            .asString();
    String request =
        """
        {"model": "split-almost", "data": {"dataset": "%s", "target": "y", "split": {"%s": "customer"}},
         "training": {"epochs": 2}}""";
    JsonNode training = succeeded(request.formatted(id, "group"));
    assertThat(training.at("/rows/training").asInt() + training.at("/rows/validation").asInt())
        .isEqualTo(200);
    assertThat(training.path("warnings").toString()).doesNotContain("column 'customer'");
    succeeded(from("split-almost", request.formatted(id, "group")));
    HttpResponse<String> answer = train(request.formatted(id, "order"));
    assertProblem(answer, 422, "invalid-data", "/data/split/order");
    assertThat(answer.body())
        .contains(
            "'customer' has none in 2 of them, the first is row 7: among its numbers 'walk-in' counts as missing");
    assertThat(delete("/api/v1/datasets/" + id).statusCode()).isEqualTo(204);
  }

  /// What nothing is learned from needs no group.
  @Test
  void rowsWithoutATargetMayLackAGroup() {
    String rows =
        rows(
            60,
            i ->
                i % 6 == 0
                    ? "{\"x\": %d, \"y\": null}".formatted(i)
                    : "{\"g\": %d, \"x\": %d, \"y\": %d.5}".formatted(i % 7, i, i));
    JsonNode training =
        succeeded(
            request(
                "split-gaps",
                "\"target\": \"y\", \"split\": {\"group\": \"g\"}",
                rows,
                "\"epochs\": 2"));
    assertThat(training.at("/rows/training").asInt() + training.at("/rows/validation").asInt())
        .isEqualTo(50);
  }

  @Test
  void refusesBareNumbersAndRowsGivenApart() {
    assertProblem(
        train(
            """
            {"model": "split-bare", "data": {"inputs": [[1], [2]], "targets": [[1], [2]], "split": {"group": "g"}}}"""),
        422,
        "invalid-spec",
        "/data/split");
    String id =
        body(send(
                "POST",
                "/api/v1/datasets?name=split-apart",
                "text/csv",
                "g,x,y\n1,1,2.5\n2,2,3.5\n3,3,3.5\n"))
            .path("id")
            .asString();
    HttpResponse<String> answer =
        train(
            request(
                    "split-apart",
                    "\"target\": \"y\", \"split\": {\"group\": \"g\"}",
                    rows(60, i -> "{\"g\": %d, \"x\": %d, \"y\": %d.5}".formatted(i % 9, i, i)),
                    "")
                .replaceFirst("\\{", "{\"validation\": {\"dataset\": \"" + id + "\"}, "));
    assertProblem(answer, 422, "invalid-spec", "/data/split");
    assertThat(answer.body()).contains("there are 3 of them beside these 60");
    assertThat(delete("/api/v1/datasets/" + id).statusCode()).isEqualTo(204);
  }

  /// An id is what groups rows, and what no feature is.
  @ParameterizedTest
  @ValueSource(strings = {"group", "order"})
  void aDataSetIsPartedByAColumnThatIsNoFeature(String setting) {
    String csv =
        IntStream.range(0, 2_000)
            .mapToObj(i -> "order-%05d,%d,%d\n".formatted(i, i % 13, i % 13 / 4))
            .collect(Collectors.joining("", "id,x,y\n", ""));
    String id =
        body(send("POST", "/api/v1/datasets?name=split-ids-" + setting, "text/csv", csv))
            .path("id")
            .asString();
    JsonNode training =
        succeeded(
            """
            {"model": "split-ids-%s", "data": {"dataset": "%s", "target": "y", "split": {"%s": "id"}},
             "training": {"epochs": 2, "batchSize": 256, "testFraction": 0.1}}"""
                .formatted(setting, id, setting));
    assertThat(training.path("rows").toString())
        .isEqualTo("{\"training\":1400,\"validation\":400,\"test\":200}");
    assertThat(training.path("warnings").toString()).doesNotContain("column 'id'");
    assertThat(delete("/api/v1/datasets/" + id).statusCode()).isEqualTo(204);
  }

  @Test
  void aColumnOfMoreTextsThanAreKeptIsRefusedAndSaysHowToKeepThem() {
    String csv =
        IntStream.rangeClosed(0, 100_000)
            .mapToObj(i -> "c%d,%d,%d\n".formatted(i, i % 13, i % 3))
            .collect(Collectors.joining("", "customer,x,y\n", ""));
    String id =
        body(send("POST", "/api/v1/datasets?name=split-unkept", "text/csv", csv))
            .path("id")
            .asString();
    HttpResponse<String> answer =
        post(
            PLAN,
            """
            {"model": "split-unkept", "data": {"dataset": "%s", "target": "y", "split": {"group": "customer"}}}"""
                .formatted(id));
    assertProblem(answer, 422, "invalid-data", "/data/split/group");
    assertThat(answer.body()).contains("more than 100000 distinct", "keep=customer");
    assertThat(delete("/api/v1/datasets/" + id).statusCode()).isEqualTo(204);
    String kept =
        body(send("POST", "/api/v1/datasets?name=split-kept&keep=customer", "text/csv", csv))
            .path("id")
            .asString();
    JsonNode plan =
        plan(
            """
            {"model": "split-kept", "preset": "plain", "data": {"dataset": "%s", "target": "y", "split": {"group": "customer"}}}"""
                .formatted(kept));
    assertThat(plan.path("rows").toString())
        .isEqualTo("{\"training\":80001,\"validation\":20000,\"test\":0}");
    assertThat(delete("/api/v1/datasets/" + kept).statusCode()).isEqualTo(204);
  }

  /// The model that a training goes on from may use the column, leave it out or not know it.
  @Test
  void aWarmStartPartsItsRowsToo() {
    String data = "\"target\": \"buys\", \"split\": {\"group\": \"customer\"}";
    String start = "\"epochs\": 2";
    succeeded(request("split-warm", data, customers(), start));
    JsonNode again = succeeded(from("split-warm", request("split-warm", data, customers(), start)));
    assertThat(again.path("rows").toString())
        .isEqualTo("{\"training\":384,\"validation\":96,\"test\":0}");
    assertThat(again.at("/spec/data/split/group").asString()).isEqualTo("customer");

    String typed = data + ", \"columns\": {\"customer\": {\"type\": \"categorical\"}}";
    succeeded(request("split-warm-feature", typed, customers(), start));
    assertThat(
            succeeded(
                    from(
                        "split-warm-feature",
                        request("split-warm-feature", data, customers(), start)))
                .path("rows"))
        .isEqualTo(again.path("rows"));

    String unknown = customers().replace("\"customer\": ", "\"new\": ");
    assertThat(
            succeeded(
                    from(
                        "split-warm",
                        request("split-warm", data.replace("customer", "new"), unknown, start)))
                .path("rows"))
        .isEqualTo(again.path("rows"));
    assertThat(
            body(get("/api/v1/models/split-warm/versions/3/predictions?new=1&a=1&b=2&c=3"))
                .has("probabilities"))
        .isTrue();
  }

  private static String from(String model, String request) {
    return request.replaceFirst("\\{", "{\"warmStart\": {\"model\": \"" + model + "\"}, ");
  }
}
