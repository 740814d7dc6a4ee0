package dev.backprop.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.data.Feature;
import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.spec.AveragingSpec;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.EmbeddingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.training.EpochReport;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A training that goes on from a model's parameters.
class WarmStartTest {

  private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

  private static final NetworkSpec NETWORK =
      NetworkSpec.of(List.of(Defaults.fill(LayerSpec.Dense.class, 12)), null, null)
          .withEmbeddings(Map.of("city", new EmbeddingSpec(3)))
          .withInputScale();

  /// Whole batches: the order of the rows does not matter.
  private static TrainingSpec spec(
      int epochs, OptimizerSpec optimizer, int rows, @Nullable AveragingSpec averaging) {
    return TrainingSpecs.training()
        .epochs(epochs)
        .batchSize(rows)
        .seed(6)
        .validationFraction(0.25)
        .optimizer(optimizer)
        .averaging(averaging)
        .earlyStopping(new EarlyStoppingSpec.None())
        .spec();
  }

  private static OptimizerSpec sgd(double learningRate) {
    return new OptimizerSpec.Sgd(learningRate, 0, false);
  }

  /// @param shift of the numbers
  private static TrainingData.Rows rows(long seed, double shift) {
    SplittableRandom random = new SplittableRandom(seed);
    TableBuilder table = TableBuilder.inferring(MissingTokens.DEFAULT, ByteBudget.unbounded());
    for (int i = 0; i < 80; i++) {
      int city = i % 5;
      double x = shift + random.nextDouble();
      table.number(table.column("x"), x);
      table.string(table.column("city"), "city " + city);
      table.string(table.column("kind"), i % 2 == 0 ? "a" : "b");
      table.number(table.column("y"), 1_000 + 50 * city + 20 * (x - shift));
      table.endRow();
    }
    return TrainingRows.numeric(table.build());
  }

  private record Run(Predictor predictor, List<EpochReport> history) {
    float[] parameters() {
      return predictor.scorer().network().parameters().values();
    }

    List<Double> losses() {
      return history.stream().map(EpochReport::trainLoss).toList();
    }

    double validationLoss(int epoch) {
      return Objects.requireNonNull(history.get(epoch - 1).validationLoss());
    }
  }

  private static Run run(TrainingPlan plan) {
    List<EpochReport> history = new ArrayList<>();
    TrainingResult result = plan.run(new JavaKernels(), Team.ALONE, CLOCK, history::add, null);
    return new Run(((TrainingResult.Trained) result).predictor(), history);
  }

  private static TrainingPlan plan(TrainingData data, TrainingSpec spec) {
    return TrainingPlan.of(data, null, FitSpec.of(NETWORK, spec));
  }

  @Test
  void goesOnWhereTheModelEnded() {
    TrainingData data = rows(1, 0);
    Run whole = run(plan(data, spec(10, sgd(0.1), 60, null)));
    TrainingPlan five = plan(data, spec(5, sgd(0.1), 60, null));
    Run first = run(five);
    Run second = run(five.startingFrom(first.predictor()));

    assertThat(first.losses()).isEqualTo(whole.losses().subList(0, 5));
    // The rows of a batch are added up in another order.
    for (int epoch = 1; epoch <= 5; epoch++) {
      assertThat(second.losses().get(epoch - 1))
          .isCloseTo(whole.losses().get(epoch + 4), within(1e-6));
      assertThat(second.validationLoss(epoch))
          .isCloseTo(whole.validationLoss(epoch + 4 + 1), within(1e-6));
    }
    assertThat(second.losses().getFirst()).isLessThan(first.losses().getLast());
  }

  @Test
  void theModelItselfDoesNotChange() {
    TrainingData data = rows(1, 0);
    TrainingPlan plan = plan(data, spec(3, sgd(0.1), 60, null));
    Run first = run(plan);
    float[] before = first.parameters().clone();
    run(plan.startingFrom(first.predictor()));
    assertThat(first.parameters()).containsExactly(before);
  }

  /// Other rows have other means, and would be encoded otherwise.
  @Test
  void stepsOfNoLengthKeepParametersAndEncoders() {
    Run first = run(plan(rows(1, 0), spec(5, sgd(0.1), 60, null)));
    Run still =
        run(plan(rows(2, 0.5), spec(2, sgd(1e-30), 30, null)).startingFrom(first.predictor()));

    assertThat(still.parameters()).containsExactly(first.parameters());
    Feature.Numeric before = numeric(first);
    Feature.Numeric after = numeric(still);
    assertThat(after.mean()).isEqualTo(before.mean()).isBetween(0.4, 0.6);
    assertThat(after.std()).isEqualTo(before.std());
    assertThat(after.min()).isEqualTo(before.min());
    assertThat(after.max()).isGreaterThan(1.2).isGreaterThan(before.max());
    assertThat(still.predictor().scorer().targetEncoder().means())
        .containsExactly(first.predictor().scorer().targetEncoder().means());
    assertThat(still.predictor().scorer().targetEncoder().stds())
        .containsExactly(first.predictor().scorer().targetEncoder().stds());
  }

  private static Feature.Numeric numeric(Run run) {
    return (Feature.Numeric)
        Objects.requireNonNull(run.predictor().features()).features().getFirst();
  }

  @Test
  void anAverageStartsFromTheModelToo() {
    Run first = run(plan(rows(1, 0), spec(5, sgd(0.1), 60, null)));
    Run averaged =
        run(
            plan(rows(1, 0), spec(1, sgd(1e-30), 60, new AveragingSpec.Ema(0.5)))
                .startingFrom(first.predictor()));
    assertThat(averaged.validationLoss(1)).isCloseTo(first.validationLoss(5), within(1e-6));
  }

  @Test
  void bareNumbersGoOnToo() {
    TrainingData xor =
        new TrainingData.Bare(
            new BareExamples(
                DenseRows.of(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}}),
                DenseRows.of(new double[][] {{0}, {1}, {1}, {0}})));
    TrainingPlan plan =
        TrainingPlan.of(
            xor,
            null,
            FitSpec.of(
                NetworkSpec.of(null, null, null),
                TrainingSpecs.training()
                    .epochs(20)
                    .batchSize(4)
                    .seed(3)
                    .validationFraction(0.0)
                    .spec()));
    Run first = run(plan);
    Run second = run(plan.startingFrom(first.predictor()));
    assertThat(second.losses().getFirst()).isLessThan(first.losses().getLast());
    assertThat(second.losses().getLast()).isLessThan(second.losses().getFirst());
  }

  @Test
  void refusesAnotherNetworksParameters() {
    TrainingData data = rows(1, 0);
    Run first = run(plan(data, spec(1, sgd(0.1), 60, null)));
    TrainingPlan other =
        TrainingPlan.of(
            data, null, FitSpec.of(NetworkSpec.of(null, null, null), spec(1, sgd(0.1), 60, null)));
    assertThatThrownBy(() -> other.startingFrom(first.predictor()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
