package dev.backprop.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.training.EpochReport;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExpectedEpochsTest {

  private static final EarlyStoppingSpec PATIENT = new EarlyStoppingSpec.Patience(10, 0.01, null);

  private static TrainingSpec training(int epochs, EarlyStoppingSpec stopping) {
    return TrainingSpecs.training().epochs(epochs).earlyStopping(stopping).spec();
  }

  private static EpochReport epoch(
      int epoch, double loss, EpochReport.@Nullable Selected selected) {
    return new EpochReport(epoch, 1, loss, null, null, null, selected, null, 0.001, 0.5);
  }

  @Test
  void allEpochsRunWithoutEarlyStopping() {
    TrainingSpec training = training(100, new EarlyStoppingSpec.None());
    ExpectedEpochs expected = new ExpectedEpochs(training, 40);
    expected.onEpoch(epoch(7, 1, null));
    assertThat(expected.total()).isEqualTo(40);
    assertThat(expected.left()).isEqualTo(33);
    assertThat(ExpectedEpochs.of(training)).isEqualTo(100);
    assertThat(ExpectedEpochs.best(training)).isEqualTo(100);
  }

  @Test
  void threeTimesThePatienceIsExpectedBeforehand() {
    assertThat(ExpectedEpochs.of(training(100, PATIENT))).isEqualTo(30);
    assertThat(ExpectedEpochs.best(training(100, PATIENT))).isEqualTo(20);
    assertThat(ExpectedEpochs.of(training(25, PATIENT))).isEqualTo(25);
    assertThat(ExpectedEpochs.best(training(15, PATIENT))).isEqualTo(15);
  }

  @Test
  void theBestEpochSoFarSaysMore() {
    ExpectedEpochs expected = new ExpectedEpochs(training(500, PATIENT), 500);
    expected.onEpoch(epoch(1, 1, null));
    assertThat(expected.total()).isEqualTo(30);
    expected.onEpoch(epoch(40, 0.5, null));
    assertThat(expected.total()).isEqualTo(40 + 10 + 20);
    // A fall below minDelta buys no patience.
    expected.onEpoch(epoch(42, 0.495, null));
    assertThat(expected.total()).isEqualTo(40 + 10 + 0.6 * 20, within());
    expected.onEpoch(epoch(46, 0.6, null));
    assertThat(expected.total()).isEqualTo(50);
    assertThat(expected.left()).isEqualTo(4);
  }

  private static Offset<Double> within() {
    return Offset.offset(1e-9);
  }

  @Test
  void theFigureThatSelectsIsTheOneThatCounts() {
    TrainingSpec training =
        TrainingSpecs.training()
            .epochs(500)
            .earlyStopping(new EarlyStoppingSpec.Patience(10, 0, null))
            .selection(Metric.ACCURACY)
            .spec();
    ExpectedEpochs expected = new ExpectedEpochs(training, 500);
    expected.onEpoch(epoch(40, 1, new EpochReport.Selected(Metric.ACCURACY, 0.9)));
    expected.onEpoch(epoch(45, 0.5, new EpochReport.Selected(Metric.ACCURACY, 0.8)));
    assertThat(expected.total()).isEqualTo(50);
  }

  @Test
  void oneThatKnowsOnlyHowManyHaveEndedTakesTheLastForTheBest() {
    ExpectedEpochs expected = new ExpectedEpochs(training(100, PATIENT), 100);
    expected.show(30);
    assertThat(expected.total()).isEqualTo(55);
    expected.show(100);
    assertThat(expected.left()).isZero();
  }
}
