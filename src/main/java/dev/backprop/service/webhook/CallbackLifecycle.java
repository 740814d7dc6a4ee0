package dev.backprop.service.webhook;

import dev.backprop.platform.storage.Pulse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/// Looks again and again for trainings that have ended, and tells of them. It stops after trainings
/// have stopped, because these may end by that.
final class CallbackLifecycle implements SmartLifecycle {

  private static final Duration LOOK = Duration.ofMillis(500);

  /// How long to wait at the stop for calls that are under way.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final @Nullable Callbacks callbacks;
  private @Nullable Pulse pulse; // null unless it runs; guarded by this

  /// @param callbacks null if nobody may be called; those that wait are left to other processes
  CallbackLifecycle(@Nullable Callbacks callbacks) {
    this.callbacks = callbacks;
  }

  @Override
  public synchronized void start() {
    if (callbacks != null && pulse == null) {
      pulse = new Pulse(1);
      pulse.every(LOOK, callbacks::deliver);
    }
  }

  @Override
  public synchronized void stop() {
    if (callbacks == null || pulse == null) {
      return;
    }
    pulse.close();
    pulse = null;
    try {
      callbacks.stop(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return pulse != null;
  }

  /// Just before trainings start, and just after they have stopped.
  @Override
  public int getPhase() {
    return DEFAULT_PHASE - 1;
  }

  /// What has stopped does not start again.
  @Override
  public boolean isPauseable() {
    return false;
  }
}
