package dev.backprop.engine.plan;

import dev.backprop.engine.training.Signal;
import dev.backprop.engine.training.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes checkpoints of a training whose folds are at work, each on a thread of its own. A fold is
/// known by the number of its task. They have the figures of folds that have ended, and snapshots
/// of those under way. Each fold takes its own between two of its steps.
final class FoldCheckpoints {

  private final Checkpoints checkpoints;
  private final Fingerprint fingerprint;

  /// Null if no candidates are chosen from.
  private final @Nullable Admission admission;

  private final NavigableMap<Integer, MeasuredFold> ended = new TreeMap<>();
  private final Set<Integer> underWay = new TreeSet<>();

  /// Those whose snapshots the next checkpoint waits for.
  private final Set<Integer> awaited = new TreeSet<>();

  /// Snapshots for the next checkpoint, and those of folds that have not gone on from them yet.
  private final NavigableMap<Integer, Snapshot> snapshots = new TreeMap<>();

  FoldCheckpoints(Watch watch) {
    this(watch, null);
  }

  /// @param admission of the candidates of an ensemble; null if there are none
  FoldCheckpoints(Watch watch, @Nullable Admission admission) {
    this.admission = admission;
    checkpoints = watch.supervisor();
    fingerprint = watch.fingerprint();
    Checkpoint from = watch.from();
    if (from != null) {
      from.measured().forEach(fold -> ended.put(fold.task(), fold));
      snapshots.putAll(from.fits());
      snapshots.remove(Checkpoint.KEPT);
    }
  }

  /// Ascending.
  synchronized List<MeasuredFold> ended() {
    return List.copyOf(ended.values());
  }

  synchronized boolean hasEnded(int fold) {
    return ended.containsKey(fold);
  }

  /// Whether a fold was under way when the training was interrupted.
  synchronized boolean goesOn(int fold) {
    return snapshots.containsKey(fold);
  }

  /// Whether a fold need not begin.
  boolean isSuspended() {
    return checkpoints.signal() == Signal.SUSPEND;
  }

  /// @return the snapshot that the fold goes on from; null if there is none
  synchronized @Nullable Snapshot begin(int fold) {
    underWay.add(fold);
    if (!awaited.isEmpty()) {
      awaited.add(fold); // The checkpoint would lack what the fold goes on from.
    }
    return snapshots.remove(fold);
  }

  /// @param fold one that has begun
  /// @param why what the signal was
  synchronized void keep(int fold, Signal why, Supplier<Snapshot> snapshot) {
    if (why == Signal.SUSPEND) {
      snapshots.put(fold, snapshot.get());
      return;
    }
    if (awaited.isEmpty()) {
      Signal now = checkpoints.signal();
      if (now == Signal.GO_ON || now == Signal.CANCEL) {
        return; // Others have met the wish while this fold waited for them here.
      }
      awaited.addAll(underWay);
    }
    if (awaited.remove(fold)) {
      snapshots.put(fold, snapshot.get());
      saveIfComplete();
    }
  }

  /// @param measured null if the fold has not come to its end
  synchronized void end(int fold, @Nullable MeasuredFold measured) {
    underWay.remove(fold);
    if (measured != null) {
      ended.put(fold, measured);
      snapshots.remove(fold);
    }
    if (awaited.remove(fold)) {
      saveIfComplete();
    }
  }

  private void saveIfComplete() {
    if (awaited.isEmpty()) {
      save();
      snapshots.keySet().removeAll(underWay);
    }
  }

  /// Saves what there is.
  synchronized void save() {
    checkpoints.save(
        new Checkpoint(
            fingerprint,
            ended(),
            Map.copyOf(snapshots),
            admission == null ? null : admission.known()));
  }
}
