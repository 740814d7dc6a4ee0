package dev.backprop.service.job;

import dev.backprop.engine.training.EpochReport;
import dev.backprop.service.intake.Acceptance;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The trainings that this process runs, or at which somebody looks. There is one object for each,
/// so that whoever looks sees at once what happens here. A training that runs elsewhere is updated
/// from the store as long as somebody looks at it.
final class LiveTrainings {

  private final TrainingStore store;
  private final Map<String, Entry> entries = new HashMap<>(); // guarded by this
  private boolean closed; // likewise

  LiveTrainings(TrainingStore store) {
    this.store = store;
  }

  /// Guarded by the lock of all.
  private static final class Entry {

    private final TrainingJob job;
    private int watchers;
    private boolean here;

    Entry(TrainingJob job) {
      this.job = job;
    }
  }

  /// Looks at a training that is about to be accepted.
  Trainings.Watch watch(Acceptance acceptance) {
    return watch(new TrainingJob(acceptance));
  }

  /// Looks at a training as it is now.
  ///
  /// @return empty if there is no such training
  Optional<Trainings.Watch> watch(String id) {
    TrainingJob running = here(id);
    if (running != null) {
      return Optional.of(watch(running));
    }
    Optional<StoredTraining> stored = store.find(id);
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    Trainings.Watch watch = watch(new TrainingJob(stored.get().acceptance()));
    boolean shown = false;
    try {
      show(id, watch.job(), stored.get());
      shown = true;
      return Optional.of(watch);
    } finally {
      if (!shown) {
        watch.close();
      }
    }
  }

  /// @param fresh used if the training has no object yet
  private synchronized Trainings.Watch watch(TrainingJob fresh) {
    Entry entry = entries.computeIfAbsent(fresh.id(), _ -> new Entry(fresh));
    entry.watchers++;
    if (closed) {
      entry.job.leave();
    }
    return new Watching(entry);
  }

  private final class Watching implements Trainings.Watch {

    private final Entry entry;
    private boolean open = true;

    Watching(Entry entry) {
      this.entry = entry;
    }

    @Override
    public TrainingJob job() {
      return entry.job;
    }

    @Override
    public void close() {
      synchronized (LiveTrainings.this) {
        if (open) {
          open = false;
          entry.watchers--;
          dropUnless(entry);
        }
      }
    }
  }

  private synchronized void dropUnless(Entry needed) {
    if (needed.watchers == 0 && !needed.here) {
      entries.remove(needed.job.id(), needed);
    }
  }

  /// A training begins to run here.
  ///
  /// @param first when the training began for the first time
  synchronized TrainingJob begin(Acceptance acceptance, Instant first) {
    Entry entry =
        entries.computeIfAbsent(acceptance.id(), _ -> new Entry(new TrainingJob(acceptance)));
    entry.here = true;
    entry.job.begin(first);
    return entry.job;
  }

  /// A training has ended here, or goes on elsewhere.
  synchronized void leave(String id) {
    Entry entry = entries.get(id);
    if (entry != null) {
      entry.here = false;
      dropUnless(entry);
    }
  }

  /// A training has been deleted, maybe before the thread that ran it has left it. Nobody finds it
  /// any more; whoever looks at it goes on.
  synchronized void forget(String id) {
    entries.remove(id);
  }

  /// Updates the trainings that run elsewhere and at which somebody looks.
  void refresh() {
    Map<String, Long> known = new HashMap<>();
    synchronized (this) {
      entries.forEach(
          (id, entry) -> {
            if (!entry.here && !entry.job.state().ended()) {
              known.put(id, entry.job.revision());
            }
          });
    }
    if (!known.isEmpty()) {
      store
          .revisions(known.keySet())
          .forEach(
              (id, revision) -> {
                if (!revision.equals(known.get(id))) {
                  refresh(id);
                }
              });
    }
  }

  /// Updates a training from the store if somebody looks at it.
  void refresh(String id) {
    TrainingJob job = elsewhere(id);
    if (job != null) {
      store.find(id).ifPresent(stored -> show(id, job, stored));
    }
  }

  private synchronized @Nullable TrainingJob elsewhere(String id) {
    Entry entry = entries.get(id);
    return entry == null || entry.here ? null : entry.job;
  }

  /// A training of a list. If it runs here, what this process knows is newer than what is stored.
  TrainingJob.Snapshot current(StoredTraining stored) {
    TrainingJob job = here(stored.acceptance().id());
    return job == null ? stored.snapshot() : job.snapshot(false);
  }

  /// The history of a training of a list.
  List<EpochReport> history(String id) {
    TrainingJob job = here(id);
    return job == null ? store.epochs(id, 0) : job.history();
  }

  private synchronized @Nullable TrainingJob here(String id) {
    Entry entry = entries.get(id);
    return entry != null && entry.here ? entry.job : null;
  }

  /// Shows the end of a training that did not run here, if somebody looks at it.
  void end(StoredTraining ended) {
    TrainingJob job = elsewhere(ended.acceptance().id());
    if (job != null) {
      show(job, ended, job.epochs(), List.of());
    }
  }

  private void show(String id, TrainingJob job, StoredTraining stored) {
    int known = job.epochs();
    int from = stored.progress().epochs() < known ? 0 : known;
    show(job, stored, from, store.epochs(id, from));
  }

  private synchronized void show(
      TrainingJob job, StoredTraining stored, int from, List<EpochReport> epochs) {
    if (elsewhere(job.id()) != null) {
      job.show(stored, from, epochs);
    }
  }

  /// Ends the waiting of everybody. Nobody can wait any more from now on.
  void close() {
    List<Entry> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(entries.values());
    }
    all.forEach(entry -> entry.job.leave());
  }
}
