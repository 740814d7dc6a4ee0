package dev.backprop.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.AveragingSpec;
import dev.backprop.engine.spec.ClassWeightsSpec;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EmbeddingSpec;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.FactorSchedule;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.OutputSpec;
import dev.backprop.engine.spec.RegularizationSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.training.EpochReport;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A training is the same, bit for bit, on any number of threads, and whether its rows are encoded
/// once or at every step.
class ThreadsTest {

  private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

  static Stream<Named<TrainingPlan>> networks() {
    LayerSpec layerNorm = Defaults.fill(LayerSpec.LayerNorm.class);
    LayerSpec batchNorm = Defaults.fill(LayerSpec.BatchNorm.class);
    return Stream.of(
        named("narrow", plan(narrow(2_100), training().batchSize(256), layers(64, 64))),
        named(
            "narrow, with a small last batch",
            plan(narrow(1_001), training().batchSize(200), layers(24))),
        named(
            "clipped",
            plan(narrow(1_000), training().batchSize(128).clipNorm(0.5), layers(300, 300))),
        named("with dropout", plan(narrow(1_000), training().batchSize(192), dropout())),
        named(
            "with layer normalization",
            plan(narrow(1_000), training().batchSize(192), normalized(layerNorm, 100))),
        named(
            "with batch normalization",
            plan(narrow(1_000), training().batchSize(192), normalized(batchNorm, 100))),
        named(
            "with batch normalization in blocks, and a row too many",
            plan(narrow(193 + 192), training().batchSize(192).clipNorm(0.5), residual(batchNorm))),
        named(
            "wide, with batch normalization",
            plan(wide(200), training().batchSize(96), normalized(batchNorm, 1_100))),
        named(
            "with residual blocks",
            plan(narrow(1_000), training().batchSize(192), residual(layerNorm))),
        named(
            "wide: the products are cut",
            plan(wide(200), training().batchSize(96), layers(1600, 700))),
        named(
            "members, with dropout", members(8, narrow(500), training().batchSize(96), dropout())),
        named(
            "members, with batch normalization in blocks",
            members(3, narrow(300), training().batchSize(64), residual(batchNorm))));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void parametersAndLossesDoNotDependOnTheNumberOfThreads(TrainingPlan plan) {
    checkAlike(plan);
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

  @Test
  void cosinesOfNumbersDoNotDependOnTheNumberOfThreads() {
    EncodingSpec encoding =
        EncodingSpec.DEFAULT.withColumns(Map.of("x", new NumberEncodingSpec.Periodic(16, 1)));
    for (int members : new int[] {1, 3}) {
      checkAlike(
          TrainingPlan.of(
              TrainingRows.cities(1_001, 100, 13),
              null,
              new FitSpec(
                  encoding,
                  NetworkSpec.of(layers(64, 64), null, null).withInputScale().withMembers(members),
                  training().batchSize(256).spec())));
    }
  }

  /// Many one-hot inputs beside numbers, in batches of several shards.
  @Test
  void oneHotInputsDoNotDependOnTheNumberOfThreads() {
    TrainingSpecs training = training().batchSize(256);
    TrainingData cities = TrainingRows.cities(1_001, 100, 13);
    checkAlike(plan(cities, training, layers(64, 64)));
    checkAlike(members(3, cities, training, dropout()));
  }

  /// Rows of weights across slices, in several pieces.
  @Test
  void boundedWeightsDoNotDependOnTheNumberOfThreads() {
    TrainingPlan unbounded = sliced(unpenalized());
    assertThat(checkAlike(sliced(unpenalized().maxNorm(0.7))).parameters())
        .isNotEqualTo(run(unbounded, 1).parameters());
  }

  @Test
  void averagesDoNotDependOnTheNumberOfThreads() {
    AveragingSpec average = new AveragingSpec.Ema(0.9);
    Run last = run(sliced(unpenalized()), 1);
    Run averaged = checkAlike(sliced(unpenalized().averaging(average)));
    assertThat(averaged.losses()).isEqualTo(last.losses());
    assertThat(averaged.parameters()).isNotEqualTo(last.parameters());
    checkAlike(sliced(unpenalized().averaging(average).maxNorm(0.7)));
    checkAlike(sliced(unpenalized().averaging(average).clipNorm(0.1)));
  }

  private static TrainingPlan sliced(TrainingSpecs training) {
    return plan(narrow(1_000), training.batchSize(128), layers(300, 300));
  }

  /// Several chunks of several shards, and vectors of several slices, the last ones uneven.
  @Test
  void fullBatchesDoNotDependOnTheNumberOfThreads() {
    List<OptimizerSpec> optimizers =
        List.of(
            new OptimizerSpec.Rprop(0.01, 0.5, 1.2, 1e-6, 50),
            Defaults.fill(OptimizerSpec.Lbfgs.class, 2, 0.0, 0.0));
    for (OptimizerSpec optimizer : optimizers) {
      TrainingSpecs fullBatch =
          unpenalized()
              .epochs(5)
              .optimizer(optimizer)
              .regularization(new RegularizationSpec(0, 1e-4));
      checkAlike(plan(narrow(9_001), fullBatch, layers(30)));
      checkAlike(plan(narrow(1_000), fullBatch, layers(301, 301)));
      checkAlike(plan(wide(200), fullBatch, layers(1600, 700)));
    }
  }

  private static TrainingSpecs unpenalized() {
    return TrainingSpecs.training().epochs(3).seed(5).validationFraction(0.0);
  }

  private static TrainingSpecs training() {
    return unpenalized().regularization(new RegularizationSpec(1e-5, 1e-4));
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

  /// Lends, and with four threads calls back after the first epoch.
  private static final class Lender implements Supervisor {

    private final List<Double> losses = new ArrayList<>();
    private final boolean lends;
    private final boolean callsBack;
    private final List<Runnable> loans = new ArrayList<>();

    Lender(int threads) {
      lends = threads > 1;
      callsBack = threads == 4;
    }

    @Override
    public synchronized @Nullable Loan lend(long bytes, Runnable callBack) {
      if (!lends) {
        return null;
      }
      loans.add(callBack);
      return () -> giveBack(callBack);
    }

    private synchronized void giveBack(Runnable callBack) {
      loans.remove(callBack);
    }

    @Override
    public void onEpoch(EpochReport report) {
      losses.add(report.trainLoss());
      if (callsBack) {
        loans.forEach(Runnable::run);
      }
    }
  }

  /// Rows are encoded once if there are several threads.
  private static Run run(TrainingPlan plan, int threads) {
    Lender lender = new Lender(threads);
    try (Team team = new Team(threads)) {
      TrainingResult result =
          plan.run(KernelSelection.select(null).kernels(), team, CLOCK, lender, null);
      assertThat(result).isInstanceOf(TrainingResult.Trained.class);
      TrainingResult.Trained trained = (TrainingResult.Trained) result;
      assertThat(lender.loans).as("loans that were not given back").isEmpty();
      return new Run(
          lender.losses, trained.predictor().scorer().network().parameters().values().clone());
    }
  }

  private static TrainingData narrow(int rows) {
    return new TrainingData.Bare(TrainingRows.sines(rows, 8));
  }

  private static TrainingData wide(int rows) {
    return new TrainingData.Bare(TrainingRows.sines(rows, 300));
  }

  private static TrainingPlan plan(
      TrainingData data, TrainingSpecs training, List<LayerSpec> layers) {
    OutputSpec output = Defaults.fill(OutputSpec.class, new Activation.Identity());
    return TrainingPlan.of(
        data, null, FitSpec.of(NetworkSpec.of(layers, output, null), training.spec()));
  }

  private static TrainingPlan members(
      int count, TrainingData data, TrainingSpecs training, List<LayerSpec> layers) {
    OutputSpec output = Defaults.fill(OutputSpec.class, new Activation.Identity());
    NetworkSpec network = NetworkSpec.of(layers, output, null).withMembers(count);
    return TrainingPlan.of(data, null, FitSpec.of(network, training.spec()));
  }

  /// Rows and classes of different weights, in batches of several shards.
  private static TrainingPlan weighted(@Nullable ClassWeightsSpec classWeights) {
    return TrainingPlan.of(
        TrainingRows.weightedClasses(1_000),
        null,
        FitSpec.of(
            NetworkSpec.of(layers(64, 64), null, null),
            unpenalized()
                .batchSize(256)
                .validationFraction(0.2)
                .classWeights(classWeights)
                .spec()));
  }

  /// Indices, numbers and factors, in batches of several shards.
  private static TrainingPlan embedded() {
    return TrainingPlan.of(
        TrainingRows.cities(1_001, 40, 13),
        null,
        FitSpec.of(
            NetworkSpec.of(layers(64, 64), null, null)
                .withEmbeddings(
                    Map.of("city", new EmbeddingSpec(9), "kind", new EmbeddingSpec(null)))
                .withInputScale(),
            training()
                .batchSize(256)
                .optimizer(new OptimizerSpec.AdamW(0.001, 0.9, 0.999, 1e-8, 0.01))
                .clipNorm(0.5)
                .spec()));
  }

  private static List<LayerSpec> layers(int... units) {
    List<LayerSpec> layers = new ArrayList<>();
    for (int width : units) {
      layers.add(Defaults.fill(LayerSpec.Dense.class, width, new Activation.Tanh()));
    }
    return layers;
  }

  private static List<LayerSpec> normalized(LayerSpec norm, int units) {
    LayerSpec dense = Defaults.fill(LayerSpec.Dense.class, units, new Activation.Tanh());
    return List.of(norm, dense, norm, new LayerSpec.Dropout(0.3), dense, norm);
  }

  private static List<LayerSpec> residual(LayerSpec norm) {
    LayerSpec dense = Defaults.fill(LayerSpec.Dense.class, 100);
    LayerSpec block =
        new LayerSpec.Residual(List.of(norm, dense, new LayerSpec.Dropout(0.3), dense), false);
    return List.of(new LayerSpec.Residual(List.of(dense, block), true), block, norm);
  }

  private static List<LayerSpec> dropout() {
    return List.of(
        Defaults.fill(LayerSpec.Dense.class, 100),
        new LayerSpec.Dropout(0.3, FactorSchedule.FLAT_COS),
        Defaults.fill(LayerSpec.Dense.class, 50),
        new LayerSpec.Dropout(0.5));
  }
}
