package dev.backprop.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.spec.PresetName;
import dev.backprop.engine.spec.ScheduleSpec;
import dev.backprop.engine.spec.TrainingSpec;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PresetTest {

  private static final NumberEncodingSpec ROBUST = new NumberEncodingSpec.Robust();

  @Test
  void plainIsWhatIsLeftOut() {
    assertThat(Preset.spec(PresetName.PLAIN, table(1_000), 5))
        .isEqualTo(FitSpec.of(NetworkSpec.of(null, null, null), TrainingSpec.defaults()));
  }

  @Test
  void fewRowsHaveNoBins() {
    assertThat(numbers(PresetName.DEFAULT, table(99))).containsExactly(ROBUST);
    assertThat(numbers(PresetName.DEFAULT, table(299))).containsExactly(ROBUST);
    assertThat(numbers(PresetName.DEFAULT, table(300))).containsExactly(bins(24), ROBUST);
  }

  @Test
  void manyRowsHaveMoreBinsAndNoOtherNumbers() {
    assertThat(numbers(PresetName.DEFAULT, table(2_000))).containsExactly(bins(48), ROBUST);
    assertThat(numbers(PresetName.DEFAULT, table(10_000))).containsExactly(bins(48));
  }

  @Test
  void numericTargetsHaveNetworksThatLearnInWaves() {
    TableShape small = new TableShape(1_000, 8, 0, 1, true);
    assertThat(numbers(PresetName.DEFAULT, small)).containsExactly(bins(24), ROBUST);
    assertThat(schedules(small))
        .containsExactly(new ScheduleSpec.Constant(), new ScheduleSpec.CosLog4());
    TableShape large = new TableShape(16_000, 8, 0, 1, true);
    assertThat(numbers(PresetName.DEFAULT, large))
        .containsExactly(new NumberEncodingSpec.Periodic(16, 0.1));
    assertThat(schedules(large)).containsExactly(new ScheduleSpec.CosLog4());
  }

  @Test
  void howMuchDropoutLargeNumericTablesBearIsTried() {
    assertThat(members(Preset.spec(PresetName.BEST, new TableShape(16_000, 8, 0, 1, true), 5)))
        .extracting(member -> ((LayerSpec.Dropout) member.network().layers().get(1)).rate())
        .contains(0.02, 0.1, 0.15);
  }

  @Test
  void thousandsOfInputsHaveNoBins() {
    assertThat(numbers(PresetName.DEFAULT, new TableShape(5_000, 1_500, 0, 1, false)))
        .containsExactly(ROBUST);
  }

  @Test
  void textsAloneHaveOneNetwork() {
    assertThat(numbers(PresetName.DEFAULT, new TableShape(5_000, 0, 40, 1, false)))
        .containsExactly(new NumberEncodingSpec.Standardize());
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 299, 300, 1_499})
  void smallTablesTakeFiveSecondsAndHaveFolds(int rows) {
    for (boolean numeric : new boolean[] {true, false}) {
      TableShape shape = new TableShape(rows, 8, 6, 1, numeric);
      assertThat(folds(Preset.spec(PresetName.DEFAULT, shape, 5))).isEqualTo(5);
      assertThat(Preset.choice(PresetName.DEFAULT, shape, 5).seconds()).isLessThanOrEqualTo(5);
    }
  }

  @Test
  void fiftyThousandRowsTakeAMinute() {
    for (boolean numeric : new boolean[] {true, false}) {
      TableShape shape = new TableShape(50_000, 8, 6, 1, numeric);
      assertThat(Preset.choice(PresetName.DEFAULT, shape, 5).seconds()).isBetween(15.0, 60.0);
    }
  }

  @Test
  void millionsOfRowsAreHeldOutOnceAndEndInTime() {
    TableShape millions = new TableShape(3_000_000, 8, 20, 1, true);
    FitSpec spec = Preset.spec(PresetName.DEFAULT, millions, 5);
    assertThat(members(spec)).hasSize(1);
    assertThat(folds(spec)).isZero();
    assertThat(Preset.choice(PresetName.DEFAULT, millions, 5).seconds()).isLessThan(200);
  }

  @Test
  void aThousandClassesHaveSmallerNetworks() {
    TableShape classes = new TableShape(20_000, 10, 0, 1_000, false);
    assertThat(Preset.choice(PresetName.DEFAULT, classes, 5).products()).isLessThan(3_000_000);
  }

  @ParameterizedTest
  @EnumSource(names = "PLAIN", mode = EnumSource.Mode.EXCLUDE)
  void rowsThatCannotBeDealtAreHeldOutOnce(PresetName preset) {
    assertThat(folds(Preset.spec(preset, table(500), 0))).isZero();
    assertThat(folds(Preset.spec(preset, table(500), 1))).isZero();
  }

  @Test
  void foldsAreAtMostWhatRowsCanBeDealtTo() {
    assertThat(folds(Preset.spec(PresetName.DEFAULT, table(500), 3))).isEqualTo(3);
  }

  @Test
  void bestBeginsWithFast() {
    EnsembleSpec.Member fast = members(Preset.spec(PresetName.FAST, table(500), 0)).getFirst();
    List<EnsembleSpec.Member> best = members(Preset.spec(PresetName.BEST, table(500), 5));
    assertThat(best).hasSizeGreaterThan(4).doesNotHaveDuplicates();
    assertThat(best.getFirst().network()).isEqualTo(fast.network());
    assertThat(best.getFirst().encoding()).isEqualTo(fast.encoding());
  }

  @ParameterizedTest
  @EnumSource(names = "PLAIN", mode = EnumSource.Mode.EXCLUDE)
  void numbersAreClampedAndClassesAreNot(PresetName preset) {
    assertThat(members(Preset.spec(preset, new TableShape(500, 4, 0, 1, true), 5)))
        .allMatch(member -> member.encoding().clamp());
    assertThat(members(Preset.spec(preset, new TableShape(500, 4, 0, 1, false), 5)))
        .noneMatch(member -> member.encoding().clamp());
  }

  private static TableShape table(int rows) {
    return new TableShape(rows, 8, 6, 1, false);
  }

  private static NumberEncodingSpec bins(int count) {
    return new NumberEncodingSpec.PiecewiseLinear(count);
  }

  private static List<EnsembleSpec.Member> members(FitSpec spec) {
    return Objects.requireNonNull(spec.ensemble()).members();
  }

  private static List<NumberEncodingSpec> numbers(PresetName preset, TableShape shape) {
    return members(Preset.spec(preset, shape, 5)).stream()
        .map(member -> member.encoding().numbers())
        .toList();
  }

  private static int folds(FitSpec spec) {
    return spec.training().bagging() == null ? 0 : spec.training().bagging().folds();
  }

  private static List<ScheduleSpec> schedules(TableShape shape) {
    return members(Preset.spec(PresetName.DEFAULT, shape, 5)).stream()
        .map(member -> member.training().schedule())
        .toList();
  }
}
