package dev.backprop.engine.plan;

import static dev.backprop.engine.spec.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.AveragingSpec;
import dev.backprop.engine.spec.CrossValidationSpec;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.RegularizationSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.Target;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a training has to take care of if its network normalizes over batches.
class BatchNormTrainingTest {

  private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
  private static final OptimizerSpec SGD = new OptimizerSpec.Sgd(0.1, 0.9, false);
  private static final LayerSpec NORM = Defaults.fill(LayerSpec.BatchNorm.class);

  /// 2-4-4-1: what is learned, 12 + 8 + 5; the statistics of 4 units.
  private static final int LEARNED = 25;

  private static final int VALUES = LEARNED + 8;

  private static NetworkSpec network(LayerSpec norm) {
    LayerSpec dense = Defaults.fill(LayerSpec.Dense.class, 4, new Activation.Tanh());
    return NetworkSpec.of(List.of(dense, norm), null, null);
  }

  private static TrainingData differences(int rows) {
    double[][] inputs = new double[rows][];
    double[][] targets = new double[rows][];
    for (int i = 0; i < rows; i++) {
      inputs[i] = new double[] {Math.sin(i), Math.cos(i)};
      targets[i] = new double[] {Math.sin(i) - Math.cos(i)};
    }
    return new TrainingData.Bare(new BareExamples(DenseRows.of(inputs), DenseRows.of(targets)));
  }

  private static TrainingSpecs training(int epochs, @Nullable Integer batchSize) {
    return TrainingSpecs.training()
        .epochs(epochs)
        .batchSize(batchSize)
        .seed(1)
        .validationFraction(0.0)
        .optimizer(SGD)
        .regularization(new RegularizationSpec(0, 0.01))
        .earlyStopping(new EarlyStoppingSpec.None());
  }

  private static TrainingSpecs folds(int count) {
    return TrainingSpecs.training()
        .epochs(2)
        .seed(1)
        .optimizer(SGD)
        .crossValidation(new CrossValidationSpec(count));
  }

  private static TrainingPlan plan(int rows, TrainingSpecs training) {
    return TrainingPlan.of(differences(rows), null, FitSpec.of(network(NORM), training.spec()));
  }

  private static TrainingResult.Trained run(TrainingPlan plan) {
    return (TrainingResult.Trained)
        plan.run(new JavaKernels(), Team.ALONE, CLOCK, report -> {}, null);
  }

  private static float[] values(TrainingPlan plan) {
    return run(plan).predictor().scorer().network().parameters().values();
  }

  private static float[] statistics(float[] values) {
    return Arrays.copyOfRange(values, LEARNED, VALUES);
  }

  @Test
  void aStepNeedsTwoRows() {
    refused(
        () -> plan(20, training(1, 1)),
        "/training/batchSize",
        "must be at least 2 with batch normalization, was 1");
    refused(
        () -> plan(1, training(1, null)),
        "/training/batchSize",
        "must be at least 2 with batch normalization, was 1");
    assertThat(plan(2, training(1, null)).training().resolvedBatchSize()).isEqualTo(2);
  }

  @Test
  void everyFoldNeedsTwoRowsToTrainOn() {
    refused(
        () -> plan(3, folds(2)),
        "/training/crossValidation/folds",
        "must leave at least 2 rows to train on with batch" + " normalization, leaves 1");
    assertThat(values(plan(3, folds(3)))).hasSize(VALUES);
  }

  @Test
  void optimizersOfFullBatchesAreRefused() {
    OptimizerSpec rprop = new OptimizerSpec.Rprop(0.01, 0.5, 1.2, 1e-6, 50);
    NetworkSpec block =
        NetworkSpec.of(List.of(new LayerSpec.Residual(List.of(NORM), false)), null, null);
    refused(
        () ->
            TrainingPlan.of(
                differences(20),
                null,
                FitSpec.of(block, training(1, null).optimizer(rprop).spec())),
        "/network/layers/0/layers/0",
        "batch normalization does not go with rprop, which takes its rows"
            + " through in parts, its momentum was 0.1");
  }

