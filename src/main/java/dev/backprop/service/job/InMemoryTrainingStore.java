package dev.backprop.service.job;

import dev.backprop.engine.plan.Standing;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.http.Sort;
import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.intake.Acceptance;
import dev.backprop.service.intake.AcceptedTraining;
import dev.backprop.service.intake.TrainingInputs;
import dev.backprop.service.job.TrainingJob.CancelAnswer;
import dev.backprop.service.job.TrainingJob.CancelReason;
import dev.backprop.service.job.TrainingJob.FinishAnswer;
import dev.backprop.service.job.TrainingStore.Outcome;
import dev.backprop.service.model.ModelVersion;
import dev.backprop.service.model.Models;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Trainings that live as long as the process. Ids sort by age, so lists and pages follow the order
/// of the ids.
final class InMemoryTrainingStore implements TrainingStore {

  private static final Duration NEVER = Duration.ofDays(36_500);

  private final InMemoryTrainingQueue queue;
  private final InMemoryEndedTrainings finished;
  private final long budget;
  private final Datasets datasets;
  private final InMemoryTrainingCallbacks callbacks = new InMemoryTrainingCallbacks();

  private final NavigableMap<String, Row> rows = new TreeMap<>(); // guarded by this

  /// @param workers trainings at once
  /// @param keepFinished how many ended trainings are remembered
  /// @param budget bytes that running trainings may take together
  /// @param datasets the data sets that trainings hold
  InMemoryTrainingStore(int workers, int keepFinished, long budget, Datasets datasets) {
    this.queue = new InMemoryTrainingQueue(workers);
    this.finished = new InMemoryEndedTrainings(keepFinished, callbacks::isPending);
    this.budget = budget;
    this.datasets = datasets;
  }

  InMemoryTrainingCallbacks callbacks() {
    return callbacks;
  }

  /// A training, and at the same time the claim on it. Guarded by the store.
  private final class Row implements TrainingClaim {

    private final Acceptance acceptance;
    private final TrainingInputs inputs;
    private final Models.Reservation room;
    private @Nullable ModelVersion start; // null after the training has ended, because it is large
    private final List<EpochReport> epochs = new ArrayList<>();
    private long revision = 1;
    private JobState state = JobState.QUEUED;
    private @Nullable Instant startedAt;
    private @Nullable Instant finishedAt;
    private TrainingProgress progress = TrainingProgress.NONE;
    private @Nullable JobEnd end;
    private boolean cancelRequested;
    private boolean finishRequested;
    private boolean fenced;
    private boolean sealed;
    private final InMemoryTrainingCallbacks.@Nullable Call call;

    Row(AcceptedTraining training) {
      this.acceptance = training.acceptance();
      this.inputs = training.inputs();
      this.room = training.takeRoom();
      this.start = training.start();
      this.call = InMemoryTrainingCallbacks.Call.of(acceptance);
    }

    StoredTraining stored() {
      InMemoryTrainingCallbacks.Known called = callbacks.known(call);
      return new StoredTraining(
          acceptance,
          revision + called.changes(),
          state,
          startedAt,
          finishedAt,
          progress,
          end,
          called.callback());
    }

    @Nullable Standing standing() {
      return end instanceof JobEnd.Succeeded succeeded ? succeeded.standing() : null;
    }

    void finish(JobEnd how, Instant now) {
      if (state == JobState.QUEUED) {
        room.release(); // if it runs, its worker releases the room
      }
      end = how;
      state = how.state();
      finishedAt = now;
      revision++;
      queue.remove(acceptance.id());
      start = null;
      datasets.end(Paths.training(acceptance.id()));
      callbacks.add(call);
      finished
          .add(
              new InMemoryEndedTrainings.Ended(
                  acceptance.id(), epochs.size(), acceptance.shownBytes(), now))
          .forEach(rows::remove);
    }

    @Override
    public TrainingInputs inputs() {
      return inputs;
    }

    @Override
    public @Nullable ModelVersion start() {
      synchronized (InMemoryTrainingStore.this) {
        return start;
      }
    }

    @Override
    public Models.Reservation room() {
      return room;
    }

    @Override
    public Order order() {
      synchronized (InMemoryTrainingStore.this) {
        return state.ended()
            ? Order.LEAVE
            : cancelRequested ? Order.CANCEL : finishRequested ? Order.FINISH : Order.GO_ON;
      }
    }

    @Override
    public Order report(int reported, List<EpochReport> news, TrainingProgress now) {
      synchronized (InMemoryTrainingStore.this) {
        if (!state.ended()) {
          write(reported, news, now);
        }
        return order();
      }
    }

    private void write(int kept, List<EpochReport> news, TrainingProgress now) {
      epochs.subList(Math.min(kept, epochs.size()), epochs.size()).clear();
      epochs.addAll(news);
      progress = now;
      revision++;
    }

    @Override
    public void seal() {
      synchronized (InMemoryTrainingStore.this) {
        if (fenced || cancelRequested) {
          throw new FencedException(fenced ? CancelReason.CLAIM_LOST : CancelReason.REQUEST);
        }
        sealed = true;
      }
    }

    @Override
    public Instant end(End last) {
      synchronized (InMemoryTrainingStore.this) {
        if (fenced) {
          throw new FencedException(CancelReason.CLAIM_LOST);
        }
        if (finishedAt != null) {
          return finishedAt;
        }
        if (cancelRequested && last.how() instanceof JobEnd.Succeeded) {
          throw new FencedException(CancelReason.REQUEST);
        }
        write(0, last.history(), last.progress());
        finish(last.how(), last.at());
        return last.at();
      }
    }
  }

