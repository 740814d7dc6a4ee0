package dev.backprop.platform.limits;

import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/// What each budget takes of the heap if its property is not set: together 87 %, so that the
/// service refuses work before the heap is full.
public enum HeapShare {
  DATASETS(0.28),
  TRAININGS(0.28),
  MODELS(0.15),
  IN_FLIGHT(0.10),
  CONNECTIONS(0.04),
  IDEMPOTENCY(0.02);

  private final double share;

  HeapShare(double share) {
    this.share = share;
  }

  public double share() {
    return share;
  }

  /// Bytes of the configured budget, or this share of the largest heap.
  public long bytes(@Nullable DataSize configured) {
    return configured == null
        ? (long) (Runtime.getRuntime().maxMemory() * share)
        : configured.toBytes();
  }
}
