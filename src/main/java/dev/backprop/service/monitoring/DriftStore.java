package dev.backprop.service.monitoring;

import dev.backprop.engine.drift.Counts;
import java.time.Instant;
import java.util.List;

/// Where processes leave what they counted, for the others to read.
interface DriftStore {

  /// What a process counted of a version until then.
  record Written(String model, int version, Counts counts, Instant at) {}

  /// Replaces what this process wrote before of the same version.
  void write(Written written);

  /// What other processes wrote of a version.
  ///
  /// @param since older ones are not told
  List<Counts> others(String model, int version, Instant since);

  /// Forgets what is older, or of a time that is not yet.
  void forget(Instant before, Instant after);
}
