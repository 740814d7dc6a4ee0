package dev.backprop.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.spec.ScheduleSpec;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {

  private static LearningRateSchedule schedule(ScheduleSpec spec) {
    return new LearningRateSchedule(spec, 0.1, 10, 4);
  }

  @Test
  void constantStays() {
    assertThat(schedule(new ScheduleSpec.Constant()).rate(9, 3)).isEqualTo(0.1);
  }

  @Test
  void stepFallsEverySoManyEpochs() {
    LearningRateSchedule schedule = schedule(new ScheduleSpec.Step(3, 0.5));
    assertThat(schedule.rate(2, 3)).isEqualTo(0.1);
    assertThat(schedule.rate(3, 0)).isEqualTo(0.05);
    assertThat(schedule.rate(8, 0)).isEqualTo(0.025);
  }

  @Test
  void exponentialFallsEveryEpoch() {
    LearningRateSchedule schedule = schedule(new ScheduleSpec.Exponential(0.5));
    assertThat(schedule.rate(0, 3)).isEqualTo(0.1);
    assertThat(schedule.rate(2, 0)).isEqualTo(0.025);
  }

  @Test
  void cosineFallsFromTheBaseRateTowardsTheMinimum() {
    LearningRateSchedule schedule = schedule(new ScheduleSpec.Cosine(0, 0.1));
    assertThat(schedule.rate(0, 0)).isEqualTo(0.1);
    assertThat(schedule.rate(5, 0)).isCloseTo(0.1 * (0.1 + 0.9 / 2), within(1e-15));
    assertThat(schedule.rate(9, 3)).isBetween(0.01, 0.011);
  }

  @Test
  void cosineMovesWithEveryBatch() {
    LearningRateSchedule schedule = schedule(new ScheduleSpec.Cosine(0, 0));
    for (int step = 1; step < 40; step++) {
      assertThat(schedule.rate(step / 4, step % 4))
          .isLessThan(schedule.rate((step - 1) / 4, (step - 1) % 4));
    }
  }

  @Test
  void warmUpRisesLinearlyAndNeverStartsAtZero() {
    LearningRateSchedule schedule = schedule(new ScheduleSpec.Cosine(2, 0));
    assertThat(schedule.rate(0, 0)).isCloseTo(0.1 / 8, within(1e-15));
    assertThat(schedule.rate(1, 0)).isCloseTo(0.1 * 5 / 8, within(1e-15));
    assertThat(schedule.rate(1, 3)).isEqualTo(0.1);
    assertThat(schedule.rate(2, 0)).isEqualTo(0.1);
    assertThat(schedule.rate(6, 0)).isCloseTo(0.05, within(1e-15));
  }

  @Test
  void restartsAfterEveryPeriodOfOneLength() {
    LearningRateSchedule schedule = schedule(new ScheduleSpec.CosineRestarts(3, 1, 0));
    double first = schedule.rate(0, 0);
    double second = schedule.rate(1, 0);
    double third = schedule.rate(2, 0);

    assertThat(first).isGreaterThan(second);
    assertThat(second).isGreaterThan(third);
    for (int epoch : new int[] {3, 6, 9, 9_000}) {
      assertThat(schedule.rate(epoch, 0)).isEqualTo(first);
      assertThat(schedule.rate(epoch + 1, 0)).isCloseTo(second, within(1e-12));
      assertThat(schedule.rate(epoch + 2, 0)).isCloseTo(third, within(1e-12));
    }
  }

  @Test
  void restartsBeginAtTheBaseRateAndLastLonger() {
    LearningRateSchedule schedule = schedule(new ScheduleSpec.CosineRestarts(2, 3, 0.1));
    for (int start : new int[] {0, 2, 8}) {
      assertThat(schedule.rate(start, 0)).isEqualTo(0.1);
    }
    assertThat(schedule.rate(1, 0)).isCloseTo(0.055, within(1e-15));
    assertThat(schedule.rate(5, 0)).isCloseTo(0.055, within(1e-15));
    assertThat(schedule.rate(7, 3)).isBetween(0.01, 0.011);
    assertThat(schedule.rate(0, 2))
        .isCloseTo(0.01 + 0.09 * (1 + Math.cos(Math.PI / 4)) / 2, within(1e-15));
  }

  /// 40 steps: the top is step 0.3 · 40 - 1 = 11, the end step 39.
  @Test
  void oneCycleRisesToTheBaseRateAndFallsToTheEnd() {
    LearningRateSchedule schedule = schedule(new ScheduleSpec.OneCycle(0.3, 25, 1e4));
    assertThat(schedule.rate(0, 0)).isCloseTo(0.1 / 25, within(1e-15));
    assertThat(schedule.rate(2, 3)).isCloseTo(0.1, within(1e-15));
    assertThat(schedule.rate(6, 1)).isCloseTo((0.1 + 0.1 / 25e4) / 2, within(1e-15));
    assertThat(schedule.rate(9, 3)).isCloseTo(0.1 / 25e4, within(1e-15));
    for (int step = 1; step < 40; step++) {
      double change =
          schedule.rate(step / 4, step % 4) - schedule.rate((step - 1) / 4, (step - 1) % 4);
      assertThat(change * (step <= 11 ? 1 : -1)).as("step %d", step).isPositive();
    }
  }

  @Test
  void oneCycleOfFewStepsFallsFromTheBaseRate() {
    ScheduleSpec spec = new ScheduleSpec.OneCycle(0.3, 25, 1e4);
    assertThat(new LearningRateSchedule(spec, 0.1, 1, 1).rate(0, 0)).isEqualTo(0.1);
    LearningRateSchedule three = new LearningRateSchedule(spec, 0.1, 1, 3);
    assertThat(three.rate(0, 0)).isEqualTo(0.1);
    assertThat(three.rate(0, 2)).isCloseTo(0.1 / 25e4, within(1e-15));
  }

  @Test
  void exponentialWarmUpNearsTheBaseRate() {
    LearningRateSchedule schedule = schedule(new ScheduleSpec.ExponentialWarmup(5));
    assertThat(schedule.rate(0, 0)).isCloseTo(0.1 * (1 - Math.exp(-0.2)), within(1e-15));
    assertThat(schedule.rate(1, 0)).isCloseTo(0.1 * (1 - Math.exp(-1)), within(1e-15));
    assertThat(schedule.rate(9, 3)).isBetween(0.0999, 0.1);
  }

  @Test
  void plateausReduceTheRateAfterTheirPatience() {
    LearningRateSchedule schedule =
        schedule(new ScheduleSpec.ReduceOnPlateau(0.5, 2, 0.1, 0.2, null));
    double[] losses = {5, 4, 3.95, 3, 2.95, 2.92, 2.91, 3, 3, 3, 2, 2, 2};
    double[] factors = {1, 1, 1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2, 0.2, 0.2};
    for (int epoch = 0; epoch < losses.length; epoch++) {
      schedule.onEpoch(losses[epoch]);
      assertThat(schedule.rate(epoch + 1, 0))
          .as("after epoch %d", epoch)
          .isCloseTo(0.1 * factors[epoch], within(1e-15));
    }
  }

  /// ½ (1 - cos(2π log2(1 + 15t))): waves end where 1 + 15t is a power of two.
  @Test
  void coslog4HasFourWavesEachTwiceAsLong() {
    LearningRateSchedule schedule =
        new LearningRateSchedule(new ScheduleSpec.CosLog4(), 0.1, 15, 4);
    for (int epoch : new int[] {0, 1, 3, 7}) {
      assertThat(schedule.rate(epoch, 0)).isCloseTo(0, within(1e-15));
    }
    for (int wave = 0; wave < 4; wave++) {
      double top = Math.pow(2, wave + 0.5) - 1;
      assertThat(schedule.rate((int) top, 0)).isBetween(0.0, 0.1);
    }
    for (int step = 0; step < 60; step++) {
      double waves = Math.log(1 + step / 4.0) / Math.log(2);
      assertThat(schedule.rate(step / 4, step % 4))
          .isCloseTo(0.1 * 0.5 * (1 - Math.cos(2 * Math.PI * waves)), within(1e-15));
    }
  }

  @Test
  void flatCosStaysForHalfTheStepsAndFallsTowards0() {
    LearningRateSchedule schedule = schedule(new ScheduleSpec.FlatCos());
    for (int step = 0; step <= 20; step++) {
      assertThat(schedule.rate(step / 4, step % 4)).isEqualTo(0.1);
    }
    for (int step = 21; step < 40; step++) {
      double t = step / 40.0;
      assertThat(schedule.rate(step / 4, step % 4))
          .isCloseTo(0.1 * 0.5 * (1 + Math.cos(Math.PI * (2 * t - 1))), within(1e-15));
    }
    assertThat(schedule.progress(0, 0)).isZero();
    assertThat(schedule.progress(9, 3)).isEqualTo(39 / 40.0);
  }

  @Test
  void lossesMoveNoOtherSchedule() {
    LearningRateSchedule schedule = schedule(new ScheduleSpec.Constant());
    for (int epoch = 0; epoch < 30; epoch++) {
      schedule.onEpoch(1);
    }
    assertThat(schedule.rate(9, 0)).isEqualTo(0.1);
  }
}
