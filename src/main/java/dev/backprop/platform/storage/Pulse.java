package dev.backprop.platform.storage;

import dev.backprop.platform.problem.ProblemException;
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

  /// Does a task, begins with it one period from now, and goes on until [#close]. Whatever a turn
  /// throws ends that turn, not the task, and is told once until a turn goes well again.
  public void every(Duration period, Runnable task) {
    var _ =
        threads.scheduleWithFixedDelay(
            new Turns(task), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  private final class Turns implements Runnable {

    private final Runnable task;
    private boolean broken;

    Turns(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      try {
        task.run();
        broken = false;
      } catch (ProblemException e) {
        // The database tells by itself that it cannot be reached.
        log.debug("A turn was left out: {}", e.getMessage());
      } catch (Throwable e) {
        if (!broken && !threads.isShutdown()) {
          log.error("A task that is done again and again broke down; it is tried on", e);
        }
        broken = true;
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
