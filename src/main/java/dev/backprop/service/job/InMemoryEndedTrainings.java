package dev.backprop.service.job;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which ended trainings are remembered in memory: the latest ones, a bounded number and size.
/// Guarded by the store that they belong to.
final class InMemoryEndedTrainings {

  /// The most epochs that their histories may have together. An epoch takes some 100 bytes.
  static final int MAX_EPOCHS = 500_000;

  /// The most memory that they may take together beside their histories.
  static final long MAX_BYTES = 1 << 24;

  /// @param bytes of the training without its history
  record Ended(String id, int epochs, long bytes, Instant at) {}

  private final int max;
  private final ArrayDeque<Ended> oldestFirst = new ArrayDeque<>();
  private long epochs;
  private long bytes;

  /// @param max how many are remembered
  InMemoryEndedTrainings(int max) {
    this.max = max;
  }

  /// @return the trainings that are forgotten to make room
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
  /// @return the trainings that are forgotten
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
