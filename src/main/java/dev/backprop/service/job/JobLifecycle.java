package dev.backprop.service.job;

import java.time.Duration;
import org.springframework.context.SmartLifecycle;

/// Starts the workers. Stops everything of this package before the web server begins its graceful
/// shutdown, because event streams and requests that wait for a training would hold that up.
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

  /// Starts last and stops first. The web server's graceful shutdown has a phase 1,024 lower.
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
