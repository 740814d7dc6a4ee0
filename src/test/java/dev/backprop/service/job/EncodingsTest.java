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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Encodings of columns, as requests ask for them.
class EncodingsTest extends ServiceTest {

  private static final String MODELS = "/api/v1/models/";

  /// 240 rows: a wave over x, of which some are missing, a flag that is a number, and a colour.
  private static final String DATA = rows();

  private static String rows() {
    SplittableRandom random = new SplittableRandom(3);
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 240; i++) {
      double x = random.nextDouble() * 10;
      int flag = random.nextInt(2);
      boolean missing = i % 20 == 0;
      rows.add(
          String.format(
              Locale.ROOT,
              "{\"x\": %s, \"flag\": %d, \"colour\": \"%s\", \"y\": %.4f}",
              missing ? "null" : String.format(Locale.ROOT, "%.3f", x),
              flag,
              i % 3 == 0 ? "red" : "blue",
              missing ? 2.5 : Math.sin(2 * x) + flag));
    }
    return "{\"target\": \"y\", \"rows\": [" + String.join(",", rows) + "]}";
  }

  private static String request(String model, String data, String encoding) {
    return """
    {"model": "%s", "data": %s, "encoding": %s,
     "network": {"layers": [{"type": "dense", "units": 32}]},
     "training": {"epochs": 60, "batchSize": 16, "optimizer": {"type": "adam", "learningRate": 0.01}}}"""
        .formatted(model, data, encoding);
  }

  private double r2(String model) {
    return body(get(MODELS + model + "/versions/1")).at("/metrics/validation/r2").asDouble();
  }

  private double answer(String model, String query) {
    return body(get(MODELS + model + "/predictions?" + query)).path("prediction").asDouble();
  }

  @Test
  void aWaveIsLearnedInBins() {
    succeeded(request("waves-plain", DATA, "{}"));
    JsonNode training =
        succeeded(
            request(
                "waves", DATA, "{\"numbers\": {\"type\": \"piecewise-linear\", \"bins\": 24}}"));

    assertThat(r2("waves-plain")).isLessThan(0.8);
    assertThat(r2("waves")).isGreaterThan(0.95);
    // The flag has two values, which one bin tells apart.
    assertThat(training.at("/spec/encoding").toString())
        .isEqualTo(
            "{\"numbers\":{\"type\":\"piecewise-linear\",\"bins\":24},\"categories\":{\"type\":\"one-hot\"},"
                + "\"columns\":{\"flag\":{\"type\":\"piecewise-linear\",\"bins\":1}}}");
    JsonNode card = body(get(MODELS + "waves/versions/1"));
    assertThat(card.at("/spec/encoding")).isEqualTo(training.at("/spec/encoding"));
    // x with 24 bins and an indicator, the flag with one, two colours.
    assertThat(card.at("/network/inputs").asInt()).isEqualTo(26 + 2 + 2);
    assertThat(card.at("/input/features/0/encoding").asString()).isEqualTo("piecewise-linear");
    assertThat(card.at("/input/features/0/bins").asInt()).isEqualTo(24);
    assertThat(card.at("/input/features/1/bins").asInt()).isEqualTo(1);
    assertThat(body(get(MODELS + "waves-plain/versions/1")).path("spec").has("encoding")).isFalse();
    assertThat(answer("waves", "colour=red&flag=1&x=")).isCloseTo(2.5, within(0.3));
    assertThat(answer("waves", "colour=red&flag=1&x=2.3"))
        .isCloseTo(Math.sin(4.6) + 1, within(0.3));
  }

  /// The same answers one by one, in a batch, from a copy, and after evaluation.
  @Test
  void everyWayToAskGivesTheSameAnswer() {
    succeeded(
        request(
            "asked",
            DATA,
            "{\"numbers\": \"piecewise-linear\", \"columns\": {\"flag\": \"robust\"}}"));
    HttpResponse<String> copied = upload("asked");
    assertThat(copied.statusCode()).as(copied.body()).isEqualTo(201);
    assertThat(body(copied).path("spec"))
        .isEqualTo(body(get(MODELS + "asked/versions/1")).path("spec"));

    JsonNode batch =
        body(
            post(
                MODELS + "asked/predictions",
                """
                {"rows": [{"x": 1.7, "flag": 0, "colour": "red"}, {"x": null, "flag": 1, "colour": "blue"},
                          {"x": -1e300, "flag": 1, "colour": "blue"}]}"""));
    String[] queries = {
      "x=1.7&flag=0&colour=red", "flag=1&colour=blue", "x=-1e300&flag=1&colour=blue"
    };
    for (int i = 0; i < queries.length; i++) {
      double one = answer("asked", queries[i]);
      assertThat(answer("asked-copy", queries[i])).isEqualTo(one);
      assertThat(batch.path("predictions").path(i).path("prediction").asDouble())
          .isCloseTo(one, within(1e-5));
    }
    assertThat(
            body(post(MODELS + "asked-copy/evaluations", DATA.replace("\"target\": \"y\", ", "")))
                .path("metrics"))
        .isEqualTo(
            body(post(MODELS + "asked/evaluations", DATA.replace("\"target\": \"y\", ", "")))
                .path("metrics"))
        .isNotEmpty();
  }

  /// One of 400 numbers is a billion, which takes all others to one point if they are standardized.
  @Test
  void oneOutlierSpoilsAStandardizedColumnAndNoRobustOne() {
    SplittableRandom random = new SplittableRandom(23);
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      double x = random.nextDouble() * 10;
      rows.add("{\"x\": %s, \"y\": %s}".formatted(i == 8 ? 1e9 : x, 2 * x + 1));
    }
    String data = "{\"target\": \"y\", \"rows\": [" + String.join(",", rows) + "]}";

    succeeded(request("outlier-plain", data, "{\"numbers\": \"standardize\"}"));
    succeeded(request("outlier-robust", data, "{\"numbers\": \"robust\"}"));
    succeeded(request("outlier-bins", data, "{\"numbers\": \"piecewise-linear\"}"));

    assertThat(r2("outlier-plain")).isLessThan(0.1);
    assertThat(r2("outlier-robust")).isGreaterThan(0.99);
    assertThat(r2("outlier-bins")).isGreaterThan(0.99);
  }

  /// Two colours of one input each, or as one index with vectors of a number of units.
  @Test
  void categoriesAreEmbeddedAsTheEncodingSays() {
    JsonNode few =
        succeeded(
            request(
                "embedded-few", DATA, "{\"categories\": {\"type\": \"one-hot\", \"upTo\": 2}}"));
    JsonNode many =
        succeeded(
            request(
                "embedded-many", DATA, "{\"categories\": {\"type\": \"one-hot\", \"upTo\": 1}}"));
    JsonNode one =
        succeeded(
            request(
                "embedded-one",
                DATA,
                "{\"columns\": {\"colour\": {\"type\": \"embedding\", \"units\": 3}, \"x\": \"quantile-normal\"}}"));

    assertThat(few.at("/spec/encoding/columns")).isEmpty();
    assertThat(many.at("/spec/encoding/columns").toString())
        .isEqualTo("{\"colour\":{\"type\":\"embedding\",\"units\":1}}");
    assertThat(one.at("/spec/encoding/columns/colour/units").asInt()).isEqualTo(3);
    assertThat(one.at("/spec/network/embeddings")).isEmpty();
    assertThat(inputs("embedded-few")).isEqualTo(5);
    assertThat(inputs("embedded-many")).isEqualTo(4);
    assertThat(inputs("embedded-one")).isEqualTo(4);
    JsonNode card = body(get(MODELS + "embedded-one/versions/1"));
    // Two vectors of three numbers.
    assertThat(card.at("/network/layers/0/parameters").asInt()).isEqualTo(6);
    assertThat(card.at("/input/features/2/embedded").asBoolean()).isTrue();
    assertThat(card.at("/input/features/0/encoding").asString()).isEqualTo("quantile-normal");

    // What the answer echoes can be sent again, and a warm start may leave it out.
    JsonNode again =
        succeeded(request("embedded-again", DATA, one.at("/spec/encoding").toString()));
    assertThat(again.path("spec")).isEqualTo(one.path("spec"));
    assertThat(succeeded(again("embedded-one", "")).at("/spec/encoding"))
        .isEqualTo(one.at("/spec/encoding"));
    assertThat(upload("embedded-one").statusCode()).isEqualTo(201);
    assertThat(answer("embedded-one-copy", "x=1.7&flag=0&colour=red"))
        .isEqualTo(
            body(get(MODELS + "embedded-one/versions/1/predictions?x=1.7&flag=0&colour=red"))
                .path("prediction")
                .asDouble());
  }

  /// 160 rows are blue, 80 red; only the former are as many as 100 training rows.
  @Test
  void rareAndUnseenCategoriesAreAnsweredAlike() {
    for (String type : List.of("one-hot", "embedding")) {
      String model = "rare-" + type;
      succeeded(
          request(
              model, DATA, "{\"categories\": {\"type\": \"%s\", \"rare\": 100}}".formatted(type)));

      JsonNode card = body(get(MODELS + model + "/versions/1"));
      assertThat(card.at("/spec/encoding/categories/rare").asInt()).isEqualTo(100);
      assertThat(card.at("/input/features/2/rare").toString()).isEqualTo("[\"red\"]");
      assertThat(inputs(model)).isEqualTo(type.equals("one-hot") ? 3 + 3 : 3 + 1);
      assertThat(answer(model, "x=3&flag=1&colour=green"))
          .isEqualTo(answer(model, "x=3&flag=1&colour=red"))
          .isNotEqualTo(answer(model, "x=3&flag=1&colour=blue"));
      assertThat(upload(model).statusCode()).isEqualTo(201);
      assertThat(answer(model + "-copy", "x=3&flag=1&colour=green"))
          .isEqualTo(answer(model, "x=3&flag=1&colour=green"));
    }
  }

  private int inputs(String model) {
    return body(get(MODELS + model + "/versions/1")).at("/network/inputs").asInt();
  }

  @Test
  void aColumnIsEmbeddedByTheEncodingOrByTheNetwork() {
    String both =
        request("encoding-refused", DATA, "{\"columns\": {\"colour\": \"embedding\"}}")
            .replace("\"network\": {", "\"network\": {\"embeddings\": {\"colour\": {}}, ");
    assertProblem(train(both), 422, "invalid-spec", "/encoding/columns/colour");

    String general =
        request("embedded-by-network", DATA, "{\"categories\": \"embedding\"}")
            .replace(
                "\"network\": {", "\"network\": {\"embeddings\": {\"colour\": {\"units\": 5}}, ");
    JsonNode training = succeeded(general);
    assertThat(training.at("/spec/encoding/columns")).isEmpty();
    assertThat(training.at("/spec/network/embeddings/colour/units").asInt()).isEqualTo(5);
  }

  private HttpResponse<String> upload(String model) {
    return send(
        request(MODELS + model + "-copy/versions")
            .header("Content-Type", "application/zip")
            .POST(
                HttpRequest.BodyPublishers.ofByteArray(
                    bytes(MODELS + model + "/versions/1/artifact")))
            .build());
  }

  private static String again(String model, String rest) {
    return """
    {"model": "%s", "data": %s, "warmStart": {"model": "%s"}, %s "training": {"epochs": 3}}"""
        .formatted(model, DATA, model, rest);
  }

  @Test
  void aWarmStartKeepsTheEncoding() {
    String encoding = "{\"numbers\": {\"type\": \"piecewise-linear\", \"bins\": 12}}";
    JsonNode first = succeeded(request("warm-bins", DATA, encoding));

    JsonNode second = succeeded(again("warm-bins", ""));
    JsonNode third = succeeded(again("warm-bins", "\"encoding\": " + encoding + ","));

    assertThat(second.at("/spec/encoding")).isEqualTo(first.at("/spec/encoding")).isNotEmpty();
    assertThat(third.at("/spec/encoding")).isEqualTo(first.at("/spec/encoding"));
    assertProblem(
        train(again("warm-bins", "\"encoding\": {},")),
        422,
        "invalid-spec",
        "/encoding/numbers/type");
    assertProblem(
        train(
            again(
                "warm-bins",
                "\"encoding\": {\"numbers\": {\"type\": \"piecewise-linear\", \"bins\": 6}},")),
        422,
        "invalid-spec",
        "/encoding/numbers/bins");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'columns': {'colour': 'robust'}}      | 422 | /encoding/columns/colour",
        "{'columns': {'y': 'robust'}}           | 422 | /encoding/columns/y",
        "{'columns': {'a/b': 'robust'}}         | 422 | /encoding/columns/a~1b",
        "{'columns': {'x': null}}               | 422 | /encoding/columns/x",
        "{'columns': {'x': {'type': 'piecewise-linear', 'bins': 0}}} | 422 | /encoding/columns/x/bins",
        "{'numbers': {'type': 'piecewise-linear', 'bins': 1025}} | 422 | /encoding/numbers/bins",
        "{'numbers': {'type': 'piecewise-linear', 'bins': 1.5}} | 400 | /encoding/numbers/bins",
        "{'numbers': {'type': 'robust', 'bins': 3}} | 400 | /encoding/numbers/bins",
        "{'columns': {'x': 'one-hot'}}           | 422 | /encoding/columns/x",
        "{'columns': {'colour': {'type': 'one-hot', 'upTo': 3}}} | 422 | /encoding/columns/colour/upTo",
        "{'columns': {'colour': {'type': 'embedding', 'units': 0}}} | 422 | /encoding/columns/colour/units",
        "{'categories': {'type': 'embedding', 'units': 1000000}} | 422 | /encoding/categories/units",
        "{'categories': {'type': 'one-hot', 'rare': -1}} | 422 | /encoding/categories/rare",
        "{'categories': 'robust'}                | 422 | /encoding/categories",
        "{'numbers': {'type': 'quantile-normal', 'quantiles': 1}} | 422 | /encoding/numbers/quantiles",
        "{'numbers': {'type': 'periodic', 'frequencies': 0}} | 422 | /encoding/numbers/frequencies",
        "{'columns': {'x': {'type': 'periodic', 'frequencies': 1025}}} | 422 | /encoding/columns/x/frequencies",
        "{'columns': {'x': {'type': 'periodic', 'sigma': 0}}} | 422 | /encoding/columns/x/sigma",
        "{'numbers': {'type': 'periodic', 'sigma': 101}} | 422 | /encoding/numbers/sigma",
        "{'numbers': {'type': 'periodic', 'sigma': '1'}} | 400 | /encoding/numbers/sigma",
        "{'numbers': {'type': 'periodic', 'bins': 3}} | 400 | /encoding/numbers/bins",
        "{'columns': {'colour': 'periodic'}}    | 422 | /encoding/columns/colour",
        "{'numbers': 'ranks'}                   | 422 | /encoding/numbers",
        "{'numbers': 3}                         | 400 | /encoding/numbers",
        "{'rows': 'robust'}                     | 400 | /encoding/rows",
        "'robust'                               | 400 | /encoding",
      })
  void refusesWhatCannotBe(String encoding, int status, String pointer) {
    HttpResponse<String> answer =
        train(request("encoding-refused", DATA, encoding.replace('\'', '"')));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(body(answer).path("errors").path(0).path("pointer").asString()).isEqualTo(pointer);
  }

  @Test
  void aRefusalSaysWhatColumnsThereAre() {
    JsonNode answer =
        body(train(request("encoding-refused", DATA, "{\"columns\": {\"colour\": \"robust\"}}")));
    assertThat(answer.path("errors").path(0).path("detail").asString())
        .isEqualTo("must be a numeric feature, is categorical; there are x, flag");
  }

  @Test
  void bareNumbersAreUsedAsTheyAre() {
    String bare = "{\"inputs\": [[0],[1]], \"targets\": [[0],[1]]}";
    assertProblem(train(request("encoding-refused", bare, "{}")), 422, "invalid-spec", "/encoding");
  }
}
