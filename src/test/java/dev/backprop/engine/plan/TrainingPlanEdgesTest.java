package dev.backprop.engine.plan;

import static dev.backprop.engine.spec.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.LayerShape;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.spec.AveragingSpec;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.ScheduleSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.Target;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a plan says before it runs, and the ends of the range.
class TrainingPlanEdgesTest {

  private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
  private static final OptimizerSpec SGD = new OptimizerSpec.Sgd(0.01, 0, false);
  private static final OptimizerSpec ADAM = new OptimizerSpec.Adam(0.01, 0.9, 0.999, 1e-8);
  private static final EarlyStoppingSpec NO_STOPPING = new EarlyStoppingSpec.None();

  /// y = x1 - x2.
  private static TrainingData differences(int rows) {
    double[][] inputs = new double[rows][];
    double[][] targets = new double[rows][];
    for (int i = 0; i < rows; i++) {
      inputs[i] = new double[] {Math.sin(i), Math.cos(i)};
      targets[i] = new double[] {Math.sin(i) - Math.cos(i)};
    }
    return new TrainingData.Bare(new BareExamples(DenseRows.of(inputs), DenseRows.of(targets)));
  }

  /// 2-4-1.
  private static NetworkSpec network() {
    return NetworkSpec.of(List.of(Defaults.fill(LayerSpec.Dense.class, 4)), null, null);
  }

  private static TrainingSpec training(
      OptimizerSpec optimizer,
      @Nullable Double validationFraction,
      @Nullable Double testFraction,
      @Nullable EarlyStoppingSpec stopping) {
    return TrainingSpecs.training()
        .epochs(2)
        .batchSize(8)
        .seed(1)
        .validationFraction(validationFraction)
        .testFraction(testFraction)
        .optimizer(optimizer)
        .earlyStopping(stopping)
        .spec();
  }

  private static TrainingPlan plan(int rows, TrainingSpec training) {
    return TrainingPlan.of(differences(rows), null, FitSpec.of(network(), training));
  }

  private static TrainingResult run(TrainingPlan plan) {
    return plan.run(new JavaKernels(), Team.ALONE, CLOCK, report -> {}, null);
  }

  @Test
  void shapesAndParametersAreKnownBeforehand() {
    TrainingPlan plan = plan(20, training(SGD, null, null, null));
    assertThat(plan.shapes())
        .containsExactly(new LayerShape("dense", 2, 4, 12), new LayerShape("dense", 4, 1, 5));
    assertThat(plan.parameters()).isEqualTo(17);
    assertThat(plan.training().resolvedBatchSize()).isEqualTo(8);
    assertThat(plan.network().resolvedLoss()).isNotNull();
  }

  @Test
  void optimizerStateAndTheBestEpochTakeMemory() {
    long plain = plan(100, training(SGD, 0.2, null, NO_STOPPING)).estimatedBytes(1);
    long adam = plan(100, training(ADAM, 0.2, null, NO_STOPPING)).estimatedBytes(1);
    long stopping = plan(100, training(SGD, 0.2, null, null)).estimatedBytes(1);
    assertThat(adam - plain).isEqualTo(2 * 17 * Float.BYTES);
    assertThat(stopping - plain).isEqualTo(17 * Float.BYTES);
    assertThat(plain).isGreaterThan(2 * 17 * Float.BYTES);
  }

  @Test
  void aModelTakesItsParametersAndItsHistory() {
    TrainingPlan plan = plan(20, training(SGD, null, null, null));
    assertThat(plan.modelBytes()).isEqualTo(17 * Float.BYTES + 128 * 2 + 16_384 + 128);
  }

  @Test
  void moreRowsTakeMoreTime() {
    double few =
        plan(100, training(SGD, 0.0, null, null))
            .forecast(MachineFigures.BUILT_IN, 1)
            .secondsPerEpoch();
    double many =
        plan(1_000, training(SGD, 0.0, null, null))
            .forecast(MachineFigures.BUILT_IN, 1)
            .secondsPerEpoch();
    assertThat(few).isPositive();
    assertThat(many / few).isBetween(8.0, 12.0);
  }

  @Test
  void largeFractionsOfFewRowsLeaveOneToTrainOn() {
    TrainingSpec test =
        TrainingSpecs.training().epochs(2).seed(1).testFraction(0.9).optimizer(SGD).spec();
    TrainingPlan plan = plan(2, test);
    assertThat(plan.rows().training()).isEqualTo(1);
    assertThat(plan.rows().test()).isEqualTo(1);
    assertThat(run(plan)).isInstanceOf(TrainingResult.Trained.class);
  }

