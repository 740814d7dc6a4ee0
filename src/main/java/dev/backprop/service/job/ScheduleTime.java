package dev.backprop.service.job;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// The two times of a schedule. The scheduler has a steady clock, because it would wait an hour too
/// long if its clock were set back by an hour. The database has the time of day, on which all
/// processes agree.
final class ScheduleTime {

  /// How far the two times may drift apart before one follows the other.
  private static final Duration DRIFT = Duration.ofMillis(500);

  private final InstantSource ofDay;
  private final SteadyClock steady;

  /// How far the time of day is ahead of the steady time.
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

  /// The difference changes in steps, so that converted times keep their order.
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
