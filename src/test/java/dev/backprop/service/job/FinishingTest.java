package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.Requests;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Trainings that are finished before their end.
class FinishingTest extends JobServiceTest {

  private HttpResponse<String> finish(String id) {
    return post("/api/v1/trainings/" + id + "/finish", "");
  }

  @Test
  void whatThereIsIsServed() throws InterruptedException {
    String id = begin(Requests.endless("finished"));
    String queued = begin(Requests.xor("finished-later"));
    awaitFirstEpoch(id);
    HttpResponse<String> refused = finish(queued);
    assertProblem(refused, 409, "conflict");
    assertThat(refused.body()).contains("is queued and has nothing to finish");

    HttpResponse<String> answer = finish(id);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    assertThat(body(answer).path("id").asString()).isEqualTo(id);

    JsonNode training = ended(id);
    assertThat(training.path("state").asString()).isEqualTo("succeeded");
    JsonNode result = training.path("result");
    assertThat(result.path("stoppedByTime").asBoolean()).isTrue();
    assertThat(result.path("epochs").asInt()).isBetween(1, 9_999);
    assertThat(training.path("history")).hasSize(result.path("epochs").asInt());
    assertThat(get("/api/v1/models/finished/versions/1").statusCode()).isEqualTo(200);
    assertProblem(finish(id), 409, "conflict");
    assertProblem(finish("nowhere"), 404, "not-found");
    assertThat(ended(queued).path("state").asString()).isEqualTo("succeeded");
  }

  @Test
  void foldsThatHaveNotBegunAreLeftOut() throws InterruptedException {
    String id =
        begin(
            """
            {"model": "finished-folds", "data": {"target": "species", %s},
             "network": {"layers": [{"type": "dense", "units": 512}, {"type": "dense", "units": 512}]},
             "training": {"epochs": 10000, "batchSize": 1, "earlyStopping": "none", "optimizer": {"type": "sgd", "learningRate": 1e-6},
                          "bagging": {"folds": 20}}}"""
                .formatted(Requests.penguinRows()));
    assertThat(finishOnceItRuns(id).statusCode()).isEqualTo(202);

    JsonNode training = ended(id);
    assertThat(training.path("state").asString()).as(training.toString()).isEqualTo("succeeded");
    int folds = training.path("result").path("folds").size();
    assertThat(folds).isBetween(1, 19);
    assertThat(training.path("warnings").toString())
        .contains("the training was finished when %d of its 20 folds had begun".formatted(folds));
    JsonNode card = body(get("/api/v1/models/finished-folds/versions/1"));
    assertThat(card.path("bagging").path("folds")).hasSize(folds);
    assertCanBeCopied("finished-folds");
  }

  private void assertCanBeCopied(String model) {
    HttpResponse<String> copied =
        send(
            request("/api/v1/models/" + model + "-copy/versions")
                .header("Content-Type", "application/zip")
                .POST(
                    HttpRequest.BodyPublishers.ofByteArray(
                        bytes("/api/v1/models/" + model + "/versions/1/artifact")))
                .build());
    assertThat(copied.statusCode()).as(copied.body()).isEqualTo(201);
  }

  /// The first candidate has what there is, the second is dropped.
  @ParameterizedTest
  @CsvSource({
    "finished-ensemble, '\"bagging\": {\"folds\": 20}'",
    "finished-members, '\"validationFraction\": 0.2'"
  })
  void aCandidateThatIsNotCompleteIsDropped(String model, String parting) {
    String id =
        begin(
            """
            {"model": "%s", "data": {"target": "species", %s},
             "network": {"layers": [{"type": "dense", "units": 512}, {"type": "dense", "units": 512}]},
             "training": {"epochs": 10000, "batchSize": 1, "earlyStopping": "none", "optimizer": {"type": "sgd", "learningRate": 1e-6}, %s},
             "ensemble": {"members": [{}, {"training": {"epochs": 9000}}]}}"""
                .formatted(model, Requests.penguinRows(), parting));
    assertThat(finishOnceItRuns(id).statusCode()).isEqualTo(202);

    JsonNode training = ended(id);
    assertThat(training.path("state").asString()).as(training.toString()).isEqualTo("succeeded");
    assertThat(training.path("result").path("ensemble").path("candidates").asInt()).isEqualTo(1);
    assertCanBeCopied(model);
  }

  /// It begins at once: no other training runs.
  private HttpResponse<String> finishOnceItRuns(String id) {
    HttpResponse<String> answer = finish(id);
    while (answer.body().contains("is queued")) {
      Thread.onSpinWait();
      answer = finish(id);
    }
    return answer;
  }
}
