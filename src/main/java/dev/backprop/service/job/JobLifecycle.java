package dev.backprop.service.job;

import java.time.Duration;
import org.springframework.context.SmartLifecycle;

/// Starts the workers, and stops everything of this package before the web server begins its
/// graceful shutdown. The event streams and the requests that wait for a training would hold it up
/// otherwise.
final class JobLifecycle implements SmartLifecycle {

  private final Trainings trainings;
  private final ProgressStreams streams;
  private final Duration patience;
  private volatile boolean running;

  JobLifecycle(Trainings trainings, ProgressStreams streams, Duration patience) {
    this.trainings = trainings;
    this.streams = streams;
    this.patience = patience;
  }

  @Override
  public void start() {
    trainings.start();
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    streams.close();
    try {
      trainings.stop(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /// The last to start and the first to stop; the web server's graceful shutdown is 1,024 below.
  @Override
  public int getPhase() {
    return DEFAULT_PHASE;
  }

  /// Workers do not start twice.
  @Override
  public boolean isPauseable() {
    return false;
  }
}
