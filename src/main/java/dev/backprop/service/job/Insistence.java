package dev.backprop.service.job;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Tries to write to the store until it succeeds or the service stops.
final class Insistence {

  private static final Duration SHORTEST_WAIT = Duration.ofMillis(500);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  private final CountDownLatch stopping = new CountDownLatch(1);

  void stop() {
    stopping.countDown();
  }

  boolean isStopping() {
    return stopping.getCount() == 0;
  }

  /// Writes as soon as the store can be reached. Writing a second time must change nothing.
  ///
  /// @throws ProblemException if the service stops before it has succeeded
  <T> T persist(Supplier<T> write) {
    for (Duration pause = SHORTEST_WAIT; ; pause = longer(pause)) {
      try {
        return write.get();
      } catch (ProblemException e) {
        boolean passes =
            e.code() == ProblemCode.STORAGE_UNAVAILABLE || e.code() == ProblemCode.STORAGE_FULL;
        if (!passes || stopsWithin(pause)) {
          throw e;
        }
      }
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_WAIT) < 0 ? twice : LONGEST_WAIT;
  }

  private boolean stopsWithin(Duration pause) {
    try {
      return stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