  @Override
  public boolean isLasting() {
    return false;
  }

  @Override
  public Duration checkpointInterval() {
    return NEVER;
  }

  @Override
  public synchronized void add(AcceptedTraining training, Admission admission) {
    String owner = training.acceptance().owner();
    admission.check(
        count(row -> row.state == JobState.QUEUED),
        count(row -> !row.state.ended() && owner != null && owner.equals(row.acceptance.owner())));
    rows.put(training.acceptance().id(), new Row(training));
  }

  private int count(Predicate<Row> counted) {
    return (int) rows.values().stream().filter(counted).count();
  }

  @Override
  public void offer(String id) {
    queue.add(id);
  }

  @Override
  public int queued() {
    return queue.size();
  }

  @Override
  public synchronized Optional<StoredTraining> find(String id) {
    return Optional.ofNullable(rows.get(id)).map(Row::stored);
  }

  @Override
  public synchronized Page<StoredTraining> list(Filter filter, @Nullable String before, int limit) {
    Stream<Row> newestFirst =
        (before == null ? rows : rows.headMap(before, false)).descendingMap().values().stream();
    List<Row> upToOneMore =
        newestFirst.filter(row -> matches(row, filter)).limit(limit + 1L).toList();
    return Page.of(
            upToOneMore, limit, row -> row.acceptance.id(), row -> row.acceptance.shownBytes())
        .map(Row::stored);
  }

  @Override
  public synchronized Page<StoredTraining> list(
      Filter filter, Sort sort, Sort.@Nullable Place after, int limit) {
    Function<Row, Sort.Place> places = row -> sort.place(row.standing(), row.acceptance.id());
    return Page.of(
            sort.upToOneMore(
                rows.values().stream().filter(row -> matches(row, filter)),
                places,
                Comparator.naturalOrder(),
                after,
                limit),
            limit,
            row -> sort.cursor(places.apply(row)),
            row -> row.acceptance.shownBytes())
        .map(Row::stored);
  }

  private static boolean matches(Row row, Filter filter) {
    return (filter.model() == null || filter.model().equals(row.acceptance.model()))
        && (filter.state() == null || filter.state() == row.state)
        && filter.caller().seesModel(row.acceptance.model());
  }

  @Override
  public synchronized Map<String, Long> revisions(Collection<String> ids) {
    Map<String, Long> revisions = new HashMap<>();
    for (String id : ids) {
      Row row = rows.get(id);
      if (row != null) {
        revisions.put(id, row.stored().revision());
      }
    }
    return revisions;
  }

  @Override
  public synchronized List<EpochReport> epochs(String id, int seen) {
    Row row = rows.get(id);
    return row == null || seen >= row.epochs.size()
        ? List.of()
        : List.copyOf(row.epochs.subList(seen, row.epochs.size()));
  }

  @Override
  public synchronized OptionalLong bytes(String id) {
    Row row = rows.get(id);
    return row == null || row.state.ended()
        ? OptionalLong.empty()
        : OptionalLong.of(row.acceptance.estimatedBytes());
  }

  @Override
  public long largestBudget() {
    return budget;
  }

  @Override
  public synchronized Cancelling cancel(String id, Instant now) {
    Row row = rows.get(id);
    if (row == null) {
      return new Cancelling(CancelAnswer.UNKNOWN, null);
    }
    if (row.state != JobState.QUEUED) {
      boolean late = row.sealed || row.state.ended();
      row.cancelRequested = !late;
      return new Cancelling(late ? CancelAnswer.TOO_LATE : CancelAnswer.REQUESTED, null);
    }
    row.finish(JobEnd.Cancelled.because(CancelReason.REQUEST), now);
    return new Cancelling(CancelAnswer.WAS_QUEUED, row.stored());
  }

  @Override
  public synchronized FinishAnswer finish(String id) {
    Row row = rows.get(id);
    if (row == null) {
      return FinishAnswer.UNKNOWN;
    }
    if (row.sealed || row.state.ended()) {
      return FinishAnswer.TOO_LATE;
    }
    FinishAnswer answer = FinishAnswer.of(row.state, row.acceptance);
    row.finishRequested |= answer == FinishAnswer.REQUESTED;
    return answer;
  }

  @Override
  public synchronized Outcome claim(String id, Instant now) {
    Row row = rows.get(id);
    if (row == null || row.state != JobState.QUEUED) {
      return new Outcome.Over();
    }
    queue.remove(id);
    row.state = JobState.RUNNING;
    row.startedAt = now;
    row.revision++;
    return new Outcome.Won(row, row.acceptance, now, row.progress);
  }

  @Override
  public synchronized Outcome end(String id, JobEnd how, Instant now) {
    Row row = rows.get(id);
    if (row == null || row.sealed || row.state.ended()) {
      return new Outcome.Over();
    }
    row.fenced = true;
    row.finish(row.cancelRequested ? JobEnd.Cancelled.because(CancelReason.REQUEST) : how, now);
    return new Outcome.Ended(row.stored());
  }

  @Override
  public synchronized void forget(int kept, @Nullable Instant until, Instant unsettled) {
    finished.forget(kept, until, unsettled).forEach(rows::remove);
  }

  @Override
  public synchronized Deletion delete(String id) {
    Row row = rows.get(id);
    if (row == null) {
      return Deletion.UNKNOWN;
    }
    if (!row.state.ended()) {
      return Deletion.UNDER_WAY;
    }
    finished.remove(id);
    callbacks.remove(id);
    rows.remove(id);
    return Deletion.DELETED;
  }

  @Override
  public void start(Worker worker) {
    queue.start(worker);
  }

  @Override
  public void stop() {
    queue.stop();
  }
}