  @Test
  void aFractionBesideRowsGivenApartIsRefused() {
    refused(
        () ->
            TrainingPlan.of(
                differences(20),
                differences(5),
                FitSpec.of(network(), training(SGD, 0.2, null, null))),
        "/training/validationFraction",
        "must be left out where validation rows are given apart, was 0.2");
  }

  @Test
  void bareNumbersMayBeValidatedOnOthers() {
    TrainingPlan plan =
        TrainingPlan.of(
            differences(20),
            differences(5),
            FitSpec.of(network(), training(SGD, null, 0.25, null)));
    assertThat(plan.rows().training()).isEqualTo(15);
    assertThat(plan.rows().validation()).isEqualTo(5);
    TrainingResult.Trained trained = (TrainingResult.Trained) run(plan);
    assertThat(trained.learned().evaluations()).containsOnlyKeys("validation", "test");
    assertThat(rows(trained, "validation")).isEqualTo(5);
    assertThat(rows(trained, "test")).isEqualTo(5);
    assertThat(trained.learned().warnings()).isEmpty();
  }

  private static int rows(TrainingResult.Trained trained, String part) {
    Evaluation evaluation = Objects.requireNonNull(trained.learned().evaluations().get(part));
    return evaluation.rows();
  }

  @Test
  void validationThatOverflowsDiverges() {
    TrainingData far =
        new TrainingData.Bare(
            new BareExamples(
                DenseRows.of(new double[][] {{3e38, 3e38}}), DenseRows.of(new double[][] {{1}})));
    NetworkSpec wide =
        NetworkSpec.of(List.of(Defaults.fill(LayerSpec.Dense.class, 64)), null, null);
    TrainingPlan plan =
        TrainingPlan.of(differences(20), far, FitSpec.of(wide, training(SGD, null, null, null)));
    assertThat(run(plan))
        .isEqualTo(new TrainingResult.Diverged(1, "the validation loss is not finite"));
  }

  @Test
  void parametersThatOverflowDiverge() {
    TrainingPlan plan =
        TrainingPlan.of(
            differences(8),
            null,
            FitSpec.of(
                network(), training(new OptimizerSpec.Sgd(1e39, 0, false), null, null, null)));
    assertThat(run(plan)).isEqualTo(new TrainingResult.Diverged(1, "a parameter is not finite"));
  }

  /// Only the split can tell: the schema was made of all rows.
  @Test
  void warnsOfAColumnThatIsConstantInTheTrainingRows() {
    TableBuilder builder = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    for (int i = 0; i < 20; i++) {
      builder.number(builder.column("rare"), 4);
      builder.number(builder.column("common"), i);
      builder.number(builder.column("weight"), 2 * i);
      builder.endRow();
    }
    Table table = builder.build();
    List<Schema.Field> fields = new ArrayList<>();
    fields.add(Schema.Field.of(column(table, "rare"), Schema.Role.FEATURE));
    fields.add(Schema.Field.of(column(table, "common"), Schema.Role.FEATURE));
    fields.add(Schema.Field.of(column(table, "weight"), Schema.Role.TARGET));
    TrainingPlan plan =
        TrainingPlan.of(
            new TrainingData.Rows(table, new Schema(fields, new Target.Numbers(List.of("weight")))),
            null,
            FitSpec.of(network(), training(SGD, null, null, null)));
    assertThat(plan.modelBytes()).isGreaterThan(plan.parameters() * Float.BYTES + 16_384);
    assertThat(((TrainingResult.Trained) run(plan)).learned().warnings())
        .containsExactly(
            "column 'rare' has one value only in the 20 training rows: nothing is learned from it");
  }

  private static Column column(Table table, String name) {
    return Objects.requireNonNull(table.column(name));
  }

  @Test
  void oneInputCannotBeNormalized() {
    LayerSpec norm = Defaults.fill(LayerSpec.LayerNorm.class);
    LayerSpec single = Defaults.fill(LayerSpec.Dense.class, 1);
    refused(
        () ->
            TrainingPlan.of(
                differences(20),
                null,
                FitSpec.of(
                    NetworkSpec.of(List.of(norm, single, norm), null, null),
                    training(SGD, null, null, null))),
        "/network/layers/2",
        "must have at least 2 inputs to normalize, has 1");
  }

  @Test
  void aBlockThatChangesTheWidthNeedsAProjection() {
    LayerSpec three = Defaults.fill(LayerSpec.Dense.class, 3);
    refused(
        () -> blocks(new LayerSpec.Residual(List.of(three), false)),
        "/network/layers/0",
        "must have as many outputs as inputs, 2, or a projection; has 3");
    assertThat(blocks(new LayerSpec.Residual(List.of(three), true)).parameters())
        .isEqualTo(9 + 6 + 4);
  }

  private static TrainingPlan blocks(LayerSpec block) {
    return TrainingPlan.of(
        differences(20),
        null,
        FitSpec.of(NetworkSpec.of(List.of(block), null, null), training(SGD, null, null, null)));
  }

