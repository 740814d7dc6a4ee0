package dev.backprop.service.status;

import dev.backprop.platform.json.Values;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the service does now.
///
/// @param version of the service; null if the build did not say it
/// @param commit that it was built from; null if the build did not say it
/// @param startedAt when this process began
/// @param kernels that compute
/// @param processes how many share the database and were heard lately, this one included
record StatusResource(
    @Nullable String version,
    @Nullable String commit,
    Instant startedAt,
    double uptimeSeconds,
    String kernels,
    Queue queue,
    Memory memory,
    int processes,
    Storage storage,
    Keys keys) {

  /// Trainings that have not ended.
  ///
  /// @param queued that wait, in all processes together
  /// @param capacity how many may wait
  /// @param running in this process
  record Queue(int queued, int capacity, int running) {}

  /// @param heapUsed bytes of this process
  /// @param heapMax the most that there can be
  record Memory(long heapUsed, long heapMax, List<BudgetUse> budgets) {}

  /// Bytes that are set aside for one purpose.
  ///
  /// @param name such as models
  /// @param limit the most bytes
  /// @param held bytes that are in use
  /// @param waiting how many wait for bytes
  /// @param refused how many were refused since the start
  record BudgetUse(String name, long limit, long held, int waiting, long refused) {}

  /// @param kind memory, sqlite or postgresql
  /// @param freeBytes of the disk of the data directory
  /// @param totalBytes of that disk
  /// @param faults of the storage since the start, by their kind
  record Storage(
      @Values(names = {"memory", "sqlite", "postgresql"}) String kind,
      long freeBytes,
      long totalBytes,
      Map<String, Long> faults) {}

  /// @param valid how many keys are neither revoked nor expired
  record Keys(int valid) {}
}
