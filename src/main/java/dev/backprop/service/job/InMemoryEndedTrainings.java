package dev.backprop.service.job;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
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
  private final Predicate<String> isPending;
  private final ArrayDeque<Ended> oldestFirst = new ArrayDeque<>();
  private long epochs;
  private long bytes;

  /// @param max how many are remembered
  /// @param isPending whether the callback of a training is still to be delivered; it is remembered
  ///   so long
  InMemoryEndedTrainings(int max, Predicate<String> isPending) {
    this.max = max;
    this.isPending = isPending;
  }

  /// @return the trainings that are forgotten to make room
  List<String> add(Ended ended) {
    oldestFirst.add(ended);
    epochs += ended.epochs();
    bytes += ended.bytes();
    return remove(
        Instant.MIN, _ -> oldestFirst.size() > max || (oldestFirst.size() > 1 && isTooLarge()));
  }

  private boolean isTooLarge() {
    return epochs > MAX_EPOCHS || bytes > MAX_BYTES;
  }

  /// Forgets one.
  void remove(String id) {
    Iterator<Ended> all = oldestFirst.iterator();
    while (all.hasNext()) {
      Ended ended = all.next();
      if (ended.id().equals(id)) {
        remove(all, ended);
        return;
      }
    }
  }

  private void remove(Iterator<Ended> at, Ended ended) {
    at.remove();
    epochs -= ended.epochs();
    bytes -= ended.bytes();
  }

  /// As [TrainingStore#forget].
  ///
  /// @return the trainings that are forgotten
  List<String> forget(int kept, @Nullable Instant until, Instant unsettled) {
    return remove(
        unsettled,
        ended -> oldestFirst.size() > kept || (until != null && !ended.at().isAfter(until)));
  }

  /// @param goes asked of the oldest ones, until it says no
  private List<String> remove(Instant unsettled, Predicate<Ended> goes) {
    List<String> forgotten = new ArrayList<>();
    Iterator<Ended> oldest = oldestFirst.iterator();
    while (oldest.hasNext()) {
      Ended ended = oldest.next();
      if (!goes.test(ended)) {
        break;
      }
      if (ended.at().isAfter(unsettled) && isPending.test(ended.id())) {
        continue;
      }
      remove(oldest, ended);
      forgotten.add(ended.id());
    }
    return forgotten;
  }
}
