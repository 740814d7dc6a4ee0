package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.client.ApiClient;
import dev.backprop.client.ApiException;
import dev.backprop.client.api.DataSetsApi;
import dev.backprop.client.api.DataSetsApi.APIUploadDatasetRequest;
import dev.backprop.client.api.ModelsApi;
import dev.backprop.client.api.PredictionsApi;
import dev.backprop.client.api.PredictionsApi.APIEvaluateModelRequest;
import dev.backprop.client.api.PredictionsApi.APIPredictRowsRequest;
import dev.backprop.client.api.TrainingsApi;
import dev.backprop.client.model.Dataset;
import dev.backprop.client.model.DatasetData;
import dev.backprop.client.model.DatasetReference;
import dev.backprop.client.model.Evaluation;
import dev.backprop.client.model.EvaluationAnswer;
import dev.backprop.client.model.JobState;
import dev.backprop.client.model.Layer;
import dev.backprop.client.model.LayerDense;
import dev.backprop.client.model.ModelCard;
import dev.backprop.client.model.NetworkSpec;
import dev.backprop.client.model.Optimizer;
import dev.backprop.client.model.OptimizerAdamW;
import dev.backprop.client.model.Prediction;
import dev.backprop.client.model.Predictions;
import dev.backprop.client.model.RowValue;
import dev.backprop.client.model.Rows;
import dev.backprop.client.model.RowsToEvaluate;
import dev.backprop.client.model.RowsToPredict;
import dev.backprop.client.model.TargetColumns;
import dev.backprop.client.model.Training;
import dev.backprop.client.model.TrainingData;
import dev.backprop.client.model.TrainingRequest;
import dev.backprop.client.model.TrainingSpec;
import java.io.File;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// A client that is generated from the kept description of the API uploads, trains, watches and
/// predicts, in types from one end to the other.
class GeneratedClientTest extends ServiceTest {

  private static final String NAME = "generated-client";

  @Test
  void uploadsTrainsWatchesAndPredicts() throws ApiException {
    TrainingsApi trainings = new TrainingsApi(api());
    Dataset uploaded =
        new DataSetsApi(api())
            .uploadDataset(
                APIUploadDatasetRequest.newBuilder()
                    .name(NAME)
                    ._file(new File("docs/samples/penguins.csv"))
                    .build());
    assertThat(uploaded.getRows()).isEqualTo(344);

    Training training = trainings.startTraining(request(uploaded.getId()), null, null, null);
    while (training.getState() == JobState.QUEUED || training.getState() == JobState.RUNNING) {
      training = trainings.getTraining(training.getId(), "wait=10");
    }
    assertThat(training.getState()).isEqualTo(JobState.SUCCEEDED);
    assertThat(training.getHistory()).isNotEmpty();
    Optimizer optimizer = Objects.requireNonNull(training.getSpec().getTraining().getOptimizer());
    assertThat(((OptimizerAdamW) optimizer.getActualInstance()).getWeightDecay()).isEqualTo(0.1);

    Predictions answers =
        new PredictionsApi(api())
            .predictRows(
                APIPredictRowsRequest.newBuilder().name(NAME).rowsToPredict(rows()).build());
    assertThat(answers.getPredictions()).hasSize(1);
    Prediction answer = answers.getPredictions().getFirst();
    assertThat(Objects.requireNonNull(answer.getPrediction()).getActualInstance())
        .isEqualTo("Adelie");
    assertThat(Objects.requireNonNull(answer.getProbabilities())).containsKeys("Gentoo");
  }

  private static RowsToPredict rows() {
    return new RowsToPredict(
        new Rows()
            .addRowsItem(
                Map.of(
                    "island", new RowValue("Torgersen"),
                    "bill_length_mm", new RowValue(BigDecimal.valueOf(39.1)),
                    "year", new RowValue(BigDecimal.valueOf(2007)))));
  }

  @Test
  void readsCardsAndMetrics() throws ApiException {
    String name = NAME + "-metrics";
    String id =
        body(send("POST", "/api/v1/datasets?name=" + name, "text/csv", Requests.penguinsCsv()))
            .path("id")
            .asString();
    new TrainingsApi(api()).startTraining(request(id).model(name), null, "wait=60", null);

    ModelCard card = new ModelsApi(api()).getVersion(name, 1);
    Evaluation validation = Objects.requireNonNull(card.getMetrics().get("validation"));
    assertThat(validation.getEvaluationClassification().getClasses()).hasSize(3);
    EvaluationAnswer evaluation =
        new PredictionsApi(api())
            .evaluateModel(
                APIEvaluateModelRequest.newBuilder()
                    .name(name)
                    .rowsToEvaluate(new RowsToEvaluate(new DatasetReference().dataset(id)))
                    .build());
    assertThat(evaluation.getMetrics().getEvaluationClassification().getAccuracy())
        .isGreaterThan(0.8);
  }

  @Test
  void aRefusalIsAProblem() {
    assertThatThrownBy(() -> new ModelsApi(api()).getModel("no-such-model"))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.getCode()).isEqualTo(404);
              assertThat(e.getResponseBody()).contains("\"code\":\"not-found\"");
            });
  }

  private static TrainingRequest request(String dataset) {
    return new TrainingRequest()
        .model(NAME)
        .data(
            new TrainingData(
                new DatasetData().dataset(dataset).target(new TargetColumns("species"))))
        .network(
            new NetworkSpec()
                .addLayersItem(
                    new Layer(new LayerDense().type(LayerDense.TypeEnum.DENSE).units(16))))
        .training(
            new TrainingSpec()
                .epochs(20)
                .optimizer(
                    new Optimizer(
                        new OptimizerAdamW()
                            .type(OptimizerAdamW.TypeEnum.ADAMW)
                            .learningRate(0.01)
                            .weightDecay(0.1))));
  }

  private ApiClient api() {
    ApiClient client = new ApiClient();
    client.updateBaseUri("http://localhost:" + port());
    return client;
  }
}
