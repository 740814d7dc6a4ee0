package dev.backprop.engine.plan;

import static dev.backprop.engine.spec.TrainingSpecs.training;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.drift.ColumnReference;
import dev.backprop.engine.drift.Reference;
import dev.backprop.engine.explain.Importance;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.spec.BaggingSpec;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.table.Tables;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What a model knows of its columns after training.
class InsightsTest {

  private static final int ROWS = 300;

  private static final Importance.Limit SHUFFLING =
      Importance.Limit.in(Duration.ofSeconds(2), InstantSource.fixed(Instant.EPOCH));

  private static final NetworkSpec NETWORK =
      NetworkSpec.of(List.of(Defaults.fill(LayerSpec.Dense.class, 24)), null, null);

  private static Predictor train(TrainingData data) {
    FitSpec spec =
        new FitSpec(
            EncodingSpec.DEFAULT,
            NETWORK,
            training()
                .epochs(40)
                .batchSize(32)
                .optimizer(Defaults.fill(OptimizerSpec.AdamW.class, 0.01))
                .bagging(new BaggingSpec(3))
                .spec());
    return CheckpointedRun.of(TrainingPlan.of(data, null, spec))
        .undisturbed()
        .trained()
        .predictor();
  }

  private static List<int[]> thirds() {
    return IntStream.range(0, 3)
        .mapToObj(fold -> IntStream.range(fold * 100, fold * 100 + 100).toArray())
        .toList();
  }

  @Test
  void aTableHasATypicalRowAReferenceAndImportance() {
    TrainingData.Rows data = TrainingRows.cities(ROWS, 4, 1);
    Predictor predictor = train(data);
    Insights.Known known = new Insights.Known(data, Tables.rows(ROWS), data, thirds(), "outOfFold");

    Insights insights = Insights.of(known, predictor, 1, SHUFFLING);

    assertThat(insights.typicalRow()).hasSize(3).doesNotContain(Double.NaN);
    Reference reference = Objects.requireNonNull(insights.reference());
    assertThat(reference.columns())
        .extracting(ColumnReference::name)
        .containsExactly("city", "x", "kind");
    assertThat(reference.columns().get(2).counts()).endsWith(60); // a fifth is missing
    assertThat(reference.answers()).extracting(ColumnReference::name).containsExactly("y");
    assertThat(reference.answers().getFirst().rows()).isEqualTo(ROWS);
    Insights.Measured measured = Objects.requireNonNull(insights.importance());
    assertThat(measured.metric()).isEqualTo("rmse");
    assertThat(measured.part()).isEqualTo("outOfFold");
    Importance importance = measured.columns();
    assertThat(importance.shuffles()).isEqualTo(5);
    assertThat(importance.columns().get(0).mean()).isGreaterThan(0.3); // sine of the city
    assertThat(importance.columns().get(1).mean()).isGreaterThan(0.05);
    assertThat(importance.columns().get(2).mean()).isLessThan(0.05);
  }

  @Test
  void importanceNeedsToBeAskedForAndRowsThatAreHeldOut() {
    TrainingData.Rows data = TrainingRows.cities(ROWS, 4, 1);
    Predictor predictor = train(data);
    Insights.Known known = new Insights.Known(data, Tables.rows(ROWS), data, thirds(), "outOfFold");
    assertThat(Insights.of(known, predictor, 1, null).importance()).isNull();
    Insights.Known none = new Insights.Known(data, Tables.rows(ROWS), data, List.of(), "test");
    Insights insights = Insights.of(none, predictor, 1, SHUFFLING);
    assertThat(insights.importance()).isNull();
    assertThat(Objects.requireNonNull(insights.reference()).answers()).hasSize(1);
  }

  @Test
  void bareNumbersHaveNoReference() {
    TrainingData.Bare data = new TrainingData.Bare(TrainingRows.sines(ROWS, 3));
    Predictor predictor = train(data);
    Insights.Known known = new Insights.Known(data, Tables.rows(ROWS), data, thirds(), "outOfFold");

    Insights insights = Insights.of(known, predictor, 1, SHUFFLING);

    assertThat(insights.typicalRow())
        .hasSize(3)
        .satisfies(cells -> assertThat(cells.getFirst()).isBetween(-0.1, 0.1));
    assertThat(insights.reference()).isNull();
    assertThat(Objects.requireNonNull(insights.importance()).columns().columns())
        .hasSize(3)
        .allSatisfy(column -> assertThat(column.mean()).isPositive());
  }
}
