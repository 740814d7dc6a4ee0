package dev.backprop.service.job;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// The two times of a schedule. The scheduler waits until its clock says so, and would wait an hour
/// too long when that is set back by one: its clock is steady. In the database stands what the
/// processes agree on, the time of day.
final class ScheduleTime {

  /// How far they may drift apart before one follows the other.
  private static final Duration DRIFT = Duration.ofMillis(500);

  private final InstantSource ofDay;
  private final SteadyClock steady;

  /// From the steady time to the time of day.
  private volatile Duration ahead = Duration.ZERO;

  ScheduleTime(InstantSource ofDay) {
    this.ofDay = ofDay;
    this.steady = new SteadyClock(ofDay);
  }

  /// The steady time.
  Instant now() {
    return steady.instant();
  }

  Instant toTimeOfDay(Instant steadyTime) {
    return steadyTime.plus(ahead());
  }

  Instant toSteady(Instant timeOfDay) {
    return timeOfDay.minus(ahead());
  }

  /// Changes in steps, so that what is carried over keeps its order.
  private Duration ahead() {
    Duration known = ahead;
    Duration now = Duration.between(steady.instant(), ofDay.instant());
    if (now.minus(known).abs().compareTo(DRIFT) <= 0) {
      return known;
    }
    ahead = now;
    return now;
  }
}
