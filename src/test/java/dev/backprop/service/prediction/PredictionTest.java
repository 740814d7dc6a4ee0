package dev.backprop.service.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.table.CellReader;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// A row in the query of a GET.
class PredictionTest extends PredictionServiceTest {

  private static final String GENTOO =
      "island=Biscoe&bill_length_mm=47.5&bill_depth_mm=15&flipper_length_mm=217&body_mass_g=5000&sex=male";

  @Test
  void answersAClassWithAllProbabilities() {
    JsonNode answer = predicted(SPECIES, GENTOO);

    assertThat(answer.propertyNames())
        .containsExactly("model", "version", "prediction", "probabilities");
    assertThat(answer.path("model").asString()).isEqualTo(SPECIES);
    assertThat(answer.path("version").asInt()).isEqualTo(1);
    assertThat(answer.path("prediction").asString()).isEqualTo("Gentoo");
    assertThat(answer.path("probabilities").propertyNames())
        .containsExactly("Adelie", "Chinstrap", "Gentoo");
    assertThat(answer.path("probabilities").path("Gentoo").asDouble()).isBetween(0.8, 1.0);
    assertThat(answer.path("probabilities").valueStream().mapToDouble(JsonNode::asDouble).sum())
        .isCloseTo(1, within(1e-6));
  }

  @Test
  void answersANumberInItsOwnUnits() {
    JsonNode answer =
        predicted(
            MASS,
            "species=Gentoo&island=Biscoe&bill_length_mm=47.5&bill_depth_mm=15&flipper_length_mm=217&sex=male&year=2008");

    assertThat(answer.propertyNames()).containsExactly("model", "version", "prediction");
    assertThat(answer.path("prediction").isNumber()).isTrue();
    assertThat(answer.path("prediction").asDouble()).isBetween(4000.0, 6000.0);
  }

  @Test
  void answersSeveralNumbersByName() {
    JsonNode answer =
        predicted(
            BILL,
            "species=Gentoo&island=Biscoe&flipper_length_mm=217&body_mass_g=5000&sex=male&year=2008");

    assertThat(answer.path("prediction").propertyNames())
        .containsExactly("bill_length_mm", "bill_depth_mm");
    assertThat(answer.path("prediction").path("bill_length_mm").asDouble()).isBetween(40.0, 55.0);
    assertThat(answer.path("prediction").path("bill_depth_mm").asDouble()).isBetween(12.0, 19.0);
  }

  @Test
  void answersEachLabelWithItsProbability() {
    JsonNode answer = predicted(LABELS, "t=39&rain=0");

    assertThat(answer.path("prediction").toString()).isEqualTo("{\"hot\":true,\"wet\":false}");
    assertThat(answer.path("probabilities").path("hot").asDouble()).isBetween(0.5, 1.0);
    assertThat(answer.path("probabilities").path("wet").asDouble()).isBetween(0.0, 0.5);
  }

  @Test
  void answersOneOfTwoClassesInItsOwnType() {
    JsonNode answer = predicted(TWO, "queue=9");

    assertThat(answer.path("prediction").isInt()).isTrue();
    assertThat(answer.path("prediction").asInt()).isEqualTo(1);
    assertThat(answer.path("probabilities").propertyNames()).containsExactly("0", "1");
    assertThat(answer.path("probabilities").path("1").asDouble()).isBetween(0.5, 1.0);
    assertThat(
            answer.path("probabilities").path("0").asDouble()
                + answer.path("probabilities").path("1").asDouble())
        .isCloseTo(1, within(1e-6));
  }

  @Test
  void answersBareNumbers() {
    JsonNode answer = predicted(XOR, "inputs=0,1");

    assertThat(answer.propertyNames()).containsExactly("model", "version", "outputs");
    assertThat(answer.path("outputs")).hasSize(1);
    assertThat(answer.path("outputs").path(0).asDouble()).isBetween(0.9, 1.0);
    assertThat(predicted(XOR, "inputs=1e0,%2B1.0").path("outputs").path(0).asDouble())
        .isBetween(0.0, 0.1);
    assertThat(predicted(XOR, "inputs=1,1").path("outputs"))
        .isEqualTo(predicted(XOR, "inputs=1.0,1").path("outputs"));
  }

  @Test
  void answersByTheVersionInThePath() {
    assertThat(body(get(MODELS + SPECIES + "/versions/1/predictions?" + GENTOO)))
        .isEqualTo(predicted(SPECIES, GENTOO));
    assertProblem(get(MODELS + SPECIES + "/versions/2/predictions?" + GENTOO), 404, "not-found");
  }

