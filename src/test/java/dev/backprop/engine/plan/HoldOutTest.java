package dev.backprop.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.engine.data.Split;
import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.spec.BaggingSpec;
import dev.backprop.engine.spec.CrossValidationSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.SpecCopy;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import java.time.Clock;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Which rows calibrate and do nothing else.
class HoldOutTest {

  private static FitSpec spec(TrainingSpec training) {
    return FitSpec.of(NetworkSpec.of(null, null, null), training);
  }

  private static TrainingSpec calibrating() {
    return SpecCopy.of(TrainingSpec.defaults()).with("calibration", true).spec();
  }

  private static RowCounts rows(
      TrainingData data, @Nullable TrainingData validation, TrainingSpec training) {
    return TrainingPlan.of(data, validation, spec(training)).rows();
  }

  @Test
  void areAThirdOfThoseThatAreHeldOut() {
    TrainingData data = TrainingRows.weightedClasses(9_000);
    assertThat(rows(data, null, calibrating())).isEqualTo(new RowCounts(7_200, 1_200, 0, 600));
    assertThat(rows(data, null, TrainingSpec.defaults())).isEqualTo(new RowCounts(7_200, 1_800, 0));
  }

  @Test
  void areNoneInSmallTablesAndWithFolds() {
    assertThat(rows(TrainingRows.weightedClasses(7_999), null, calibrating()).calibrating())
        .isZero();
    TrainingSpec folds = SpecCopy.of(calibrating()).with("bagging", new BaggingSpec(3)).spec();
    assertThat(rows(TrainingRows.weightedClasses(8_000), null, folds).calibrating()).isZero();
  }

  @Test
  void areAtMostTenThousand() {
    TrainingSpec half = SpecCopy.of(calibrating()).with("validationFraction", 0.5).spec();
    assertThat(rows(TrainingRows.weightedClasses(80_000), null, half))
        .isEqualTo(new RowCounts(40_000, 30_000, 0, 10_000));
  }

  @Test
  void areTakenFromValidationRowsThatCameApart() {
    TrainingData data = TrainingRows.weightedClasses(8_000);
    assertThat(rows(data, TrainingRows.weightedClasses(900), calibrating()))
        .isEqualTo(new RowCounts(8_000, 600, 0, 300));
  }

  @Test
  void areDrawnClassByClass() {
    TrainingData data = TrainingRows.weightedClasses(9_000);
    Split split = new HoldOut(data, null, data.split(0.2, 0.1, 5)).calibrating(5);
    int[] heldOut = data.split(0.2, 0.1, 5).validation();
    assertThat(split.validation()).hasSize(1_200).isSorted();
    assertThat(split.calibration()).hasSize(600).isSorted();
    assertThat(
            IntStream.concat(Arrays.stream(split.validation()), Arrays.stream(split.calibration())))
        .containsExactlyInAnyOrder(Arrays.stream(heldOut).boxed().toArray(Integer[]::new));
    long all = Arrays.stream(heldOut).filter(row -> data.unencoded().stratum(row) == 0).count();
    long drawn =
        Arrays.stream(split.calibration())
            .filter(row -> data.unencoded().stratum(row) == 0)
            .count();
    assertThat(drawn).isBetween(all / 3, all / 3 + 1);
  }

  /// Rows of one group are alike: some of them would tell what the others are.
  @Test
  void areWholeGroups() {
    TrainingData.Rows cities = TrainingRows.cities(9_000, 300, 3);
    Table table = cities.table();
    Schema schema = cities.schema();
    TrainingData data = new TrainingData.Rows(table, schema, new SplitSpec.Group("city"));
    Split split = new HoldOut(data, null, data.split(0.2, 0, 1)).calibrating(1);
    Column city = table.required("city");
    assertThat(split.calibration().length).isBetween(500, 700);
    assertThat(
            Arrays.stream(split.calibration()).map(row -> (int) city.cell(row)).distinct().boxed())
        .doesNotContain(
            Arrays.stream(split.validation())
                .map(row -> (int) city.cell(row))
                .distinct()
                .boxed()
                .toArray(Integer[]::new));
  }

  /// A former version held out all of them to end the training with.
  @Test
  void areNoneIfSoWasDecided() {
    TrainingData data = TrainingRows.weightedClasses(9_000);
    TrainingSpec once = SpecCopy.of(calibrating()).with("epochs", 1).spec();
    FitSpec decided = TrainingPlan.of(data, null, spec(once)).spec();
    TrainingPlan old = TrainingPlan.decided(data, null, decided, new RowCounts(7_200, 1_800, 0));
    TrainingResult.Trained model =
        (TrainingResult.Trained)
            old.run(new JavaKernels(), Team.ALONE, Clock.systemUTC(), _ -> {}, null);
    assertThat(model.learned().evaluations())
        .hasEntrySatisfying("validation", of -> assertThat(of.rows()).isEqualTo(1_800))
        .doesNotContainKey("calibration");
  }

  @Test
  void mustBeThere() {
    TrainingSpec none = SpecCopy.of(calibrating()).with("validationFraction", 0.0).spec();
    assertThatThrownBy(() -> rows(TrainingRows.weightedClasses(100), null, none))
        .isInstanceOfSatisfying(
            InvalidSpecException.class,
            e -> {
              assertThat(e.pointer()).isEqualTo("/training/calibration");
              assertThat(e.detail()).isEqualTo("needs rows that are held out, there are 0");
            });
    assertThatThrownBy(
            () ->
                SpecCopy.of(calibrating())
                    .with("crossValidation", new CrossValidationSpec(3))
                    .spec())
        .isInstanceOfSatisfying(
            InvalidSpecException.class, e -> assertThat(e.pointer()).isEqualTo("/calibration"));
  }
}
