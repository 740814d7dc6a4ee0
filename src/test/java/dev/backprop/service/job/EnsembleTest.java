package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.Requests;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Members of their own specs, which are served together.
class EnsembleTest extends JobServiceTest {

  private static final String ROW =
      "?species=Gentoo&island=Biscoe&bill_length_mm=50&bill_depth_mm=15&flipper_length_mm=225&sex=male&year=2008";

  private static final String MEMBERS =
      """
      {"members": [
        {"network": {"layers": [{"type": "dense", "units": 6}]}},
        {"encoding": {"numbers": {"type": "piecewise-linear", "bins": 6}, "target": "log"},
         "network": {"layers": [{"type": "dense", "units": 9}], "embeddings": {"island": {"units": 2}}},
         "training": {"epochs": 4}}]%s}""";

  private static String request(String model, String training, String ensemble) {
    return """
        {"model": "%s", "data": {"target": "body_mass_g", %s}, "encoding": {"clamp": true},
         "training": {"epochs": 6, %s}, "ensemble": %s}"""
        .formatted(model, Requests.penguinRows(), training, ensemble);
  }

  @Test
  void membersOfAllFoldsAnswerTogether() {
    JsonNode training =
        succeeded(
            request(
                "ensemble-together",
                "\"testFraction\": 0.1, \"bagging\": {\"folds\": 3}",
                MEMBERS.formatted(", \"choose\": \"all\"")));

    assertThat(training.at("/progress/fraction").asDouble()).isEqualTo(1);
    assertThat(training.at("/progress/folds/ended").asInt()).isEqualTo(6);
    assertThat(training.at("/progress/folds/underWay")).isEmpty();
    assertThat(training.path("history")).isEmpty();
    assertThat(training.at("/result/ensemble/candidates").asInt()).isEqualTo(2);
    assertThat(training.at("/result/ensemble/members/1/weight").asInt()).isEqualTo(1);
    assertThat(training.at("/progress/epochs").asInt()).isEqualTo(3 * 6 + 3 * 4);
    assertThat(training.at("/metrics/outOfFold/rmse").asDouble()).isPositive();
    assertThat(training.at("/result/folds/5/member").asInt()).isEqualTo(2);
    assertThat(training.at("/result/folds/5/fold").asInt()).isEqualTo(3);
    JsonNode card = body(get("/api/v1/models/ensemble-together/versions/1"));
    assertThat(card.path("metrics").propertyNames()).containsExactly("outOfFold", "test");
    assertThat(card.at("/ensemble/members/0/folds")).hasSize(3);
    assertThat(card.at("/ensemble/members/1/folds/0/history").size()).isBetween(1, 4);
    assertThat(card.at("/spec/ensemble/members/1/encoding/clamp").asBoolean()).isTrue();
    assertThat(card.at("/spec/ensemble/candidates").asInt()).isEqualTo(2);
    assertThat(card.at("/cost/networks").asInt()).isEqualTo(6);
    assertThat(card.at("/cost/parameters").asLong())
        .isGreaterThan(3 * card.at("/network/parameters").asLong());
    assertThat(card.at("/cost/multiplyAddsPerRow").asLong())
        .isBetween(1L, card.at("/cost/parameters").asLong());
    assertThat(card.at("/provenance/microsecondsPerRow").asDouble()).isPositive();
    double answer =
        body(get("/api/v1/models/ensemble-together/predictions" + ROW))
            .path("prediction")
            .asDouble();
    assertThat(answer).isBetween(2_700.0, 6_300.0);
    HttpResponse<String> csv =
        send(
            request("/api/v1/models/ensemble-together/predictions")
                .header("Content-Type", "text/csv")
                .header("Accept", "text/csv")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        """
                        species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,sex,year
                        Gentoo,Biscoe,50,15,225,male,2008
                        """))
                .build());
    assertThat(csv.statusCode()).as(csv.body()).isEqualTo(200);
    assertThat(Double.parseDouble(csv.body().lines().skip(1).findFirst().orElseThrow()))
        .isEqualTo(answer);
    JsonNode metrics =
        body(post(
                "/api/v1/models/ensemble-together/evaluations",
                """
                    {"rows": [{"body_mass_g": 5000, "species": "Gentoo", "island": "Biscoe", "bill_length_mm": 50,
                      "bill_depth_mm": 15, "flipper_length_mm": 225, "sex": "male", "year": 2008}]}"""))
            .path("metrics");
    assertThat(metrics.path("rmse").asDouble()).isCloseTo(Math.abs(answer - 5_000), within(0.01));
  }

  @Test
  void theSpecOfACardTrainsTheSameModel() {
    succeeded(
        request(
            "ensemble-chosen",
            "\"validationFraction\": 0.2, \"maxSeconds\": 600",
            MEMBERS.formatted("")));
    JsonNode card = body(get("/api/v1/models/ensemble-chosen/versions/1"));
    assertThat(card.path("metrics").propertyNames()).containsExactly("validation");
    ObjectNode again = (ObjectNode) card.path("spec").deepCopy();
    again.put("model", "ensemble-again");
    again.set(
        "data",
        JSON.readTree("{\"target\": \"body_mass_g\", %s}".formatted(Requests.penguinRows())));
    succeeded(again.toString());

    JsonNode copy = body(get("/api/v1/models/ensemble-again/versions/1"));
    assertThat(copy.path("spec")).isEqualTo(card.path("spec"));
    assertThat(copy.path("metrics")).isEqualTo(card.path("metrics"));
    assertThat(body(get("/api/v1/models/ensemble-again/predictions" + ROW)))
        .isEqualTo(
            withModel(
                body(get("/api/v1/models/ensemble-chosen/predictions" + ROW)), "ensemble-again"));
  }

  /// All that the engine has of RealMLP-TD (Holzmüller et al. 2024) beside a usual member. What
  /// both must have alike, the loss and the figure that selects, the request says.
  @Test
  void aMemberMayBeAsRealMlpHasIt() {
    String hidden =
        """
        {"type": "dense", "units": 24, "activation": "selu", "parametric": true, "biasInitializer": "unit-normal"},
        {"type": "dropout", "rate": 0.15, "schedule": "flat-cos"}""";
    JsonNode training =
        succeeded(
            """
            {"model": "ensemble-realmlp", "data": {"target": "species", %s},
             "network": {"loss": {"type": "cross-entropy", "labelSmoothing": 0.1}},
             "training": {"epochs": 40, "selection": "log-loss", "bagging": {"folds": 2}, "seed": 2},
             "ensemble": {"choose": "all", "members": [
               {"encoding": {"numbers": {"type": "piecewise-linear", "bins": 6}}},
               {"encoding": {"numbers": {"type": "periodic", "frequencies": 4}, "categories": {"type": "one-hot", "upTo": 9}},
                "network": {"inputScale": true, "scaling": "ntk", "layers": [%s, %s, %s]},
                "training": {
                  "batchSize": 256,
                  "optimizer": {"type": "adamw", "learningRate": 0.04, "beta2": 0.95, "weightDecay": 0.02},
                  "learningRateFactors": {"biases": 0.1, "inputScale": 6, "slopes": 0.1, "periodic": 0.1},
                  "schedule": "coslog4", "decaySchedule": "flat-cos", "earlyStopping": null}}]}}"""
                .formatted(Requests.penguinRows(), hidden, hidden, hidden));

    JsonNode members = training.at("/spec/ensemble/members");
    JsonNode member = members.path(1);
    assertThat(member.at("/network/layers/4/parametric").asBoolean()).isTrue();
    assertThat(member.at("/network/scaling").asString()).isEqualTo("ntk");
    assertThat(member.at("/network/loss/labelSmoothing").asDouble()).isEqualTo(0.1);
    assertThat(member.at("/training/schedule/type").asString()).isEqualTo("coslog4");
    assertThat(member.at("/training/learningRateFactors/slopes").asDouble()).isEqualTo(0.1);
    assertThat(members.at("/0/network").has("scaling")).isFalse();
    JsonNode folds =
        body(get("/api/v1/models/ensemble-realmlp/versions/1")).at("/ensemble/members");
    for (JsonNode fold : folds.at("/1/folds")) {
      assertThat(fold.path("history")).hasSize(40);
      assertThat(fold.at("/history/39/learningRate").asDouble()).isLessThan(0.01);
      assertThat(fold.at("/history/39/selected/metric").asString()).isEqualTo("log-loss");
      double first = fold.at("/history/0/selected/value").asDouble();
      assertThat(fold.at("/history/39/selected/value").asDouble()).isLessThan(first / 3);
    }
    assertThat(training.at("/metrics/outOfFold/accuracy").asDouble()).isGreaterThan(0.95);
  }

  private static JsonNode withModel(JsonNode answer, String model) {
    return answer.has("model") ? ((ObjectNode) answer.deepCopy()).put("model", model) : answer;
  }

  @Test
  void aCopyAnswersAsTheEnsembleDoes() {
    succeeded(request("ensemble-original", "\"bagging\": {\"folds\": 2}", MEMBERS.formatted("")));
    HttpResponse<String> copied =
        send(
            request("/api/v1/models/ensemble-copy/versions")
                .header("Content-Type", "application/zip")
                .POST(
                    HttpRequest.BodyPublishers.ofByteArray(
                        bytes("/api/v1/models/ensemble-original/versions/1/artifact")))
                .build());
    assertThat(copied.statusCode()).as(copied.body()).isEqualTo(201);
    assertThat(body(get("/api/v1/models/ensemble-copy/predictions" + ROW)).path("prediction"))
        .isEqualTo(
            body(get("/api/v1/models/ensemble-original/predictions" + ROW)).path("prediction"));
    assertThat(body(get("/api/v1/models/ensemble-copy/versions/1")).path("ensemble"))
        .isEqualTo(body(get("/api/v1/models/ensemble-original/versions/1")).path("ensemble"));
    HttpResponse<String> warm =
        post(
            "/api/v1/trainings",
            "{\"model\": \"m\", \"warmStart\": {\"model\": \"ensemble-original\"}, \"data\": {\"target\": \"body_mass_g\", %s}}"
                .formatted(Requests.penguinRows()));
    assertThat(warm.statusCode()).isEqualTo(422);
    assertThat(warm.body()).contains("/warmStart/model");
  }

  @Test
  void aMemberThatDivergesIsLeftOut() {
    JsonNode training =
        succeeded(
            request(
                "ensemble-left",
                "\"bagging\": {\"folds\": 2}",
                """
                {"members": [{"training": {"optimizer": {"type": "sgd", "learningRate": 1e30}}},
                  {"network": {"layers": []}}]}"""));
    assertThat(training.path("warnings").valueStream().map(JsonNode::asString))
        .anyMatch(
            warning ->
                warning.startsWith("fold 1 of member 1 diverged in epoch 1: ")
                    && warning.endsWith("; the member is left out"));
    assertThat(training.at("/result/ensemble/candidates").asInt()).isEqualTo(2);
    assertThat(training.at("/result/ensemble/members")).hasSize(1);
    assertThat(training.at("/result/folds")).hasSize(2);
    assertThat(training.at("/progress/folds/underWay")).isEmpty();
    JsonNode card = body(get("/api/v1/models/ensemble-left/versions/1"));
    assertThat(card.at("/ensemble/members/0/folds")).isEmpty();
    assertThat(card.at("/ensemble/members/1/folds")).hasSize(2);
    HttpResponse<String> copied =
        send(
            request("/api/v1/models/ensemble-left-copy/versions")
                .header("Content-Type", "application/zip")
                .POST(
                    HttpRequest.BodyPublishers.ofByteArray(
                        bytes("/api/v1/models/ensemble-left/versions/1/artifact")))
                .build());
    assertThat(copied.statusCode()).as(copied.body()).isEqualTo(201);
    assertThat(body(get("/api/v1/models/ensemble-left-copy/predictions" + ROW)).path("prediction"))
        .isEqualTo(body(get("/api/v1/models/ensemble-left/predictions" + ROW)).path("prediction"));
  }

  @Test
  void oneMemberIsTrainedAsOneNetwork() {
    JsonNode training =
        succeeded(
            request(
                "ensemble-single",
                "\"validationFraction\": 0.2",
                "{\"members\": [{\"network\": {\"layers\": []}}]}"));
    assertThat(training.path("history")).hasSize(6);
    JsonNode card = body(get("/api/v1/models/ensemble-single/versions/1"));
    assertThat(card.at("/spec/ensemble/candidates").asInt()).isEqualTo(1);
    assertThat(card.at("/spec/network/layers")).isEmpty();
    assertThat(card.has("ensemble")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"members\": []} | 422 | /ensemble/members",
        "{} | 422 | /ensemble/members",
        "{\"members\": [{}, null]} | 422 | /ensemble/members/1",
        "{\"members\": [{}], \"candidates\": 2} | 422 | /ensemble/candidates",
        "{\"members\": [{}], \"choose\": \"worst\"} | 422 | /ensemble/choose",
        "{\"members\": [{\"training\": {\"seed\": 3}}]} | 422 | /ensemble/members/0/training/seed",
        "{\"members\": [{}, {\"training\": {\"epochs\": 0}}]} | 422 | /ensemble/members/1/training/epochs",
        "{\"members\": [{}, {\"network\": {\"layers\": [{\"type\": \"dense\", \"units\": 0}]}}]} | 422 | /ensemble/members/1/network/layers/0/units",
        "{\"members\": [{}, {\"network\": {\"loss\": \"absolute-error\"}}]} | 422 | /ensemble/members/1/network/loss",
        "{\"members\": [{}, {\"encoding\": {\"columns\": {\"x\": \"robust\"}}}]} | 422 | /ensemble/members/1/encoding/columns/x",
        "{\"members\": [{\"networks\": {}}]} | 400 | /ensemble/members/0/networks",
        "{\"members\": [{\"training\": 3}]} | 400 | /ensemble/members/0/training",
      })
  void refusalsPointToTheMember(String ensemble, int status, String pointer) {
    HttpResponse<String> answer =
        post(
            "/api/v1/trainings",
            request("ensemble-refused", "\"validationFraction\": 0.2", ensemble));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    List<String> pointers =
        JSON.readTree(answer.body())
            .path("errors")
            .valueStream()
            .map(e -> e.path("pointer").asString())
            .toList();
    assertThat(pointers).as(answer.body()).containsExactly(pointer);
  }

  @Test
  void anEnsembleNeedsRowsThatItHasNotLearnedFrom() {
    HttpResponse<String> answer =
        post(
            "/api/v1/trainings",
            request("ensemble-refused", "\"validationFraction\": 0", MEMBERS.formatted("")));
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("/training/validationFraction", "unless there is bagging");
  }
}