  @Test
  void tagsItsAnswersByModelVersionAndParameters() {
    String path = MODELS + SPECIES + "/predictions?" + GENTOO;
    HttpResponse<String> first = get(path);
    String tag = first.headers().firstValue("ETag").orElseThrow();
    assertThat(tag).as("what a text means").contains("." + CellReader.NUMBER + ".");

    assertThat(tag).matches("\"[!-~&&[^\"]]+\"").contains(SPECIES + ".1.");
    assertThat(first.headers().firstValue("Cache-Control")).hasValue("no-cache");
    assertThat(get(path).headers().firstValue("ETag")).hasValue(tag);
    assertThat(get(path.replace("=male", "=female")).headers().firstValue("ETag").orElseThrow())
        .isNotEqualTo(tag);
    for (String match :
        List.of(tag, "W/" + tag, "\"other\", " + tag, "*", "\"a\",\"b\" , W/" + tag)) {
      HttpResponse<String> again = get(path, "If-None-Match", match);
      assertThat(again.statusCode()).as(match).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      // Whoever has a compressed answer names its weak tag, and keeps that answer.
      assertThat(again.headers().firstValue("ETag"))
          .hasValue(match.contains("W/") ? "W/" + tag : tag);
    }
    for (String other : List.of("\"other\"", tag.substring(0, 5), tag.replace("\"", ""), "\"")) {
      assertThat(get(path, "If-None-Match", other).statusCode()).as(other).isEqualTo(200);
    }
    assertProblem(get(path + "&nose=1", "If-None-Match", "*"), 400, "unknown-parameter");
  }

  @Test
  void warnsOfWhatItWasNotTrainedFor() {
    JsonNode answer =
        predicted(SPECIES, GENTOO.replace("=217", "=2170").replace("Biscoe", "Atlantis"));

    assertThat(answer.path("warnings")).hasSize(2);
    assertThat(answer.path("warnings").valueStream().map(JsonNode::asString))
        .anySatisfy(
            warning ->
                assertThat(warning)
                    .startsWith("flipper_length_mm: 2170 is outside the training range"))
        .anySatisfy(
            warning ->
                assertThat(warning).isEqualTo("island: 'Atlantis' was not seen in training"));
  }

  @Test
  void takesWhatIsAbsentOrEmptyOrSaysSoForMissing() {
    JsonNode absent = predicted(SPECIES, GENTOO.replace("&sex=male", ""));

    for (String sex : List.of("", "NA", "null", "?", "%20")) {
      assertThat(predicted(SPECIES, GENTOO.replace("male", sex)).path("probabilities"))
          .as(sex)
          .isEqualTo(absent.path("probabilities"));
    }
    assertThat(absent.has("warnings")).isFalse();
    assertThat(absent.path("probabilities"))
        .isNotEqualTo(predicted(SPECIES, GENTOO).path("probabilities"));
  }

  @Test
  void namesEveryFeatureThatMustHaveAValue() {
    HttpResponse<String> answer = get(MODELS + LABELS + "/predictions");

    assertProblem(answer, 422, "invalid-data");
    assertThat(body(answer).path("errors").valueStream().map(e -> e.path("pointer").asString()))
        .containsExactly("/t", "/rain");
    assertThat(body(answer).path("detail").asString()).contains("t: must have a value");
    assertProblem(get(MODELS + LABELS + "/predictions?t=&rain=1"), 422, "invalid-data", "/t");
  }

