package dev.backprop.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.OutputSpec;
import dev.backprop.engine.spec.Refusals;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.Target;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.Signal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {

  private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
  private static final double[][] XOR_INPUTS = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
  private static final double[][] XOR_TARGETS = {{0}, {1}, {1}, {0}};

  private static TrainingData bare(double[][] inputs, double[][] targets) {
    return new TrainingData.Bare(new BareExamples(DenseRows.of(inputs), DenseRows.of(targets)));
  }

  private static NetworkSpec network(
      int units, @Nullable Activation output, @Nullable LossSpec loss) {
    return NetworkSpec.of(
        List.of(Defaults.fill(LayerSpec.Dense.class, units, new Activation.Tanh())),
        Defaults.fill(OutputSpec.class, output),
        loss);
  }

  private static OptimizerSpec adam(double learningRate) {
    return Defaults.fill(OptimizerSpec.Adam.class, learningRate);
  }

  private static TrainingSpec epochs(int epochs, OptimizerSpec optimizer) {
    return TrainingSpecs.training().epochs(epochs).seed(1).optimizer(optimizer).spec();
  }

  private static TrainingResult run(TrainingPlan plan, List<EpochReport> history) {
    return plan.run(new JavaKernels(), Team.ALONE, CLOCK, history::add, null);
  }

  private static <E extends Evaluation> E evaluation(
      TrainingResult.Trained result, String part, Class<E> type) {
    return type.cast(Objects.requireNonNull(result.learned().evaluations().get(part)));
  }

  private static Column column(Table table, String name) {
    return Objects.requireNonNull(table.column(name));
  }

  private static TrainingResult.Trained trained(TrainingPlan plan) {
    return (TrainingResult.Trained) run(plan, new ArrayList<>());
  }

  /// Three clusters on a line, with a colour that says nothing.
  private static Table clusters(int rows) {
    Random random = new Random(3);
    TableBuilder table = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    for (int i = 0; i < rows; i++) {
      int kind = i % 3;
      table.number(table.column("size"), 10 * kind + random.nextGaussian());
      table.string(table.column("colour"), random.nextBoolean() ? "red" : "blue");
      table.string(table.column("kind"), List.of("ash", "birch", "cedar").get(kind));
      table.number(table.column("weight"), 100 * kind + 3);
      table.endRow();
    }
    return table.build();
  }

  private static Schema schema(Table table, String target, String... features) {
    List<Schema.Field> fields = new ArrayList<>();
    for (String feature : features) {
      fields.add(Schema.Field.of(column(table, feature), Schema.Role.FEATURE));
    }
    Schema.Field field = Schema.Field.of(column(table, target), Schema.Role.TARGET);
    fields.add(field);
    for (Column column : table.columns()) {
      if (fields.stream().noneMatch(used -> used.name().equals(column.name()))) {
        fields.add(Schema.Field.unused(column, Schema.Role.IGNORED, null));
      }
    }
    return new Schema(
        fields,
        field.categories().isEmpty()
            ? new Target.Numbers(List.of(target))
            : new Target.Classes(target, field.categories()));
  }

  @Test
  void learnsXor() {
    TrainingPlan plan =
        TrainingPlan.of(
            bare(XOR_INPUTS, XOR_TARGETS),
            null,
            FitSpec.of(network(8, new Activation.Sigmoid(), null), epochs(500, adam(0.05))));
    TrainingResult.Trained result = trained(plan);
    for (int i = 0; i < 4; i++) {
      Prediction prediction =
          result.predictor().predict(XOR_INPUTS[i], result.predictor().workspace(1));
      double[] outputs = ((Prediction.Outputs) prediction).values();
      assertThat(Math.round(outputs[0])).isEqualTo((long) XOR_TARGETS[i][0]);
    }
    assertThat(result.learned().evaluations()).containsOnlyKeys("training");
    Evaluation.Classification training =
        evaluation(result, "training", Evaluation.Classification.class);
    assertThat(training.accuracy()).isEqualTo(1);
    assertThat(training.auc()).isEqualTo(1);
  }

  @Test
  void overfits32Examples() {
    Random random = new Random(5);
    double[][] inputs = new double[32][6];
    double[][] targets = new double[32][3];
    for (int i = 0; i < 32; i++) {
      for (int j = 0; j < 6; j++) {
        inputs[i][j] = random.nextGaussian();
      }
      targets[i][random.nextInt(3)] = 1;
    }
    TrainingPlan plan =
        TrainingPlan.of(
            bare(inputs, targets),
            null,
            FitSpec.of(network(32, new Activation.Softmax(), null), epochs(300, adam(0.02))));
    List<EpochReport> history = new ArrayList<>();
    run(plan, history);
    assertThat(history.getLast().trainLoss()).isLessThan(0.01);
  }

  @Test
  void classifiesATableAndMeasuresHeldOutRows() {
    Table table = clusters(300);
    TrainingPlan plan =
        TrainingPlan.of(
            new TrainingData.Rows(table, schema(table, "kind", "size", "colour")),
            null,
            FitSpec.of(
                NetworkSpec.of(null, null, null),
                TrainingSpecs.training().epochs(20).seed(4).testFraction(0.1).spec()));
    assertThat(plan.inputs()).isEqualTo(3);
    assertThat(plan.outputs()).isEqualTo(3);
    assertThat(plan.rows().training()).isEqualTo(210);
    assertThat(plan.rows().validation()).isEqualTo(60);
    assertThat(plan.rows().test()).isEqualTo(30);

    TrainingResult.Trained result = trained(plan);
    assertThat(result.learned().evaluations()).containsOnlyKeys("validation", "test");
    Evaluation.Classification test = evaluation(result, "test", Evaluation.Classification.class);
    assertThat(test.rows()).isEqualTo(30);
    assertThat(test.accuracy()).isEqualTo(1);
    assertThat(test.baseline().accuracy()).isEqualTo(1 / 3.0);
    assertThat(test.confusionMatrix())
        .containsExactly(List.of(10L, 0L, 0L), List.of(0L, 10L, 0L), List.of(0L, 0L, 10L));

    Prediction prediction =
        result.predictor().predict(new double[] {20, 0}, result.predictor().workspace(1));
    assertThat(((Prediction.ClassPrediction) prediction).label()).isEqualTo(Label.text("cedar"));
  }

  @Test
  void answersNumbersInOriginalUnits() {
    Table table = clusters(300);
    TrainingPlan plan =
        TrainingPlan.of(
            new TrainingData.Rows(table, schema(table, "weight", "kind")),
            null,
            FitSpec.of(NetworkSpec.of(null, null, null), epochs(60, adam(0.01))));
    TrainingResult.Trained result = trained(plan);
    Evaluation.Regression validation =
        evaluation(result, "validation", Evaluation.Regression.class);
    assertThat(validation.rmse()).isLessThan(2);
    assertThat(validation.r2()).isGreaterThan(0.999);
    assertThat(validation.baseline().rmse()).isGreaterThan(70);
    Prediction prediction =
        result.predictor().predict(new double[] {1}, result.predictor().workspace(1));
    assertThat(((Prediction.NumberPrediction) prediction).values()[0]).isBetween(98.0, 108.0);
  }

  @Test
  void oneSeedIsOneRun() {
    Table table = clusters(100);
    TrainingPlan plan =
        TrainingPlan.of(
            new TrainingData.Rows(table, schema(table, "kind", "size", "colour")),
            null,
            FitSpec.of(
                NetworkSpec.of(
                    List.of(Defaults.fill(LayerSpec.Dense.class, 16), new LayerSpec.Dropout(0.3)),
                    null,
                    null),
                TrainingSpecs.training().epochs(5).batchSize(16).seed(9).clipNorm(1.0).spec()));
    List<EpochReport> first = new ArrayList<>();
    List<EpochReport> second = new ArrayList<>();
    TrainingResult.Trained one = (TrainingResult.Trained) run(plan, first);
    TrainingResult.Trained two = (TrainingResult.Trained) run(plan, second);
    assertThat(first).isEqualTo(second).hasSize(5);
    assertThat(one.predictor().scorer().network().parameters().values())
        .containsExactly(two.predictor().scorer().network().parameters().values());
  }

  @Test
  void servesTheBestEpochWhenItStopsEarly() {
    Random random = new Random(11);
    double[][] inputs = new double[60][8];
    double[][] targets = new double[60][1];
    for (int i = 0; i < 60; i++) {
      for (int j = 0; j < 8; j++) {
        inputs[i][j] = random.nextGaussian();
      }
      targets[i][0] = random.nextGaussian();
    }
    TrainingPlan plan =
        TrainingPlan.of(
            bare(inputs, targets),
            null,
            FitSpec.of(
                network(64, null, null),
                TrainingSpecs.training()
                    .epochs(400)
                    .batchSize(8)
                    .seed(1)
                    .validationFraction(0.5)
                    .optimizer(adam(0.01))
                    .earlyStopping(new EarlyStoppingSpec.Patience(5, 0, null))
                    .spec()));
    List<EpochReport> history = new ArrayList<>();
    TrainingResult.Trained result = (TrainingResult.Trained) run(plan, history);
    assertThat(result.learned().stoppedEarly()).isTrue();
    assertThat(history).hasSize(result.learned().bestEpoch() + 5);
    Double best = history.get(result.learned().bestEpoch() - 1).validationLoss();
    assertThat(best).isNotNull();
    assertThat(history)
        .allSatisfy(r -> assertThat(r.validationLoss()).isGreaterThanOrEqualTo(best));
    assertThat(evaluation(result, "validation", Evaluation.class).loss()).isEqualTo(best);
  }

  private static TrainingPlan xor(int epochs, @Nullable Double maxSeconds) {
    return TrainingPlan.of(
        bare(XOR_INPUTS, XOR_TARGETS),
        null,
        FitSpec.of(
            network(8, null, null),
            TrainingSpecs.training()
                .epochs(epochs)
                .batchSize(2)
                .seed(3)
                .optimizer(adam(0.01))
                .maxSeconds(maxSeconds)
                .spec()));
  }

  /// A clock that is a second later whenever it is asked.
  private static TrainingResult.Trained runFromSecondToSecond(TrainingPlan plan) {
    long[] seconds = {0};
    return (TrainingResult.Trained)
        plan.run(
            new JavaKernels(),
            Team.ALONE,
            () -> Instant.ofEpochSecond(seconds[0]++),
            report -> {},
            null);
  }

  @Test
  void aRunThatTimeEndsIsTheRunOfItsEpochs() {
    TrainingResult.Trained ended = runFromSecondToSecond(xor(100, 30.0));
    assertThat(ended.learned().stoppedByTime()).isTrue();
    assertThat(ended.learned().stoppedEarly()).isFalse();
    assertThat(ended.learned().epochs()).isBetween(2, 30);
    assertThat(ended.learned().bestEpoch()).isEqualTo(ended.learned().epochs());

    TrainingResult.Trained again = trained(xor(ended.learned().epochs(), null));
    assertThat(again.learned().stoppedByTime()).isFalse();
    assertThat(again.predictor().scorer().network().parameters().values())
        .isEqualTo(ended.predictor().scorer().network().parameters().values());
  }

  @Test
  void theFirstEpochRunsHoweverShortTheTime() {
    TrainingResult.Trained ended = runFromSecondToSecond(xor(100, 1e-9));
    assertThat(ended.learned().epochs()).isEqualTo(1);
    assertThat(ended.learned().stoppedByTime()).isTrue();
  }

  @Test
  void timeThatIsNotUsedUpChangesNothing() {
    TrainingResult.Trained all = runFromSecondToSecond(xor(5, 1_000.0));
    assertThat(all.learned().epochs()).isEqualTo(5);
    assertThat(all.learned().stoppedByTime()).isFalse();
    // Time that is over with the last epoch has stopped nothing.
    assertThat(runFromSecondToSecond(xor(1, 1e-9)).learned().stoppedByTime()).isFalse();
  }

  @Test
  void divergenceNamesTheEpoch() {
    double[][] inputs = {{1000, -2000}, {3000, 500}};
    double[][] targets = {{1}, {-1}};
    TrainingPlan plan =
        TrainingPlan.of(
            bare(inputs, targets),
            null,
            FitSpec.of(
                NetworkSpec.of(List.of(), null, null),
                epochs(1000, new OptimizerSpec.Sgd(10, 0, false))));
    List<EpochReport> history = new ArrayList<>();
    TrainingResult.Diverged diverged = (TrainingResult.Diverged) run(plan, history);
    assertThat(diverged.epoch()).isEqualTo(history.size() + 1);
    assertThat(diverged.detail()).contains("not finite");
  }

  private static TrainingData weighted(double[][] inputs, double[][] targets, double... weights) {
    return new TrainingData.Bare(
        new BareExamples(
            DenseRows.of(inputs), DenseRows.of(targets), DenseRows.of(new double[][] {weights})));
  }

  /// @return the losses of whole batches, and then the parameters
  private static List<Double> descent(TrainingData data) {
    TrainingPlan plan =
        TrainingPlan.of(
            data,
            null,
            FitSpec.of(
                network(5, null, null),
                TrainingSpecs.training()
                    .epochs(20)
                    .batchSize(data.rows())
                    .seed(1)
                    .validationFraction(0.0)
                    .optimizer(new OptimizerSpec.Sgd(0.1, 0.9, false))
                    .spec()));
    List<EpochReport> history = new ArrayList<>();
    TrainingResult.Trained result = (TrainingResult.Trained) run(plan, history);
    List<Double> values = new ArrayList<>();
    history.forEach(report -> values.add(report.trainLoss()));
    for (float value : result.predictor().scorer().network().parameters().values()) {
      values.add((double) value);
    }
    return values;
  }

  @Test
  void aRowOfWeightTwoTeachesAsTheRowTwiceAndOneOfWeightZeroNothing() {
    double[][] inputs = {{0, 1}, {2, 0}, {1, 1}, {-1, 2}};
    double[][] targets = {{1}, {-1}, {0.5}, {0.3}};
    double[][] otherTarget = {{1}, {-1}, {0.5}, {900}};
    List<Double> twice =
        descent(
            bare(
                new double[][] {inputs[0], inputs[1], inputs[1], inputs[2]},
                new double[][] {targets[0], targets[1], targets[1], targets[2]}));
    List<Double> weighted = descent(weighted(inputs, targets, 1, 2, 1, 0));

    assertThat(weighted).hasSameSizeAs(twice);
    for (int i = 0; i < twice.size(); i++) {
      assertThat(weighted.get(i)).isCloseTo(twice.get(i), within(1e-5));
    }
    assertThat(descent(weighted(inputs, otherTarget, 1, 2, 1, 0))).isEqualTo(weighted);
    // Only how the weights compare matters; a power of two costs no digit.
    assertThat(descent(weighted(inputs, targets, 4, 8, 4, 0))).isEqualTo(weighted);
  }

  /// The optimizer would move the parameters by its momentum alone.
  @Test
  void aBatchThatWeighsNothingMakesNoStep() {
    double[][] inputs = {{1, 0}, {1, 0}, {1, 0}, {1, 0}};
    double[][] targets = {{1}, {1}, {1}, {1}};
    TrainingSpec single =
        TrainingSpecs.training()
            .epochs(3)
            .batchSize(1)
            .seed(1)
            .validationFraction(0.0)
            .optimizer(new OptimizerSpec.Sgd(0.1, 0.9, false))
            .spec();
    List<EpochReport> three = new ArrayList<>();
    List<EpochReport> one = new ArrayList<>();
    run(
        TrainingPlan.of(
            weighted(inputs, targets, 0, 0, 3, 0),
            null,
            FitSpec.of(network(3, null, null), single)),
        three);
    run(
        TrainingPlan.of(
            bare(new double[][] {inputs[0]}, new double[][] {targets[0]}),
            null,
            FitSpec.of(network(3, null, null), single)),
        one);

    assertThat(three).extracting(EpochReport::trainLoss).hasSize(3);
    for (int epoch = 0; epoch < 3; epoch++) {
      assertThat(three.get(epoch).trainLoss()).isCloseTo(one.get(epoch).trainLoss(), within(1e-6));
    }
  }

  @Test
  void partsWhoseRowsWeighNothingAreRefused() {
    double[][] inputs = new double[20][2];
    double[][] targets = new double[20][1];
    double[] weights = new double[20];
    weights[7] = 1;
    assertThatThrownBy(
            () ->
                TrainingPlan.of(
                    weighted(inputs, targets, weights),
                    null,
                    FitSpec.of(
                        network(3, null, null),
                        TrainingSpecs.training()
                            .epochs(1)
                            .batchSize(1)
                            .seed(1)
                            .validationFraction(0.5)
                            .spec())))
        .isInstanceOf(InvalidSpecException.class)
        .hasMessageMatching(
            "/data/weights: must be above 0 in at least 1 of the 10 (training|validation) rows, is in 0");
  }

  @Test
  void stopsBeforeTheNextBatchWhenCancelled() {
    TrainingPlan plan =
        TrainingPlan.of(
            bare(XOR_INPUTS, XOR_TARGETS),
            null,
            FitSpec.of(network(4, null, null), epochs(50, adam(0.01))));
    List<EpochReport> history = new ArrayList<>();
    TrainingResult result =
        plan.run(
            new JavaKernels(),
            Team.ALONE,
            CLOCK,
            new Supervisor() {

              @Override
              public void onEpoch(EpochReport report) {
                history.add(report);
              }

              @Override
              public Signal signal() {
                return history.size() == 3 ? Signal.CANCEL : Signal.GO_ON;
              }
            },
            null);
    assertThat(result).isEqualTo(new TrainingResult.Cancelled(4));
    assertThat(history).hasSize(3);
  }

  @Test
  void validatesOnRowsGivenApart() {
    Table table = clusters(90);
    Schema schema = schema(table, "kind", "size", "colour");
    TrainingPlan plan =
        TrainingPlan.of(
            new TrainingData.Rows(table, schema),
            new TrainingData.Rows(schema.conform(clusters(30), true), schema),
            FitSpec.of(NetworkSpec.of(null, null, null), epochs(3, adam(0.01))));
    assertThat(plan.rows().training()).isEqualTo(90);
    assertThat(plan.rows().validation()).isEqualTo(30);
    assertThat(evaluation(trained(plan), "validation", Evaluation.class).rows()).isEqualTo(30);
  }

  @Test
  void answersSeveralLabels() {
    TableBuilder builder = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    Random random = new Random(2);
    for (int i = 0; i < 200; i++) {
      double x = random.nextGaussian();
      builder.number(builder.column("x"), x);
      builder.bool(builder.column("positive"), x > 0);
      builder.bool(builder.column("large"), Math.abs(x) > 1);
      builder.endRow();
    }
    Table table = builder.build();
    Schema schema =
        new Schema(
            List.of(
                Schema.Field.of(column(table, "x"), Schema.Role.FEATURE),
                Schema.Field.of(column(table, "positive"), Schema.Role.TARGET),
                Schema.Field.of(column(table, "large"), Schema.Role.TARGET)),
            new Target.MultiLabel(List.of("positive", "large")));
    TrainingResult.Trained result =
        trained(
            TrainingPlan.of(
                new TrainingData.Rows(table, schema),
                null,
                FitSpec.of(NetworkSpec.of(null, null, null), epochs(100, adam(0.01)))));
    Evaluation.MultiLabel validation =
        evaluation(result, "validation", Evaluation.MultiLabel.class);
    assertThat(validation.accuracy()).isGreaterThan(0.9);
    assertThat(validation.exactMatch()).isBetween(0.8, validation.accuracy());
    assertThat(validation.baseline().accuracy()).isLessThan(validation.accuracy());
    assertThat(validation.labels()).extracting("name").containsExactly("positive", "large");
    Prediction.MultiLabelPrediction prediction =
        (Prediction.MultiLabelPrediction)
            result.predictor().predict(new double[] {-2}, result.predictor().workspace(1));
    assertThat(prediction.holds(0)).isFalse();
    assertThat(prediction.holds(1)).isTrue();
  }

  /// One input and one numeric target, both by name.
  private static TrainingData.Rows numbers(double[] x, double[] y) {
    TableBuilder builder = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    for (int i = 0; i < x.length; i++) {
      builder.number(builder.column("x"), x[i]);
      builder.number(builder.column("y"), y[i]);
      builder.endRow();
    }
    Table table = builder.build();
    return new TrainingData.Rows(table, schema(table, "y", "x"));
  }

  private static double predicted(TrainingResult.Trained result, double x) {
    Prediction prediction =
        result.predictor().predict(new double[] {x}, result.predictor().workspace(1));
    return ((Prediction.NumberPrediction) prediction).values()[0];
  }

  /// Counts are not standardized; the prediction is their rate.
  @Test
  void poissonLearnsTheRateOfCounts() {
    Random random = new Random(5);
    double[] x = random.doubles(300, -1, 1).toArray();
    double[] y = Arrays.stream(x).map(v -> Math.rint(Math.exp(2 + v))).toArray();
    TrainingResult.Trained result =
        trained(
            TrainingPlan.of(
                numbers(x, y),
                null,
                FitSpec.of(
                    NetworkSpec.of(List.of(), null, new LossSpec.Poisson()),
                    epochs(200, adam(0.05)))));
    for (double at : new double[] {-1, 0, 0.9}) {
      assertThat(predicted(result, at)).isCloseTo(Math.exp(2 + at), withinPercentage(5));
    }
    Evaluation.Regression validation =
        evaluation(result, "validation", Evaluation.Regression.class);
    assertThat(validation.rmse()).isLessThan(0.5);
  }

  @Test
  void quantilesAreInUnitsOfTheTarget() {
    Random random = new Random(5);
    double[] x = random.doubles(1_000, -1, 1).toArray();
    double[] y = random.doubles(1_000, 100, 200).toArray();
    TrainingResult.Trained result =
        trained(
            TrainingPlan.of(
                numbers(x, y),
                null,
                FitSpec.of(
                    NetworkSpec.of(List.of(), null, new LossSpec.Quantile(0.9)),
                    epochs(60, adam(0.01)))));
    assertThat(predicted(result, 0)).isBetween(186.0, 194.0);
  }

  @Test
  void refusesCountsBelowZero() {
    NetworkSpec poisson = NetworkSpec.of(List.of(), null, new LossSpec.Poisson());
    assertRefused(
        numbers(new double[] {1, 2, 3}, new double[] {0, 4, -1}),
        poisson,
        "/network/loss",
        "poisson needs targets from 0 to 3.4028235E38, column 'y' has -1.0 in row 2");
    assertRefused(
        bare(XOR_INPUTS, new double[][] {{0}, {-2}, {1}, {0}}),
        poisson,
        "/data/targets/1/0",
        "must be at least 0 for poisson, was -2.0");
  }

  /// The log loss beside a loss that is another.
  @Test
  void smoothedLossesAreNotTheLogLoss() {
    TrainingResult.Trained result =
        trained(
            TrainingPlan.of(
                bare(XOR_INPUTS, XOR_TARGETS),
                null,
                FitSpec.of(
                    network(8, new Activation.Sigmoid(), new LossSpec.CrossEntropy(0.1)),
                    epochs(500, adam(0.05)))));
    Evaluation.Classification training =
        evaluation(result, "training", Evaluation.Classification.class);
    // The least that is left of targets 0.95 and 0.05.
    double entropy = -0.95 * Math.log(0.95) - 0.05 * Math.log(0.05);
    assertThat(training.loss()).isBetween(entropy, entropy + 0.02);
    assertThat(training.logLoss()).isBetween(0.03, 0.08);
  }

  @Test
  void refusesTargetsThatTheLossCannotTake() {
    assertRefused(
        bare(XOR_INPUTS, new double[][] {{0}, {1}, {2}, {0}}),
        network(4, new Activation.Sigmoid(), null),
        "/data/targets/2/0",
        "must be from 0 to 1 for cross-entropy on a sigmoid output, was 2.0");
    assertRefused(
        bare(XOR_INPUTS, new double[][] {{0, 1}, {1, 0}, {1, 1}, {0, 1}}),
        network(4, new Activation.Softmax(), null),
        "/data/targets/2",
        "must be one-hot for a softmax output: one 1 and 1 zeros, had 2 and 0");
    assertRefused(
        bare(XOR_INPUTS, XOR_TARGETS),
        network(4, new Activation.Identity(), new LossSpec.CrossEntropy()),
        "/network/loss",
        "cross-entropy needs a sigmoid or softmax output, the output is identity");
  }

  @Test
  void refusesABatchLargerThanTheTrainingRows() {
    assertThatThrownBy(
            () ->
                TrainingPlan.of(
                    bare(XOR_INPUTS, XOR_TARGETS),
                    null,
                    FitSpec.of(
                        network(4, null, null),
                        TrainingSpecs.training().epochs(1).batchSize(5).spec())))
        .isInstanceOfSatisfying(
            InvalidSpecException.class,
            e -> {
              assertThat(e.pointer()).isEqualTo("/training/batchSize");
              assertThat(e.detail()).isEqualTo("must be at most the 4 training rows, was 5");
            });
  }

  private static void assertRefused(
      TrainingData data, NetworkSpec network, String pointer, String detail) {
    Refusals.refused(
        () -> TrainingPlan.of(data, null, FitSpec.of(network, TrainingSpec.defaults())),
        pointer,
        detail);
  }
}
