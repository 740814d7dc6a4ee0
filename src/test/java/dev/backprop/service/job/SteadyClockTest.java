package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/// Clocks that are set while time passes.
class SteadyClockTest {

  private Duration set = Duration.ZERO;

  private Instant ofDay() {
    return Instant.now().plus(set);
  }

  @Test
  void nobodySetsASteadyClock() {
    SteadyClock steady = new SteadyClock(this::ofDay);
    Instant before = steady.instant();
    for (Duration step : new Duration[] {Duration.ofHours(-1), Duration.ofDays(7)}) {
      set = step;
      assertThat(steady.instant()).isBetween(before, before.plusSeconds(600));
    }
  }

  @Test
  void aScheduleIsSteadyInsideAndHasTheTimeOfDayOutside() {
    ScheduleTime time = new ScheduleTime(this::ofDay);
    for (Duration step : new Duration[] {Duration.ofHours(-1), Duration.ofHours(2)}) {
      Instant before = time.now();
      set = step;
      assertThat(time.now()).isAfterOrEqualTo(before);
      assertThat(time.toTimeOfDay(time.now())).isCloseTo(ofDay(), within(30, ChronoUnit.SECONDS));
      assertThat(time.toSteady(time.toTimeOfDay(before))).isEqualTo(before);
    }
  }
}