  @Test
  void acceptsKnownColumnsThatAreNoFeatures() {
    JsonNode answer = predicted(SPECIES, GENTOO);

    assertThat(predicted(SPECIES, GENTOO + "&year=1&species=Adelie")).isEqualTo(answer);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "p-species | nose=1 | 400 | unknown-parameter",
        "p-species | bill_lenght_mm=40 | 400 | unknown-parameter",
        "p-species | inputs=1,2 | 400 | unknown-parameter",
        "p-species | sex=male&sex=male | 400 | repeated-parameter",
        "p-species | year=1&year=2 | 400 | repeated-parameter",
        "p-species | bill_length_mm=long | 422 | invalid-data",
        "p-species | bill_length_mm=1e400 | 422 | invalid-data",
        "p-species | bill_length_mm=Infinity | 422 | invalid-data",
        "p-species | bill_length_mm=0x1p3 | 422 | invalid-data",
        "p-species | bill_length_mm=12d | 422 | invalid-data",
        "p-xor | inputs=0 | 422 | invalid-data",
        "p-xor | inputs=0,1,2 | 422 | invalid-data",
        "p-xor | inputs= | 422 | invalid-data",
        "p-xor | '' | 422 | invalid-data",
        "p-xor | inputs=0, | 422 | invalid-data",
        "p-xor | inputs=0,NaN | 422 | invalid-data",
        "p-xor | inputs=0,Infinity | 422 | invalid-data",
        "p-xor | inputs=0,1e400 | 422 | invalid-data",
        "p-xor | inputs=0,1e39 | 422 | invalid-data",
        "p-xor | inputs=0,1f | 422 | invalid-data",
        "p-xor | inputs=0,0x1p3 | 422 | invalid-data",
        "p-xor | inputs=0,one | 422 | invalid-data",
        "p-xor | inputs=0,1&inputs=0,1 | 400 | repeated-parameter",
        "p-xor | input=0,1 | 400 | unknown-parameter",
        "p-xor | inputs=0,1&island=x | 400 | unknown-parameter",
        "p-nowhere | inputs=0,1 | 404 | not-found",
        "P | inputs=0,1 | 400 | invalid-parameter",
      })
  void refusesARowThatCannotBe(String model, String query, int status, String code) {
    HttpResponse<String> answer = get(MODELS + model + "/predictions?" + query);

    assertProblem(answer, status, code);
    assertThat(answer.headers().firstValue("ETag")).isEmpty();
  }

  @Test
  void suggestsTheColumnThatWasMeant() {
    assertThat(
            body(get(MODELS + SPECIES + "/predictions?bill_lenght_mm=40"))
                .path("detail")
                .asString())
        .isEqualTo(
            "bill_lenght_mm: is no column of the training data; did you mean 'bill_length_mm'?");
  }

  @Test
  void refusesNumbersThatTheNetworkCannotHold() {
    trained(
        """
        {"model": "p-overflow", "data": {"inputs": [[1e-30],[2e-30]], "targets": [[1],[2]]},
         "network": {"layers": [{"type": "dense", "units": 4, "initializer": "unit-normal"}, {"type": "dense", "units": 64, "initializer": "unit-normal"}]},
         "training": {"epochs": 1}}""");

    for (String inputs : List.of("3e38", "-3e38")) {
      HttpResponse<String> single = get(MODELS + "p-overflow/predictions?inputs=" + inputs);
      HttpResponse<String> batch =
          post(MODELS + "p-overflow/predictions", "{\"inputs\": [[0], [" + inputs + "]]}");
      assertThat(single.statusCode()).as(single.body()).isEqualTo(batch.statusCode());
      if (single.statusCode() != 200) {
        assertProblem(single, 422, "invalid-data");
        assertProblem(batch, 422, "invalid-data", "/inputs/1");
      }
    }
    assertThat(
            List.of("3e38", "-3e38").stream()
                .map(
                    inputs -> get(MODELS + "p-overflow/predictions?inputs=" + inputs).statusCode()))
        .contains(422);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/csv", "text/html", "application/x-ndjson"})
  void answersASingleRowAsJsonOnly(String accept) {
    assertProblem(
        get(MODELS + XOR + "/predictions?inputs=0,1", "Accept", accept), 406, "not-acceptable");
  }

  @Test
  void readsEscapesInNamesAndValues() {
    trained(
        """
        {"model": "p-escapes", "data": {"target": "y", "rows": [
          {"größe in m²": 1, "a&b=c": "ja / nein", "y": 1.5}, {"größe in m²": 2, "a&b=c": "+", "y": 2.5},
          {"größe in m²": 3, "a&b=c": "ja / nein", "y": 3.5}, {"größe in m²": 4, "a&b=c": "+", "y": 4.25}]},
         "training": {"epochs": 1}}""");

    JsonNode answer =
        predicted(
            "p-escapes",
            encoded("größe in m²") + "=2&" + encoded("a&b=c") + "=" + encoded("ja / nein"));
    assertThat(answer.has("warnings")).isFalse();
    assertThat(
            predicted("p-escapes", encoded("größe in m²") + "=2&" + encoded("a&b=c") + "=ja")
                .path("warnings"))
        .hasSize(1);
  }

  private JsonNode predicted(String model, String query) {
    HttpResponse<String> answer = get(MODELS + model + "/predictions?" + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return body(answer);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
