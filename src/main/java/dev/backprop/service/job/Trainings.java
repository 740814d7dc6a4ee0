package dev.backprop.service.job;

import dev.backprop.engine.plan.Standing;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.caller.Audit;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.http.Sort;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Pulse;
import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.intake.Acceptance;
import dev.backprop.service.intake.AcceptedTraining;
import dev.backprop.service.job.TrainingJob.CancelAnswer;
import dev.backprop.service.job.TrainingJob.CancelReason;
import dev.backprop.service.job.TrainingJob.FinishAnswer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Trainings, from their acceptance until they are forgotten.
final class Trainings {

  /// How often this process tells the store how far its trainings are, and asks whether to stop
  /// them.
  private static final Duration REPORT = Duration.ofSeconds(1);

  /// How often this process asks the store for trainings that run elsewhere while somebody here
  /// looks at them.
  private static final Duration REFRESH = Duration.ofMillis(500);

  private static final Duration COMPLETE = Duration.ofSeconds(10);
  private static final Duration COUNT = Duration.ofSeconds(2);
  private static final Duration FORGET = Duration.ofMinutes(1);

  /// How long an ended training is kept for its callback. The tries take about a minute, unless no
  /// process makes any.
  private static final Duration UNSETTLED = Duration.ofHours(1);

  private static final Duration FULL_FOR = Duration.ofSeconds(10);
  private static final TrainingStore.Filter WAITING =
      new TrainingStore.Filter(null, JobState.QUEUED, Caller.ANYBODY);
  private static final Duration STOPS_FOR = Duration.ofSeconds(30);

  /// Which trainings are kept.
  ///
  /// @param waiting how many may wait
  /// @param finished how many ended trainings are remembered
  /// @param age how long they are remembered; zero means forever
  record Limits(int waiting, int finished, Duration age) {}

  private final TrainingStore store;
  private final Datasets datasets;
  private final TrainingRunner runner;
  private final LiveTrainings live;
  private final InstantSource clock;
  private final Limits limits;
  private final Pulse pulse = new Pulse(2);
  private volatile int queued;
  private volatile Function<ModelReference, Optional<Standing>> standings = _ -> Optional.empty();

  Trainings(
      TrainingStore store,
      Datasets datasets,
      TrainingRunner runner,
      InstantSource clock,
      Limits limits) {
    this.store = store;
    this.datasets = datasets;
    this.runner = runner;
    this.live = runner.live();
    this.clock = clock;
    this.limits = limits;
  }

  static ProblemException full(int capacity) {
    return new ProblemException(
            ProblemCode.QUEUE_FULL,
            "the queue holds at most %d trainings and is full".formatted(capacity))
        .withRetryAfter(FULL_FOR);
  }

  static ProblemException quotaReached(int most, int now) {
    return new ProblemException(
            ProblemCode.QUOTA_REACHED,
            "the caller may have %d trainings that wait or run, and has %d".formatted(most, now))
        .withRetryAfter(FULL_FOR);
  }

  /// @throws ProblemException 503 if the service is stopping
  void refuseWhileStopping() {
    if (runner.isStopping()) {
      throw new ProblemException(
              ProblemCode.SERVICE_STOPPING, "the service is stopping and accepts no trainings")
          .withRetryAfter(STOPS_FOR);
    }
  }

  /// Accepts a training: from here on it will run, and end in a version or with a reason.
  ///
  /// @throws ProblemException 429 if the queue is full or the caller has too many already, 503 if
  ///   the service is stopping, 422 or 409 if something that it needs has been deleted meanwhile
  void accept(AcceptedTraining training, Caller caller) {
    refuseWhileStopping();
    String id = training.acceptance().id();
    store.add(
        training,
        new TrainingStore.Admission(limits.waiting(), caller.limits().concurrentTrainings()));
    training.own().forEach(data -> data.keepFor(Paths.training(id)));
    training.inputs().datasets().forEach(dataset -> hold(dataset, id));
    store.offer(id);
    if (runner.isStopping() && !store.isLasting()) {
      // stop() may have looked before this training came.
      end(id);
    }
  }

  private void hold(String dataset, String id) {
    if (!datasets.keep(dataset, Paths.training(id))) {
      throw new ProblemException(
          ProblemCode.CONFLICT, "data set %s has been deleted meanwhile".formatted(dataset));
    }
  }

  /// Looks at a training. Whoever calls this closes the watch.
  ///
  /// @return empty if the caller sees no training with that id
  Optional<Watch> watch(String id, Caller caller) {
    return live.watch(id).filter(watch -> isSeen(watch, caller));
  }

  private static boolean isSeen(Watch watch, Caller caller) {
    boolean seen = caller.seesModel(watch.job().acceptance().model());
    if (!seen) {
      Audit.isHidden();
      watch.close();
    }
    return seen;
  }

  /// What a training is of never changes, so this still holds when it is cancelled or finished.
  private boolean sees(String id, Caller caller) {
    try (Watch watch = caller.modelPrefixes().isEmpty() ? null : watch(id, caller).orElse(null)) {
      return caller.modelPrefixes().isEmpty() || watch != null;
    }
  }

  /// Looks at a training that is about to be accepted.
  Watch watch(Acceptance acceptance) {
    return live.watch(acceptance);
  }

  /// A training as somebody looks at it.
  interface Watch extends AutoCloseable {

    /// Kept up to date until the watch is closed.
    TrainingJob job();

    @Override
    void close();
  }

  /// @param before the id that the page before ended with; null for the first page
  /// @param limit at least 1
  /// @return newest first, without their histories
  Page<TrainingJob.Snapshot> list(TrainingStore.Filter filter, @Nullable String before, int limit) {
    return store.list(filter, before, limit).map(live::current);
  }

