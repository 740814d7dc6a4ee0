package dev.backprop;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the description of the API takes for a request or an answer, and what not.
class ContractTest extends ServiceTest {

  private static final String TRAININGS = "/api/v1/trainings";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"network\": {\"layers\": [{\"type\": \"dense\", \"units\": 3, \"activation\": \"relu\"}, \"layer-norm\"]}",
        "\"network\": {\"layers\": [{\"type\": \"residual\", \"layers\": [{\"type\": \"dense\", \"units\": 2}]}]}",
        "\"training\": {\"optimizer\": \"adam\", \"earlyStopping\": null, \"classWeights\": \"balanced\"}",
        "\"training\": {\"optimizer\": {\"type\": \"adam\", \"learningRate\": 0.1}, \"classWeights\": {\"a\": 2}}",
        "\"encoding\": {\"numbers\": \"robust\", \"columns\": {\"a\": {\"type\": \"one-hot\"}}}",
        "\"preset\": \"fast\", \"warmStart\": {\"model\": \"m\"}"
      })
  void namesAndObjectsAreRequests(String part) {
    assertThatCode(() -> contract().checkRequest("POST", TRAININGS, request(part)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"network\": {\"layers\": [\"dense\"]}",
        "\"network\": {\"layers\": [{\"type\": \"dense\"}]}",
        "\"training\": {\"optimizer\": \"adamx\"}",
        "\"training\": {\"optimizer\": {\"type\": \"adam\", \"learningRat\": 0.1}}",
        "\"training\": {\"optimizer\": {\"learningRate\": 0.1}}",
        "\"training\": {\"epochs\": 0}",
        "\"training\": {\"testFraction\": 1}",
        "\"training\": {\"classWeights\": {\"a\": -1}}",
        "\"trainig\": {}",
        "\"preset\": \"quick\""
      })
  void whatTheServiceRefusesIsNone(String part) {
    assertThatThrownBy(() -> contract().checkRequest("POST", TRAININGS, request(part)))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void anAnswerHasTheDescribedFieldsAndNoOther() {
    String problem =
        """
        {"type": "urn:backprop:problem:not-found", "title": "Not found", "status": 404,
         "detail": "there is no training", "code": "not-found"%s}""";
    String type = "application/problem+json";
    contract().check("GET", TRAININGS + "/1", 404, type, problem.formatted(""));
    assertThatThrownBy(
            () ->
                contract()
                    .check("GET", TRAININGS + "/1", 404, type, problem.formatted(", \"x\": 1")))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(
            () -> contract().check("GET", TRAININGS + "/1", 200, "text/html", "<html></html>"))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> contract().check("GET", "/api/v1/nothing", 200, type, "{}"))
        .isInstanceOf(AssertionError.class);
  }

  private static String request(String part) {
    return """
    {"model": "m", "data": {"dataset": "penguins", "target": ["a", "b"]}, %s}"""
        .formatted(part);
  }
}
