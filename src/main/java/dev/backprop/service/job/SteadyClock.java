package dev.backprop.service.job;

import java.time.Instant;
import java.time.InstantSource;

/// A clock that nobody sets. It starts at the time of another clock, and then runs on by itself. So
/// no measured time is wrong by an hour because the other clock was set.
final class SteadyClock implements InstantSource {

  private final Instant start;
  private final long nanos = System.nanoTime();

  SteadyClock(InstantSource clock) {
    start = clock.instant();
  }

  @Override
  public Instant instant() {
    return start.plusNanos(System.nanoTime() - nanos);
  }
}
