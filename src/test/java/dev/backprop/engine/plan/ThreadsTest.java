package dev.backprop.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.ByteBudget;
import dev.backprop.engine.data.Column;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.data.MissingTokens;
import dev.backprop.engine.data.Schema;
import dev.backprop.engine.data.Table;
import dev.backprop.engine.data.TableBuilder;
import dev.backprop.engine.data.Target;
import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.AveragingSpec;
import dev.backprop.engine.spec.ClassWeightsSpec;
import dev.backprop.engine.spec.EmbeddingSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.OutputSpec;
import dev.backprop.engine.spec.RegularizationSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A training is the same, bit for bit, on any number of threads.
class ThreadsTest {

  private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of("narrow", 8, layers(64, 64), 256, 2_100, null),
        Arguments.of("narrow, with a small last batch", 8, layers(24), 200, 1_001, null),
        Arguments.of("clipped", 8, layers(300, 300), 128, 1_000, 0.5),
        Arguments.of("with dropout", 8, dropout(), 192, 1_000, null),
        Arguments.of(
            "with layer normalization",
            8,
            normalized(LayerSpec.LayerNorm.of(null)),
            192,
            1_000,
            null),
        Arguments.of(
            "with batch normalization",
            8,
            normalized(LayerSpec.BatchNorm.of(null, null)),
            192,
            1_000,
            null),
        Arguments.of(
            "with batch normalization in blocks, and a row too many",
            8,
            residual(LayerSpec.BatchNorm.of(null, null)),
            192,
            193 + 192,
            0.5),
        Arguments.of(
            "wide, with batch normalization",
            300,
            normalized(LayerSpec.BatchNorm.of(null, null), 1_100),
            96,
            200,
            null),
        Arguments.of(
            "with residual blocks", 8, residual(LayerSpec.LayerNorm.of(null)), 192, 1_000, null),
        Arguments.of("wide: the products are cut", 300, layers(1600, 700), 96, 200, null));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void parametersAndLossesDoNotDependOnTheNumberOfThreads(
      String name, int inputs, List<LayerSpec> layers, int batch, int rows, Double clipNorm) {
    checkAlike(plan(inputs, layers, batch, rows, clipNorm));
  }

  @Test
  void weightsDoNotDependOnTheNumberOfThreads() {
    checkAlike(weighted(new ClassWeightsSpec.Balanced()));
    checkAlike(weighted(new ClassWeightsSpec.Given(Map.of("b", 0.3))));
    checkAlike(weighted(null));
  }

  @Test
  void embeddingsDoNotDependOnTheNumberOfThreads() {
    checkAlike(embedded());
  }

  /// Rows of weights across slices, in several pieces.
  @Test
  void boundedWeightsDoNotDependOnTheNumberOfThreads() {
    TrainingPlan bounded = plan(8, layers(300, 300), 1_000, with(0.7, null, null));
    TrainingPlan unbounded = plan(8, layers(300, 300), 1_000, with(null, null, null));
    assertThat(checkAlike(bounded).parameters()).isNotEqualTo(run(unbounded, 1).parameters());
  }

  @Test
  void averagesDoNotDependOnTheNumberOfThreads() {
    AveragingSpec average = new AveragingSpec.Ema(0.9);
    Run last = run(plan(8, layers(300, 300), 1_000, with(null, null, null)), 1);
    Run averaged = checkAlike(plan(8, layers(300, 300), 1_000, with(null, average, null)));
    assertThat(averaged.losses()).isEqualTo(last.losses());
    assertThat(averaged.parameters()).isNotEqualTo(last.parameters());
    checkAlike(plan(8, layers(300, 300), 1_000, with(0.7, average, null)));
    checkAlike(plan(8, layers(300, 300), 1_000, with(null, average, 0.1)));
  }

  /// Several chunks of several shards, and vectors of several slices, the last ones uneven.
  @Test
  void fullBatchesDoNotDependOnTheNumberOfThreads() {
    List<OptimizerSpec> optimizers =
        List.of(
            new OptimizerSpec.Rprop(0.01, 0.5, 1.2, 1e-6, 50),
            OptimizerSpec.Lbfgs.of(2, 0.0, 0.0, null));
    for (OptimizerSpec optimizer : optimizers) {
      checkAlike(plan(8, layers(30), 9_001, fullBatch(optimizer)));
      checkAlike(plan(8, layers(301, 301), 1_000, fullBatch(optimizer)));
      checkAlike(plan(300, layers(1600, 700), 200, fullBatch(optimizer)));
    }
  }

  private static TrainingSpec fullBatch(OptimizerSpec optimizer) {
    RegularizationSpec penalty = new RegularizationSpec(0, 1e-4);
    return TrainingSpecs.training()
        .epochs(5)
        .seed(5)
        .validationFraction(0.0)
        .optimizer(optimizer)
        .regularization(penalty)
        .spec();
  }

  private static TrainingSpec with(
      @Nullable Double maxNorm, @Nullable AveragingSpec averaging, @Nullable Double clipNorm) {
    return TrainingSpecs.training()
        .epochs(3)
        .batchSize(128)
        .seed(5)
        .validationFraction(0.0)
        .clipNorm(clipNorm)
        .maxNorm(maxNorm)
        .averaging(averaging)
        .spec();
  }

  private static Run checkAlike(TrainingPlan plan) {
    Run alone = run(plan, 1);
    assertThat(alone.losses()).allSatisfy(loss -> assertThat(loss).isFinite());
    for (int threads : List.of(1, 2, 4, 8)) {
      Run shared = run(plan, threads);
      assertThat(shared.losses()).as("%d threads", threads).isEqualTo(alone.losses());
      assertThat(shared.parameters()).as("%d threads", threads).isEqualTo(alone.parameters());
    }
    return alone;
  }

  @SuppressWarnings("ArrayRecordComponent") // compared by AssertJ, element by element
  private record Run(List<Double> losses, float[] parameters) {}

  private static Run run(TrainingPlan plan, int threads) {
    List<Double> losses = new ArrayList<>();
    try (Team team = new Team(threads)) {
      TrainingResult result =
          plan.run(
              KernelSelection.select(null).kernels(),
              team,
              CLOCK,
              report -> losses.add(report.trainLoss()),
              null);
      assertThat(result).isInstanceOf(TrainingResult.Trained.class);
      TrainingResult.Trained trained = (TrainingResult.Trained) result;
      return new Run(losses, trained.predictor().scorer().network().parameters().values().clone());
    }
  }

  private static TrainingPlan plan(
      int inputs, List<LayerSpec> layers, int batch, int rows, @Nullable Double clipNorm) {
    TrainingSpec spec =
        TrainingSpecs.training()
            .epochs(3)
            .batchSize(batch)
            .seed(5)
            .validationFraction(0.0)
            .regularization(new RegularizationSpec(1e-5, 1e-4))
            .clipNorm(clipNorm)
            .spec();
    return plan(inputs, layers, rows, spec);
  }

  private static TrainingPlan plan(
      int inputs, List<LayerSpec> layers, int rows, TrainingSpec spec) {
    SplittableRandom random = new SplittableRandom(7);
    DenseRows.Builder x = new DenseRows.Builder(ByteBudget.unbounded());
    DenseRows.Builder y = new DenseRows.Builder(ByteBudget.unbounded());
    for (int i = 0; i < rows; i++) {
      double sum = 0;
      for (int j = 0; j < inputs; j++) {
        double value = random.nextDouble() - 0.5;
        sum += value;
        x.add(value);
      }
      x.endRow();
      y.add(Math.sin(sum));
      y.endRow();
    }
    return TrainingPlan.of(
        new TrainingData.Bare(new BareExamples(x.build(), y.build())),
        null,
        NetworkSpec.of(layers, OutputSpec.of(new Activation.Identity(), null, null), null),
        spec);
  }

  /// Rows and classes of different weights, in batches of several shards.
  private static TrainingPlan weighted(@Nullable ClassWeightsSpec classWeights) {
    SplittableRandom random = new SplittableRandom(11);
    TableBuilder table = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    for (int i = 0; i < 1_000; i++) {
      double x = random.nextDouble();
      table.number(table.column("x"), x);
      table.string(table.column("kind"), x + random.nextDouble() > 1.5 ? "a" : "b");
      table.number(table.column("w"), random.nextInt(3) * 0.7);
      table.endRow();
    }
    Table built = table.build();
    List<Schema.Field> fields =
        List.of(
            Schema.Field.of(built.columns().get(0), Schema.Role.FEATURE),
            Schema.Field.of(built.columns().get(1), Schema.Role.TARGET),
            Schema.Field.of(built.columns().get(2), Schema.Role.WEIGHT));
    Schema schema = new Schema(fields, new Target.Classes("kind", fields.get(1).categories()));
    return TrainingPlan.of(
        new TrainingData.Rows(built, schema),
        null,
        NetworkSpec.of(layers(64, 64), null, null),
        TrainingSpecs.training()
            .epochs(3)
            .batchSize(256)
            .seed(5)
            .validationFraction(0.2)
            .classWeights(classWeights)
            .spec());
  }

  /// Indices, numbers and factors, in batches of several shards.
  private static TrainingPlan embedded() {
    SplittableRandom random = new SplittableRandom(13);
    TableBuilder table = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    for (int i = 0; i < 1_001; i++) {
      int city = random.nextInt(40);
      double x = random.nextDouble();
      table.string(table.column("city"), "city " + city);
      table.number(table.column("x"), x);
      if (i % 5 == 0) {
        table.missing(table.column("kind"));
      } else {
        table.string(table.column("kind"), "kind " + random.nextInt(7));
      }
      table.number(table.column("y"), Math.sin(city) + x);
      table.endRow();
    }
    Table built = table.build();
    List<Schema.Field> fields = new ArrayList<>();
    for (Column column : built.columns()) {
      fields.add(
          Schema.Field.of(
              column, column.name().equals("y") ? Schema.Role.TARGET : Schema.Role.FEATURE));
    }
    return TrainingPlan.of(
        new TrainingData.Rows(built, new Schema(fields, new Target.Numbers(List.of("y")))),
        null,
        NetworkSpec.of(layers(64, 64), null, null)
            .withEmbeddings(Map.of("city", new EmbeddingSpec(9), "kind", new EmbeddingSpec(null)))
            .withInputScale(),
        TrainingSpecs.training()
            .epochs(3)
            .batchSize(256)
            .seed(5)
            .validationFraction(0.0)
            .optimizer(new OptimizerSpec.AdamW(0.001, 0.9, 0.999, 1e-8, 0.01))
            .regularization(new RegularizationSpec(1e-5, 1e-4))
            .clipNorm(0.5)
            .spec());
  }

  private static List<LayerSpec> layers(int... units) {
    List<LayerSpec> layers = new ArrayList<>();
    for (int width : units) {
      layers.add(LayerSpec.Dense.of(width, new Activation.Tanh(), null, null));
    }
    return layers;
  }

  private static List<LayerSpec> normalized(LayerSpec norm) {
    return normalized(norm, 100);
  }

  private static List<LayerSpec> normalized(LayerSpec norm, int units) {
    LayerSpec dense = LayerSpec.Dense.of(units, new Activation.Tanh(), null, null);
    return List.of(norm, dense, norm, new LayerSpec.Dropout(0.3), dense, norm);
  }

  private static List<LayerSpec> residual(LayerSpec norm) {
    LayerSpec dense = LayerSpec.Dense.of(100, null, null, null);
    LayerSpec block =
        new LayerSpec.Residual(List.of(norm, dense, new LayerSpec.Dropout(0.3), dense), false);
    return List.of(new LayerSpec.Residual(List.of(dense, block), true), block, norm);
  }

  private static List<LayerSpec> dropout() {
    return List.of(
        LayerSpec.Dense.of(100, null, null, null),
        new LayerSpec.Dropout(0.3),
        LayerSpec.Dense.of(50, null, null, null),
        new LayerSpec.Dropout(0.5));
  }
}
