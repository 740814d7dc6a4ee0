package dev.backprop.engine.plan;

import static dev.backprop.engine.spec.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.LayerFigures;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.FactorSchedule;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.ScheduleSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.training.EpochReport;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// How layers fare, epoch by epoch.
class LayerStatisticsTest {

  private static final LayerSpec DENSE = Defaults.fill(LayerSpec.Dense.class, 300);

  private static List<EpochReport> history(TrainingPlan plan, int threads) {
    List<EpochReport> history = new ArrayList<>();
    try (Team team = new Team(threads)) {
      plan.run(new JavaKernels(), team, InstantSource.fixed(Instant.EPOCH), history::add, null);
    }
    return history;
  }

  private static List<LayerFigures> layers(EpochReport report) {
    return Objects.requireNonNull(report.layers());
  }

  @Test
  void everyEpochHasThoseOfEveryLayer() {
    LayerSpec held =
        Defaults.fill(LayerSpec.Dense.class, 8, new Activation.Tanh(), null, null, 0.0);
    List<EpochReport> history =
        history(CheckpointCases.plan(CheckpointCases.training().layerStatistics(), DENSE, held), 1);
    assertThat(history).hasSize(3);
    for (EpochReport report : history) {
      assertThat(layers(report))
          .extracting(LayerFigures::layer)
          .containsExactly("layers.0", "layers.1", "output");
      assertThat(layers(report).get(0).updateToWeight()).isBetween(-4.0, 0.0);
      assertThat(layers(report).get(1).updateToWeight()).isNull();
      assertThat(layers(report).get(1).dead()).isZero();
      assertThat(layers(report)).allMatch(layer -> Objects.requireNonNull(layer.std()) > 0);
    }
    assertThat(layers(history.get(0))).isNotEqualTo(layers(history.get(1)));
  }

  /// 297 rows in batches of 128: the second is the last whole one.
  @Test
  void theMiniBatchIsTheLastWholeOne() {
    TrainingSpecs training =
        CheckpointCases.training()
            .epochs(1)
            .optimizer(new OptimizerSpec.Sgd(0.01, 0, false))
            .schedule(new ScheduleSpec.CosLog4());
    // t is 0, 1/3 and 2/3: the factors are 0, then ½ (1 - cos(2π log2 6)), which is not.
    assertThat(
            layers(history(CheckpointCases.plan(training.layerStatistics(), DENSE), 1).getFirst()))
        .allMatch(layer -> layer.updateToWeight() != null);
    TrainingSpecs whole = training.batchSize(297);
    // The only batch, whose rate is 0.
    assertThat(layers(history(CheckpointCases.plan(whole, DENSE), 1).getFirst()))
        .allMatch(layer -> layer.updateToWeight() == null);
  }

  @Test
  void theyDoNotDependOnTheNumberOfThreads() {
    TrainingPlan plan =
        CheckpointCases.plan(
            CheckpointCases.training().layerStatistics().batchSize(200),
            DENSE,
            Defaults.fill(LayerSpec.BatchNorm.class),
            DENSE);
    assertThat(history(plan, 3)).isEqualTo(history(plan, 1));
  }

  /// Of all members together, and of the layer in which they part.
  @Test
  void membersHaveThemTogether() {
    TrainingPlan plan =
        TrainingPlan.of(
            TrainingRows.cities(330, 9, 5),
            null,
            FitSpec.of(
                NetworkSpec.of(
                        List.of(DENSE, new LayerSpec.Dropout(0.2, FactorSchedule.FLAT_COS)),
                        null,
                        null)
                    .withMembers(3),
                CheckpointCases.training()
                    .validationFraction(0.2)
                    .selection(Metric.RMSE)
                    .layerStatistics()
                    .spec()));
    List<EpochReport> history = history(plan, 1);
    for (EpochReport report : history) {
      assertThat(report.selected()).isNotNull();
      assertThat(layers(report))
          .extracting(LayerFigures::layer)
          .containsExactly("members", "layers.0", "output");
      assertThat(layers(report)).allMatch(layer -> layer.updateToWeight() != null);
    }
    assertThat(history(plan, 3)).isEqualTo(history);
    CheckpointedRun undisturbed = CheckpointedRun.of(plan).undisturbed();
    for (Checkpoint checkpoint : CheckpointedRun.of(plan).saving().saved) {
      CheckpointedRun.of(plan)
          .from(CheckpointedRun.reread(checkpoint, plan))
          .undisturbed()
          .assertCameToTheSameAs(undisturbed);
    }
  }

  @Test
  void theyChangeNothingElse() {
    List<EpochReport> watched =
        history(CheckpointCases.plan(CheckpointCases.training().layerStatistics(), DENSE), 1);
    List<EpochReport> unwatched =
        history(CheckpointCases.plan(CheckpointCases.training(), DENSE), 1);
    assertThat(unwatched).allMatch(report -> report.layers() == null);
    assertThat(watched.stream().map(EpochReport::trainLoss))
        .containsExactlyElementsOf(unwatched.stream().map(EpochReport::trainLoss).toList());
  }

  @Test
  void theirPlaceIsBounded() {
    TrainingSpecs many = CheckpointCases.training().layerStatistics().epochs(10_000);
    TrainingPlan plan = CheckpointCases.plan(many, DENSE);
    TrainingPlan plain = CheckpointCases.plan(CheckpointCases.training().epochs(10_000), DENSE);
    assertThat(plan.modelBytes() - plain.modelBytes()).isEqualTo(256L * 5 * 10_000);
    LayerSpec[] layers = new LayerSpec[9];
    Arrays.fill(layers, Defaults.fill(LayerSpec.Dense.class, 2));
    refused(
        () -> CheckpointCases.plan(many, layers),
        "/training/layerStatistics",
        "goes with at most 100000 layers times epochs, there are 13 times 10000");
  }
}
