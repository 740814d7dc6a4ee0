package dev.backprop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that goes on when a test says so.
public final class SteppedClock implements InstantSource {

  private volatile Instant now;

  public SteppedClock(Instant start) {
    this.now = start;
  }

  @Override
  public Instant instant() {
    return now;
  }

  /// @param step negative if the clock is set back
  public void step(Duration step) {
    now = now.plus(step);
  }
}
