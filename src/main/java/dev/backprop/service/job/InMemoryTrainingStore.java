package dev.backprop.service.job;

import dev.backprop.engine.plan.Checkpoint;
import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.http.Page;
import dev.backprop.service.job.TrainingJob.CancelAnswer;
import dev.backprop.service.job.TrainingJob.CancelReason;
import dev.backprop.service.job.TrainingStore.Outcome;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Trainings that live as long as the process. Ids sort by age, so their order is the order of
/// everything here.
final class InMemoryTrainingStore implements TrainingStore {

  /// What the histories of ended trainings may come to together; some 100 bytes an epoch.
  static final int MAX_FINISHED_EPOCHS = 500_000;

  /// What ended trainings may take together beside their histories: what was asked of them, what
  /// they answer, warnings.
  static final long MAX_FINISHED_BYTES = 1 << 24;

  private static final Duration NEVER = Duration.ofDays(36_500);

  private final int keepFinished;
  private final long budget;
  private final List<Thread> workers = new ArrayList<>();

  /// Held by the worker that waits for memory, so that nothing passes the head of the queue.
  private final Lock head = new ReentrantLock();

  private final NavigableMap<String, Row> rows = new TreeMap<>(); // guarded by this, as all below
  private final ArrayDeque<Row> queue = new ArrayDeque<>();
  private final ArrayDeque<Row> finished = new ArrayDeque<>();
  private long finishedEpochs;
  private long finishedBytes;
  private @Nullable Worker worker;

  /// @param workers trainings at once
  /// @param keepFinished how many ended ones are remembered
  /// @param budget bytes that those that run may take together
  InMemoryTrainingStore(int workers, int keepFinished, long budget) {
    this.keepFinished = keepFinished;
    this.budget = budget;
    for (int i = 1; i <= workers; i++) {
      this.workers.add(
          Thread.ofPlatform().name("backprop-training-" + i).daemon().unstarted(this::work));
    }
  }

  /// Guarded by the lock of all. Whoever has claimed the training holds it as its claim.
  private final class Row implements TrainingClaim {

    private final Acceptance acceptance;
    private @Nullable OpenTraining open; // null once it has ended: it is large
    private final List<EpochReport> epochs = new ArrayList<>();
    private long revision = 1;
    private JobState state = JobState.QUEUED;
    private @Nullable Instant startedAt;
    private @Nullable Instant finishedAt;
    private TrainingProgress progress = TrainingProgress.NONE;
    private @Nullable JobEnd end;
    private boolean cancelRequested;
    private boolean fenced;

    Row(Accepted training) {
      this.acceptance = training.acceptance();
      this.open = training.open().handedOver();
    }

    StoredTraining stored() {
      return new StoredTraining(acceptance, revision, state, startedAt, finishedAt, progress, end);
    }

    void finish(JobEnd how, Instant now) {
      end = how;
      state = how.state();
      finishedAt = now;
      revision++;
      queue.remove(this);
      open = null;
      remember(this);
    }

    @Override
    public OpenTraining open() {
      synchronized (InMemoryTrainingStore.this) {
        if (open == null) {
          throw new FencedException(CancelReason.CLAIM_LOST);
        }
        return open;
      }
    }

    @Override
    public @Nullable Checkpoint checkpoint(TrainingPlan plan) {
      return null;
    }

    @Override
    public boolean keep(Checkpoint checkpoint, BooleanSupplier isNeeded) {
      return false;
    }

    @Override
    public void giveBack() {
      throw new IllegalStateException("no other process goes on");
    }

