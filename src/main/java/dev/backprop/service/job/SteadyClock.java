package dev.backprop.service.job;

import java.time.Instant;
import java.time.InstantSource;

/// A clock that nobody sets: it runs on from the moment at which it was made as time passes,
/// whatever the clock says that it was made by. What is measured with it is never too short or too
/// long by the hour that a clock was set back or forward.
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
