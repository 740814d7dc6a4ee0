package dev.backprop.storage;

import dev.backprop.http.ProblemException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does small things again and again, on threads of its own.
public final class Pulse implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Pulse.class);

  private final ScheduledExecutorService threads;

  /// @param threads how many tasks may run at once
  public Pulse(int threads) {
    this.threads =
        Executors.newScheduledThreadPool(
            threads, Thread.ofPlatform().name("backprop-pulse-", 1).daemon().factory());
  }

  /// Does a task, begins with it one period from now, and goes on until [#close]. A fault ends one
  /// turn, not the task.
  public void every(Duration period, Runnable task) {
    var _ =
        threads.scheduleWithFixedDelay(
            () -> turn(task), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void turn(Runnable task) {
    try {
      task.run();
    } catch (ProblemException e) {
      // The database tells by itself that it cannot be reached.
      log.debug("A turn was left out: {}", e.getMessage());
    } catch (RuntimeException e) {
      if (!threads.isShutdown()) {
        log.error("A task that is done again and again broke down", e);
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