  @Test
  void aRowTooManyJoinsTheLastBatch() {
    assertThat(values(plan(9, training(3, 8)))).isEqualTo(values(plan(9, training(3, 9))));
    // Several shards, with room for one row more.
    assertThat(values(plan(385, training(2, 128)))).hasSize(VALUES).doesNotContain(Float.NaN);
    assertThat(plan(385, training(1, 128)).estimatedBytes(1))
        .isGreaterThan(plan(384, training(1, 128)).estimatedBytes(1) + 100);
  }

  /// The best epoch's.
  @Test
  void earlyStoppingBringsStatisticsBack() {
    EarlyStoppingSpec patience = new EarlyStoppingSpec.Patience(2, 0, null);
    TrainingResult.Trained stopped = run(plan(40, validated(60).earlyStopping(patience)));
    assertThat(stopped.learned().stoppedEarly()).isTrue();
    assertThat(stopped.learned().bestEpoch()).isLessThan(stopped.learned().epochs());
    assertThat(stopped.predictor().scorer().network().parameters().values())
        .isEqualTo(values(plan(40, validated(stopped.learned().bestEpoch()))));
  }

  private static TrainingSpecs validated(int epochs) {
    return training(epochs, 8)
        .validationFraction(0.4)
        .optimizer(new OptimizerSpec.Sgd(0.2, 0.9, false));
  }

  @Test
  void anAverageOfTheParametersIsServedWithTheLastStatistics() {
    float[] last = values(plan(40, training(5, 8)));
    AveragingSpec ema = new AveragingSpec.Ema(0.9);
    float[] averaged = values(plan(40, training(5, 8).averaging(ema)));
    assertThat(statistics(averaged)).isEqualTo(statistics(last));
    assertThat(averaged[0]).isNotEqualTo(last[0]);
  }

  @Test
  void statisticsAreKeptButNotCounted() {
    TrainingPlan plan = plan(40, training(5, 8));
    assertThat(plan.parameters()).isEqualTo(LEARNED);
    Network network = run(plan).predictor().scorer().network();
    assertThat(network.parameters().size()).isEqualTo(LEARNED);
    assertThat(network.parameters().values()).hasSize(VALUES);
    TrainingPlan without =
        TrainingPlan.of(
            differences(40),
            null,
            FitSpec.of(network(Defaults.fill(LayerSpec.LayerNorm.class)), training(5, 8).spec()));
    assertThat(without.parameters()).isEqualTo(LEARNED);
    assertThat(plan.modelBytes() - without.modelBytes()).isEqualTo(8 * Float.BYTES);
  }

  /// Features are encoded by all rows, so that only the mean over all rows is zero.
  @Test
  void rowsThatWeighNothingAreNormalizedWithTheOthers() {
    TableBuilder table = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    for (int i = 0; i < 30; i++) {
      table.number(table.column("x"), i * i);
      table.number(table.column("y"), i);
      table.number(table.column("w"), i < 20 ? 1 : 0);
      table.endRow();
    }
    Table built = table.build();
    Schema schema =
        new Schema(
            List.of(
                Schema.Field.of(built.columns().get(0), Schema.Role.FEATURE),
                Schema.Field.of(built.columns().get(1), Schema.Role.TARGET),
                Schema.Field.of(built.columns().get(2), Schema.Role.WEIGHT)),
            new Target.Numbers(List.of("y")));
    NetworkSpec inputs = NetworkSpec.of(List.of(new LayerSpec.BatchNorm(1e-5, 1)), null, null);
    float[] values =
        values(
            TrainingPlan.of(
                new TrainingData.Rows(built, schema),
                null,
                FitSpec.of(inputs, training(1, 30).spec())));
    // Gain, bias, weight and bias of the output; mean and variance.
    assertThat(values).hasSize(4 + 2);
    assertThat((double) values[4]).isCloseTo(0, within(1e-6));
    assertThat((double) values[5]).isCloseTo(30 / 29.0, within(1e-5));
  }
}
