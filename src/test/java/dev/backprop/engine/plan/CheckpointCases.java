package dev.backprop.engine.plan;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.AveragingSpec;
import dev.backprop.engine.spec.BaggingSpec;
import dev.backprop.engine.spec.ClassWeightsSpec;
import dev.backprop.engine.spec.CrossValidationSpec;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.EmbeddingSpec;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.FactorSchedule;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.OutputSpec;
import dev.backprop.engine.spec.RegularizationSpec;
import dev.backprop.engine.spec.ScheduleSpec;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.Target;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Trainings that keep something from step to step.
final class CheckpointCases {

  private CheckpointCases() {}

  /// @param make the plan anew each time, as after a restart
  record Case(String name, Supplier<TrainingPlan> make) {

    TrainingPlan plan() {
      return make.get();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Case of(String name, TrainingSpecs training, LayerSpec... layers) {
    return new Case(name, () -> plan(training, layers));
  }

  /// Of mini-batches: every optimizer, and whatever else has a memory.
  static Stream<Case> miniBatches() {
    return Stream.concat(optimizers(), others());
  }

  private static Stream<Case> optimizers() {
    return Stream.of(
            new OptimizerSpec.Sgd(0.05, 0, false),
            new OptimizerSpec.Sgd(0.05, 0.9, false),
            new OptimizerSpec.Sgd(0.05, 0.9, true),
            Defaults.fill(OptimizerSpec.Adam.class, 0.01),
            new OptimizerSpec.AdamW(0.01, 0.9, 0.999, 1e-8, 0.1),
            new OptimizerSpec.RmsProp(0.01, 0.9, 1e-8, 0),
            new OptimizerSpec.RmsProp(0.01, 0.9, 1e-8, 0.9),
            new OptimizerSpec.Nadam(0.01, 0.9, 0.999, 1e-8, 0.004),
            new OptimizerSpec.AdaGrad(0.05, 0.1, 1e-10),
            new OptimizerSpec.AdaDelta(1, 0.9, 1e-6),
            new OptimizerSpec.Lion(0.001, 0.9, 0.99, 0.1))
        .map(optimizer -> of(optimizer.toString(), training().optimizer(optimizer)));
  }

  private static Stream<Case> others() {
    LayerSpec dense = Defaults.fill(LayerSpec.Dense.class, 20);
    return Stream.of(
        of("dropout", training(), dense, new LayerSpec.Dropout(0.3)),
        of("batch normalization", training(), Defaults.fill(LayerSpec.BatchNorm.class, null, 0.3)),
        of("an average", training().averaging(AVERAGE)),
        of(
            "an average of bounded weights and running statistics",
            training().averaging(AVERAGE).maxNorm(0.7).clipNorm(0.5),
            dense,
            Defaults.fill(LayerSpec.BatchNorm.class)),
        STOPPING_EARLY,
        of("an average that stops early", stoppingEarly().averaging(AVERAGE)),
        ON_A_PLATEAU,
        of(
            "a figure that selects",
            training()
                .epochs(9)
                .optimizer(Defaults.fill(OptimizerSpec.Adam.class, 0.2))
                .validationFraction(0.2)
                .selection(Metric.MAE)),
        of(
            "a figure that selects and is none of the usual ones",
            training()
                .epochs(9)
                .optimizer(Defaults.fill(OptimizerSpec.Adam.class, 0.2))
                .validationFraction(0.2)
                .selection(Metric.MAPE)),
        of(
            "a rate of dropout and a decay that fall",
            training()
                .epochs(4)
                .optimizer(new OptimizerSpec.AdamW(0.01, 0.9, 0.999, 1e-8, 0.1))
                .schedule(new ScheduleSpec.CosLog4())
                .decaySchedule(FactorSchedule.FLAT_COS),
            dense,
            new LayerSpec.Dropout(0.5, FactorSchedule.FLAT_COS)),
        of(
            "shares of activations",
            training(),
            Defaults.fill(
                LayerSpec.Dense.class, 12, new Activation.Mish(), null, null, 0.5, null, true),
            new LayerSpec.Dropout(0.2)),
        of(
            "figures of layers",
            training().layerStatistics(),
            new LayerSpec.Residual(
                List.of(
                    dense, new LayerSpec.Dropout(0.2), Defaults.fill(LayerSpec.LayerNorm.class)),
                true)),
        of("a schedule by steps", training().schedule(new ScheduleSpec.Cosine(1, 0.1))),
        new Case(
            "classes and rows of different weights",
            () ->
                weighted(
                    training()
                        .validationFraction(0.1)
                        .classWeights(new ClassWeightsSpec.Balanced()))),
        new Case("embeddings", () -> embedded(5)),
        new Case(
            "cosines of numbers",
            () -> embedded(5, EncodingSpec.DEFAULT.withColumns(Map.of("x", PERIODIC)))),
        WARM_START);
  }

  private static final AveragingSpec AVERAGE = new AveragingSpec.Ema(0.8);

  /// The best epoch is not the last.
  static final Case STOPPING_EARLY = of("early stopping", stoppingEarly());

  private static TrainingSpecs stoppingEarly() {
    return training()
        .epochs(40)
        .optimizer(Defaults.fill(OptimizerSpec.Adam.class, 0.2))
        .validationFraction(0.2)
        .earlyStopping(new EarlyStoppingSpec.Patience(3, 0.001, null));
  }

  /// The learning rate falls.
  static final Case ON_A_PLATEAU =
      of(
          "reduce on plateau",
          training()
              .epochs(7)
              .validationFraction(0.2)
              .schedule(new ScheduleSpec.ReduceOnPlateau(0.5, 2, 0.5, 0.001, null)));

  static final Case WARM_START =
      new Case("a warm start", () -> embedded(11).startingFrom(model(embedded(5))));

  static final Case CROSS_VALIDATION =
      new Case(
          "cross-validation",
          () ->
              weighted(
                  training()
                      .epochs(6)
                      .validationFraction(null)
                      .earlyStopping(new EarlyStoppingSpec.Patience(2, 0, null))
                      .crossValidation(new CrossValidationSpec(3))));

  static final Case BAGGING =
      new Case(
          "bagging",
          () ->
              weighted(
                  training()
                      .epochs(6)
                      .validationFraction(null)
                      .earlyStopping(new EarlyStoppingSpec.Patience(2, 0, null))
                      .bagging(new BaggingSpec(3))));

  static Stream<Case> folds() {
    return Stream.of(CROSS_VALIDATION, BAGGING);
  }

  /// Folds of groups, and of blocks of which each learns from more than the one before it.
  static Stream<Case> partedFolds() {
    TrainingSpecs training =
        training().epochs(4).validationFraction(null).crossValidation(new CrossValidationSpec(3));
    return Stream.of(new SplitSpec.Group("g"), new SplitSpec.Order("g"))
        .map(split -> new Case(split.toString(), () -> parted(training, split)));
  }

  /// Optimizers that see all rows at every step; enough of those for three chunks.
  static Stream<Case> fullBatches() {
    TrainingSpecs rprop =
        training().batchSize(null).optimizer(new OptimizerSpec.Rprop(0.01, 0.5, 1.2, 1e-6, 50));
    TrainingSpecs lbfgs =
        training()
            .batchSize(null)
            .epochs(8)
            .optimizer(Defaults.fill(OptimizerSpec.Lbfgs.class, 3, 0.0, 0.0));
    return Stream.of(
        new Case("rprop", () -> plan(rprop, 10_001)), new Case("lbfgs", () -> plan(lbfgs, 10_001)));
  }

  static Predictor model(TrainingPlan plan) {
    return ((TrainingResult.Trained)
            plan.run(
                new JavaKernels(), Team.ALONE, InstantSource.fixed(Instant.EPOCH), _ -> {}, null))
        .predictor();
  }

  /// Three epochs of three batches, the larger ones in two shards.
  static TrainingSpecs training() {
    return TrainingSpecs.training()
        .epochs(3)
        .batchSize(128)
        .seed(5)
        .validationFraction(0.0)
        .testFraction(0.1)
        .optimizer(Defaults.fill(OptimizerSpec.Adam.class, 0.01))
        .regularization(new RegularizationSpec(0, 1e-4))
        .earlyStopping(new EarlyStoppingSpec.None());
  }

  /// @param layers none for one of a few units
  static TrainingPlan plan(TrainingSpecs training, LayerSpec... layers) {
    return plan(training, 330, layers);
  }

  static TrainingPlan plan(TrainingSpecs training, int rows, LayerSpec... layers) {
    return TrainingPlan.of(
        numbers(rows),
        null,
        FitSpec.of(
            NetworkSpec.of(
                layers.length == 0
                    ? List.of(Defaults.fill(LayerSpec.Dense.class, 12, new Activation.Tanh()))
                    : List.of(layers),
                Defaults.fill(OutputSpec.class, new Activation.Identity()),
                null),
            training.spec()));
  }

  private static TrainingData numbers(int rows) {
    SplittableRandom random = new SplittableRandom(7);
    DenseRows.Builder x = new DenseRows.Builder(ByteBudget.unbounded());
    DenseRows.Builder y = new DenseRows.Builder(ByteBudget.unbounded());
    for (int i = 0; i < rows; i++) {
      double sum = 0;
      for (int j = 0; j < 4; j++) {
        double value = random.nextDouble() - 0.5;
        sum += value;
        x.add(value);
      }
      x.endRow();
      y.add(Math.sin(3 * sum) + 0.3 * random.nextDouble());
      y.endRow();
    }
    return new TrainingData.Bare(new BareExamples(x.build(), y.build()));
  }

  private static TrainingPlan weighted(TrainingSpecs training) {
    return TrainingPlan.of(
        TrainingRows.weightedClasses(330),
        null,
        FitSpec.of(
            NetworkSpec.of(List.of(Defaults.fill(LayerSpec.Dense.class, 12)), null, null),
            training.spec()));
  }

  /// Rows of 23 groups, whose numbers are no feature.
  static TrainingPlan parted(TrainingSpecs training, @Nullable SplitSpec split) {
    SplittableRandom random = new SplittableRandom(13);
    TableBuilder table = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    for (int i = 0; i < 330; i++) {
      double x = random.nextDouble();
      table.number(table.column("x"), x);
      table.string(table.column("kind"), x + random.nextDouble() > 1 ? "a" : "b");
      table.number(table.column("g"), i % 23);
      table.endRow();
    }
    Table built = table.build();
    List<Schema.Field> fields =
        List.of(
            Schema.Field.of(built.columns().get(0), Schema.Role.FEATURE),
            Schema.Field.of(built.columns().get(1), Schema.Role.TARGET),
            Schema.Field.unused(built.columns().get(2), Schema.Role.IGNORED, null));
    return TrainingPlan.of(
        new TrainingData.Rows(
            built,
            new Schema(fields, new Target.Classes("kind", fields.get(1).categories())),
            split),
        null,
        FitSpec.of(
            NetworkSpec.of(List.of(Defaults.fill(LayerSpec.Dense.class, 12)), null, null),
            training.spec()));
  }

  /// An embedded column, a one-hot one with missing cells, and a number.
  private static final NumberEncodingSpec PERIODIC = new NumberEncodingSpec.Periodic(7, 1);

  private static TrainingPlan embedded(long seed) {
    return embedded(seed, EncodingSpec.DEFAULT);
  }

  private static TrainingPlan embedded(long seed, EncodingSpec encoding) {
    return TrainingPlan.of(
        TrainingRows.cities(330, 9, seed),
        null,
        new FitSpec(
            encoding,
            NetworkSpec.of(List.of(Defaults.fill(LayerSpec.Dense.class, 12)), null, null)
                .withEmbeddings(Map.of("city", new EmbeddingSpec(3)))
                .withInputScale(),
            training().spec()));
  }
}