  /// As [#list], in the order of a figure.
  Page<TrainingJob.Snapshot> list(
      TrainingStore.Filter filter, Sort sort, Sort.@Nullable Place after, int limit) {
    return store.list(filter, sort, after, limit).map(live::current);
  }

  /// The same trainings with a few epochs of the history of each. Those that come after
  /// [ThinnedHistory#MOST_READ] epochs have none.
  ///
  /// @param epochs of each at most; 0 for none of any
  Page<TrainingJob.Snapshot> withHistories(Page<TrainingJob.Snapshot> page, int epochs) {
    AtomicInteger read = new AtomicInteger();
    return epochs == 0
        ? page
        : page.map(
            job ->
                read.getAndAdd(job.epochs()) > ThinnedHistory.MOST_READ
                    ? job
                    : job.with(
                        job.epochs() == 0
                            ? List.of()
                            : ThinnedHistory.of(
                                job.with(live.history(job.acceptance().id())), epochs)));
  }

  /// Cancels a training: a queued one at once, a running one before its next batch.
  CancelAnswer cancel(String id, Caller caller) {
    if (!sees(id, caller)) {
      return CancelAnswer.UNKNOWN;
    }
    TrainingStore.Cancelling cancelling = store.cancel(id, clock.instant());
    if (cancelling.answer() == CancelAnswer.REQUESTED) {
      runner.cancel(id);
    }
    if (cancelling.ended() != null) {
      ended(cancelling.ended());
    }
    return cancelling.answer();
  }

  /// Asks a running training to begin no further candidate, fold or epoch. What there is then is
  /// served.
  FinishAnswer finish(String id, Caller caller) {
    if (!sees(id, caller)) {
      return FinishAnswer.UNKNOWN;
    }
    FinishAnswer answer = store.finish(id);
    if (answer == FinishAnswer.REQUESTED) {
      runner.finish(id);
    }
    return answer;
  }

  /// Deletes a training that has ended. The version that it made stays, as do answers that are
  /// remembered for an `Idempotency-Key`. A callback that is still to be delivered is not.
  ///
  /// @throws ProblemException `forbidden` if it is another's
  TrainingStore.Deletion delete(String id, Caller caller) {
    try (Watch watch = watch(id, caller).orElse(null)) {
      if (watch == null) {
        return TrainingStore.Deletion.UNKNOWN;
      }
      // Whose a training is never changes.
      caller.requireMayDelete(watch.job().acceptance().owner(), "training " + id);
    }
    TrainingStore.Deletion deletion = store.delete(id);
    if (deletion == TrainingStore.Deletion.DELETED) {
      live.forget(id);
    }
    return deletion;
  }

  private void ended(StoredTraining training) {
    live.end(training);
    runner.tell(training);
  }

  /// How many trainings wait, in all processes that share the store. The number is some seconds
  /// old.
  int queued() {
    return queued;
  }

  /// How many trainings may wait.
  int capacity() {
    return limits.waiting();
  }

  /// How many processes run trainings of the store, this one included, as far as is known.
  int processes() {
    return store.processes();
  }

  /// How many trainings run in this process.
  int running() {
    return runner.running();
  }

  /// Begins to run trainings.
  void start() {
    store.start(runner);
    pulse.every(REPORT, runner::report);
    pulse.every(REFRESH, live::refresh);
    pulse.every(COUNT, () -> queued = store.queued());
    pulse.every(FORGET, this::forget);
    pulse.every(COMPLETE, this::completeStandings);
  }

  /// @param known how good a version is; empty if that is not known yet
  void completeFrom(Function<ModelReference, Optional<Standing>> known) {
    standings = known;
  }

  private void completeStandings() {
    store.completeStandings(standings);
  }

  void forget() {
    Instant now = clock.instant();
    store.forget(
        limits.finished(),
        limits.age().isZero() ? null : now.minus(limits.age()),
        now.minus(UNSETTLED));
  }

  /// Accepts and begins no more trainings. Leaves those that run or wait to other processes and to
  /// the next start, or ends them if nothing outlives this process.
  ///
  /// @param patience how long to wait until running trainings have noticed
  void stop(Duration patience) throws InterruptedException {
    runner.beginToStop();
    if (!store.isLasting()) {
      endAllThatWait();
      runner.awaitStop(patience);
    }
    live.close();
    if (store.isLasting()) {
      runner.awaitStop(patience);
    }
    store.stop();
    pulse.close();
  }

  /// The versions that trainings go on from which wait or run.
  Set<ModelReference> starts() {
    Set<ModelReference> starts = new HashSet<>();
    for (JobState state : List.of(JobState.QUEUED, JobState.RUNNING)) {
      TrainingStore.Filter filter = new TrainingStore.Filter(null, state, Caller.ANYBODY);
      String cursor = null;
      do {
        Page<StoredTraining> page = store.list(filter, Page.after(cursor), Page.MAX_LIMIT);
        page.items()
            .forEach(
                training -> {
                  if (training.acceptance().warmStart() != null) {
                    starts.add(training.acceptance().warmStart());
                  }
                });
        cursor = page.nextCursor();
      } while (cursor != null);
    }
    return starts;
  }

  private void endAllThatWait() {
    List<StoredTraining> waiting;
    do {
      waiting = store.list(WAITING, null, Page.MAX_LIMIT).items();
      waiting.forEach(training -> end(training.acceptance().id()));
    } while (!waiting.isEmpty());
  }

  /// Ends a training that waits, because the service stops.
  private void end(String id) {
    JobEnd how = JobEnd.Cancelled.because(CancelReason.SERVICE_STOPPING);
    if (store.end(id, how, clock.instant()) instanceof TrainingStore.Outcome.Ended(var training)) {
      ended(training);
    }
  }
}