    @Override
    public Order order() {
      synchronized (InMemoryTrainingStore.this) {
        return state.ended() ? Order.LEAVE : cancelRequested ? Order.CANCEL : Order.GO_ON;
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
  public Body body() {
    return new Body() {
      @Override
      public InputStream of(InputStream body) {
        return body;
      }

      @Override
      public void finish() {}

      @Override
      public void close() {}
    };
  }

  @Override
  public synchronized void add(Accepted training, int capacity) {
    if (queue.size() >= capacity) {
      throw Trainings.full(capacity);
    }
    Row row = new Row(training);
    rows.put(training.acceptance().id(), row);
    queue.add(row);
    notifyAll();
  }

  @Override
  public synchronized int queued() {
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

  private static boolean matches(Row row, Filter filter) {
    return (filter.model() == null || filter.model().equals(row.acceptance.model()))
        && (filter.state() == null || filter.state() == row.state);
  }

  @Override
  public synchronized Map<String, Long> revisions(Collection<String> ids) {
    Map<String, Long> revisions = new HashMap<>();
    for (String id : ids) {
      Row row = rows.get(id);
      if (row != null) {
        revisions.put(id, row.revision);
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
  public Cancelling cancel(String id, Instant now) {
    OpenTraining unused;
    StoredTraining ended;
    synchronized (this) {
      Row row = rows.get(id);
      if (row == null) {
        return new Cancelling(CancelAnswer.UNKNOWN, null);
      }
      if (row.state != JobState.QUEUED) {
        row.cancelRequested = true;
        return new Cancelling(
            row.state.ended() ? CancelAnswer.TOO_LATE : CancelAnswer.REQUESTED, null);
      }
      unused = row.open;
      row.finish(JobEnd.Cancelled.because(CancelReason.REQUEST), now);
      ended = row.stored();
    }
    release(unused);
    return new Cancelling(CancelAnswer.WAS_QUEUED, ended);
  }

  /// Without the lock: others take it while they hold locks that this needs.
  private static void release(@Nullable OpenTraining unused) {
    if (unused != null) {
      unused.leases().release();
    }
  }

  @Override
  public synchronized Outcome claim(String id, Instant now) {
    Row row = rows.get(id);
    if (row == null || row.state != JobState.QUEUED) {
      return new Outcome.Over();
    }
    queue.remove(row);
    row.state = JobState.RUNNING;
    row.startedAt = now;
    row.revision++;
    return new Outcome.Won(row, row.acceptance, now, row.progress);
  }

  @Override
  public Outcome end(String id, JobEnd how, Instant now) {
    OpenTraining unused;
    StoredTraining ended;
    synchronized (this) {
      Row row = rows.get(id);
      if (row == null || row.state.ended()) {
        return new Outcome.Over();
      }
      unused = row.state == JobState.QUEUED ? row.open : null; // who runs it releases it
      row.fenced = true;
      row.finish(row.cancelRequested ? JobEnd.Cancelled.because(CancelReason.REQUEST) : how, now);
      ended = row.stored();
    }
    release(unused);
    return new Outcome.Ended(ended);
  }

  private void remember(Row ended) {
    finished.add(ended);
    finishedEpochs += ended.epochs.size();
    finishedBytes += ended.acceptance.shownBytes();
    while (finished.size() > 1
        && (finishedEpochs > MAX_FINISHED_EPOCHS || finishedBytes > MAX_FINISHED_BYTES)) {
      forgetOldest();
    }
    forget(keepFinished, null);
    notifyAll();
  }

  private void forgetOldest() {
    Row oldest = finished.removeFirst();
    finishedEpochs -= oldest.epochs.size();
    finishedBytes -= oldest.acceptance.shownBytes();
    rows.remove(oldest.acceptance.id());
  }

  @Override
  public synchronized void forget(int kept, @Nullable Instant until) {
    while (finished.size() > kept || (until != null && hasEndedBy(until))) {
      forgetOldest();
    }
  }

  private boolean hasEndedBy(Instant horizon) {
    Row oldest = finished.peekFirst();
    Instant at = oldest == null ? null : oldest.finishedAt;
    return at != null && !at.isAfter(horizon);
  }

  @Override
  public synchronized void start(Worker given) {
    worker = given;
    workers.forEach(Thread::start);
  }

  @Override
  public void stop() {
    workers.forEach(Thread::interrupt);
  }

  private void work() {
    try {
      while (true) {
        var _ = next().get(); // none comes back: there is no other process
      }
    } catch (InterruptedException _) {
      // Asked to end while idle.
    }
  }

  private Supplier<Turn> next() throws InterruptedException {
    head.lockInterruptibly();
    try {
      while (true) {
        Row first = first();
        Optional<Supplier<Turn>> admitted = worker().admit(first.acceptance.id());
        if (admitted.isPresent()) {
          leave(first);
          return admitted.get();
        }
      }
    } finally {
      head.unlock();
    }
  }

  private synchronized Row first() throws InterruptedException {
    while (queue.isEmpty()) {
      wait();
    }
    return queue.getFirst();
  }

  private synchronized void leave(Row admitted) {
    queue.remove(admitted);
  }

  private synchronized Worker worker() {
    if (worker == null) {
      throw new IllegalStateException("not started");
    }
    return worker;
  }
}