  @Test
  void rpropLearns() {
    OptimizerSpec rprop = new OptimizerSpec.Rprop(0.01, 0.5, 1.2, 1e-6, 50);
    TrainingSpec training =
        TrainingSpecs.training()
            .epochs(60)
            .seed(1)
            .validationFraction(0.0)
            .optimizer(rprop)
            .earlyStopping(NO_STOPPING)
            .spec();
    List<Double> losses = new ArrayList<>();
    plan(40, training)
        .run(new JavaKernels(), Team.ALONE, CLOCK, report -> losses.add(report.trainLoss()), null);
    assertThat(losses.getLast()).isLessThan(losses.getFirst() / 100);
  }

  /// Batches of all rows: an epoch is a step.
  private static TrainingSpec averaged(
      int epochs, @Nullable AveragingSpec averaging, EarlyStoppingSpec stopping) {
    return TrainingSpecs.training()
        .epochs(epochs)
        .batchSize(20)
        .seed(1)
        .validationFraction(0.5)
        .optimizer(new OptimizerSpec.Sgd(0.3, 0.9, false))
        .averaging(averaging)
        .earlyStopping(stopping)
        .spec();
  }

  private static float[] served(TrainingSpec training) {
    TrainingResult.Trained trained = (TrainingResult.Trained) run(plan(40, training));
    return trained.predictor().scorer().network().parameters().values();
  }

  @Test
  void servesTheAverageOfTheParametersAfterEachStep() {
    // The first parameters weigh nothing after 30 steps.
    double[] average = new double[17];
    for (int t = 1; t <= 30; t++) {
      float[] w = served(averaged(t, null, NO_STOPPING));
      double d = Math.min(0.7, (1.0 + t) / (10.0 + t));
      for (int i = 0; i < average.length; i++) {
        average[i] = d * average[i] + (1 - d) * w[i];
      }
    }
    float[] served = served(averaged(30, new AveragingSpec.Ema(0.7), NO_STOPPING));
    for (int i = 0; i < average.length; i++) {
      assertThat((double) served[i]).isCloseTo(average[i], within(2e-6));
    }
    assertThat(served).isNotEqualTo(served(averaged(30, null, NO_STOPPING)));
  }

  /// The best epoch is that of the average, and keeps the average.
  @Test
  void averagesAreValidatedAndKeptByEarlyStopping() {
    AveragingSpec ema = new AveragingSpec.Ema(0.8);
    List<Double> losses = new ArrayList<>();
    TrainingPlan plan = plan(40, averaged(60, ema, new EarlyStoppingSpec.Patience(3, 0.02, null)));
    TrainingResult.Trained trained =
        (TrainingResult.Trained)
            plan.run(
                new JavaKernels(),
                Team.ALONE,
                CLOCK,
                report -> losses.add(report.validationLoss()),
                null);
    assertThat(trained.learned().stoppedEarly()).isTrue();
    Evaluation validation =
        Objects.requireNonNull(trained.learned().evaluations().get("validation"));
    assertThat(validation.loss()).isEqualTo(losses.get(trained.learned().bestEpoch() - 1));
    assertThat(trained.predictor().scorer().network().parameters().values())
        .containsExactly(served(averaged(trained.learned().bestEpoch(), ema, NO_STOPPING)));
  }

  @Test
  void anAverageTakesMemory() {
    long last = plan(40, averaged(1, null, NO_STOPPING)).estimatedBytes(1);
    long average = plan(40, averaged(1, new AveragingSpec.Ema(0.9), NO_STOPPING)).estimatedBytes(1);
    assertThat(average - last).isEqualTo(17 * Float.BYTES);
  }

  @Test
  void plateausOfTheValidationLossReduceTheRateOfTheNextEpochs() {
    // So small a rate that the loss falls by less than the delta from the first epoch on.
    OptimizerSpec slow = new OptimizerSpec.Sgd(1e-6, 0, false);
    ScheduleSpec plateau = new ScheduleSpec.ReduceOnPlateau(0.5, 2, 1, 0, null);
    TrainingSpec training =
        TrainingSpecs.training()
            .epochs(6)
            .batchSize(8)
            .seed(1)
            .validationFraction(0.5)
            .optimizer(slow)
            .schedule(plateau)
            .earlyStopping(NO_STOPPING)
            .spec();
    List<Double> rates = new ArrayList<>();
    plan(40, training)
        .run(
            new JavaKernels(), Team.ALONE, CLOCK, report -> rates.add(report.learningRate()), null);
    assertThat(rates).containsExactly(1e-6, 1e-6, 1e-6, 5e-7, 5e-7, 2.5e-7);
  }
}
