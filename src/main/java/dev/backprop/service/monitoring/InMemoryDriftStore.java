package dev.backprop.service.monitoring;

import dev.backprop.engine.drift.Counts;
import java.time.Instant;
import java.util.List;

/// There are no other processes.
final class InMemoryDriftStore implements DriftStore {

  @Override
  public void write(Written written) {}

  @Override
  public List<Counts> others(String model, int version, Instant since) {
    return List.of();
  }

  @Override
  public void forget(Instant before, Instant after) {}
}
