package dev.backprop.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.spec.ScheduleSpec;
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
}
