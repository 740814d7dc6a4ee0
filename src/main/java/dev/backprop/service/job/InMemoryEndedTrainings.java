package dev.backprop.service.job;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which ended trainings are remembered in memory: the latest ones, a bounded number and size.
/// Guarded by the store that they belong to.
final class InMemoryEndedTrainings {

  /// What their histories may come to together; some 100 bytes an epoch.
  static final int MAX_EPOCHS = 500_000;

  /// What they may take together beside their histories: what was asked of them, what they answer,
  /// warnings.
  static final long MAX_BYTES = 1 << 24;

  /// @param bytes beside its history
  record Ended(String id, int epochs, long bytes, Instant at) {}

  private final int max;
  private final ArrayDeque<Ended> oldestFirst = new ArrayDeque<>();
  private long epochs;
  private long bytes;

  /// @param max how many are remembered
  InMemoryEndedTrainings(int max) {
    this.max = max;
  }

  /// @return those that are forgotten for it
  List<String> add(Ended ended) {
    oldestFirst.add(ended);
    epochs += ended.epochs();
    bytes += ended.bytes();
    List<String> forgotten = new ArrayList<>();
    while (oldestFirst.size() > 1 && (epochs > MAX_EPOCHS || bytes > MAX_BYTES)) {
      forgotten.add(removeOldest());
    }
    forgotten.addAll(forget(max, null));
    return forgotten;
  }

  /// As [TrainingStore#forget].
  ///
  /// @return those that are forgotten
  List<String> forget(int kept, @Nullable Instant until) {
    List<String> forgotten = new ArrayList<>();
    while (oldestFirst.size() > kept
        || (until != null
            && !oldestFirst.isEmpty()
            && !oldestFirst.getFirst().at().isAfter(until))) {
      forgotten.add(removeOldest());
    }
    return forgotten;
  }

  private String removeOldest() {
    Ended oldest = oldestFirst.removeFirst();
    epochs -= oldest.epochs();
    bytes -= oldest.bytes();
    return oldest.id();
  }
}
