package dev.backprop.service.job;

import dev.backprop.engine.plan.Checkpoints;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.job.TrainingJob.CancelReason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs trainings of a database, on the workers of its schedule, each only while its estimate fits
/// into the memory ledger. A training does not wait for the database while it computes: what there
/// is to tell of it is told beside it.
final class StoredRunner {

  private static final Logger log = LoggerFactory.getLogger(StoredRunner.class);

  /// How long one that does not fit keeps its worker before another process may take it.
  private static final Duration FITS_WITHIN = Duration.ofSeconds(2);

  /// How long nobody looks after one that cannot run now.
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private static final Duration SHORTEST_WAIT = Duration.ofMillis(500);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  /// Makes the work of a training that some process has accepted.
  @FunctionalInterface
  interface Works {

    /// @param checkpoints that the training is asked for
    /// @param together told when the training succeeds, as [PlannedTraining] says it
    /// @throws ProblemException where it cannot be made: `busy`, `storage-unavailable` and
    ///   `newer-format` for now, or here, else never
    TrainingWork of(
        JdbcTrainingClaims.Outcome.Won claimed,
        Checkpoints checkpoints,
        Consumer<JobEnd.Succeeded> together);
  }

  private final JdbcTrainingStore store;
  private final JdbcTrainingClaims claims;
  private final JdbcTrainingProcesses processes;
  private final LiveTrainings live;
  private final Works works;
  private final StoredCheckpoints checkpoints;
  private final MemoryLedger ledger;
  private final JobListener listener;
  private final InstantSource clock;
  private final Map<String, Run> runs = new ConcurrentHashMap<>();
  private final CountDownLatch stopping = new CountDownLatch(1);

  StoredRunner(
      JdbcTrainingStore store,
      JdbcTrainingClaims claims,
      JdbcTrainingProcesses processes,
      LiveTrainings live,
      Works works,
      StoredCheckpoints checkpoints,
      MemoryLedger ledger,
      JobListener listener,
      InstantSource clock) {
    this.store = store;
    this.claims = claims;
    this.processes = processes;
    this.live = live;
    this.works = works;
    this.checkpoints = checkpoints;
    this.ledger = ledger;
    this.listener = listener;
    this.clock = clock;
  }

  /// A training that this process has claimed.
  private final class Run {

    private final JdbcTrainingClaim claim;
    private final TrainingJob job;
    private final CheckpointKeeper keeper;
    private int reported; // epochs; of the thread that reports
    private TrainingProgress progress = TrainingProgress.NONE; // that was reported; likewise

    Run(JdbcTrainingClaim claim, TrainingJob job) {
      this.claim = claim;
      this.job = job;
      this.keeper = checkpoints.keeper(job.id(), claim);
    }

    void report() {
      TrainingProgress now = job.progress();
      JdbcTrainingClaim.Order order;
      if (now.isNone() || now.equals(progress)) {
        order = claim.order();
      } else {
        List<EpochReport> epochs = job.epochsAfter(reported);
        order = claim.report(reported, epochs, now);
        reported += epochs.size();
        progress = now;
      }
      switch (order) {
        case GO_ON -> {}
        case CANCEL -> job.cancel(CancelReason.REQUEST);
        case LEAVE -> job.cancel(CancelReason.CLAIM_LOST);
      }
    }

    JdbcTrainingClaim.End end(JobEnd how) {
      return new JdbcTrainingClaim.End(how, job.history(), job.progress(how), clock.instant());
    }
  }

  int running() {
    return runs.size();
  }

  boolean isStopping() {
    return stopping.getCount() == 0;
  }

  /// Tells the database how far the trainings are that run here, and them what it says.
  void report() {
    runs.values().forEach(Run::report);
  }

  /// Asks a training to stop, where it runs here: before its next batch.
  void cancel(String id) {
    Run run = runs.get(id);
    if (run != null) {
      run.job.cancel(CancelReason.REQUEST);
    }
  }

  /// Has what runs here handed over, with a checkpoint.
  ///
  /// @param patience how long to wait for it to notice
  void stop(Duration patience) throws InterruptedException {
    stopping.countDown();
    runs.values().forEach(run -> run.keeper.suspend());
    long deadline = System.nanoTime() + patience.toNanos();
    synchronized (runs) {
      for (long left = patience.toNanos();
          left > 0 && !runs.isEmpty();
          left = deadline - System.nanoTime()) {
        runs.wait(left / 1_000_000 + 1);
      }
    }
    runs.values().forEach(StoredRunner::abandon);
  }

  /// Lets others have what has not noticed: it dies with the process, but did not kill it.
  private static void abandon(Run run) {
    try {
      run.claim.giveBack();
    } catch (ProblemException e) {
      log.warn("Training {} is left to another process: {}", run.job.id(), e.detail());
    }
  }

  /// Looks after a training whose turn it is.
  Turn look(String id) throws InterruptedException {
    try {
      OptionalLong bytes = isStopping() ? OptionalLong.empty() : store.bytes(id);
      if (bytes.isEmpty()) {
        return isStopping() ? new Turn.Back() : new Turn.Done();
      }
      if (bytes.getAsLong() > ledger.budget()) {
        return tooLarge(id, bytes.getAsLong());
      }
      if (!ledger.take(bytes.getAsLong(), FITS_WITHIN)) {
        return new Turn.Later(FITS_WITHIN);
      }
      try {
        return claim(id);
      } finally {
        ledger.giveBack(bytes.getAsLong());
      }
    } catch (ProblemException e) {
      log.warn("Training {} waits: {}", id, e.detail());
      return new Turn.Later(PAUSE);
    }
  }

  /// Leaves a training that was accepted with more memory than this process has to others that can
  /// hold it, or ends it where there is none.
  private Turn tooLarge(String id, long bytes) {
    long largest = processes.largestBudget();
    return bytes <= largest
        ? new Turn.Later(FITS_WITHIN)
        : after(
            id,
            claims.end(
                id,
                Problem.of(
                    ProblemCode.EXCEEDS_MEMORY,
                    "the training was accepted by a process with more memory: it needs %d bytes, in no process that runs now may trainings take more than %d bytes together"
                        .formatted(bytes, largest)),
                clock.instant()));
  }

  private Turn claim(String id) {
    return after(id, claims.claim(id, clock.instant()));
  }

  private Turn after(String id, JdbcTrainingClaims.Outcome outcome) {
    return switch (outcome) {
      case JdbcTrainingClaims.Outcome.Over _ -> new Turn.Done();
      case JdbcTrainingClaims.Outcome.Ended(StoredTraining training) -> {
        tell(training);
        yield new Turn.Done();
      }
      case JdbcTrainingClaims.Outcome.Newer(String why) -> {
        log.debug("Training {} is left to a newer version of the service: it {}", id, why);
        yield new Turn.Later(PAUSE);
      }
      case JdbcTrainingClaims.Outcome.Won won -> run(won);
    };
  }

  private Turn run(JdbcTrainingClaims.Outcome.Won won) {
    TrainingJob job = live.begin(won.acceptance(), won.startedAt());
    Run run = new Run(won.claim(), job);
    runs.put(job.id(), run);
    try {
      if (isStopping()) {
        // It may have come after stop() looked.
        run.keeper.suspend();
      }
      JobEnd end = attempt(won, run);
      return end == null ? leave(run) : end(run, end);
    } catch (ProblemException e) {
      log.warn("Training {} is left to another process: {}", job.id(), e.detail());
      return new Turn.Left();
    } finally {
      live.leave(job.id());
      runs.remove(job.id());
      synchronized (runs) {
        runs.notifyAll();
      }
    }
  }

  /// @return null where it has not ended
  private @Nullable JobEnd attempt(JdbcTrainingClaims.Outcome.Won won, Run run) {
    Acceptance acceptance = won.acceptance();
    JobEnd end;
    // What it has handed over last is written before the claim is given back.
    try (CheckpointKeeper keeper = run.keeper) {
      TrainingWork work = works.of(won, keeper, how -> run.claim.endTogether(run.end(how)));
      try {
        JobLog.starts(acceptance);
        end = work.run(run.job);
      } finally {
        work.release();
      }
    } catch (FencedException e) {
      run.job.cancel(e.reason());
      return e.reason() == CancelReason.REQUEST ? JobEnd.Cancelled.because(e.reason()) : null;
    } catch (ProblemException e) {
      log.warn("Training {} of model {}: {}", acceptance.id(), acceptance.model(), e.detail());
      return isForNow(e.code()) ? null : new JobEnd.Failed(e.problem(null));
    } catch (Throwable t) {
      // Whatever it is, it must take neither the worker nor the other trainings along.
      log.error("Training {} of model {} broke down", acceptance.id(), acceptance.model(), t);
      return JobEnd.Failed.because(t);
    }
    CancelReason reason = run.job.cancelReason();
    return end instanceof JobEnd.Cancelled && reason != CancelReason.REQUEST ? null : end;
  }

  private static boolean isForNow(ProblemCode code) {
    return code == ProblemCode.BUSY
        || code == ProblemCode.STORAGE_UNAVAILABLE
        || code == ProblemCode.NEWER_FORMAT;
  }

  /// Leaves a training that has not ended to the next who looks after it.
  private Turn leave(Run run) {
    CancelReason reason = run.job.cancelReason();
    if (reason == CancelReason.CLAIM_LOST) {
      log.warn("Training {} is run by another process", run.job.id());
      return new Turn.Left();
    }
    persist(
        () -> {
          run.claim.giveBack();
          return true;
        });
    return isStopping() ? new Turn.Back() : new Turn.Later(PAUSE);
  }

  private Turn end(Run run, JobEnd end) {
    JobEnd how = end;
    Instant at;
    try {
      at = persist(() -> run.claim.end(run.end(end)));
    } catch (FencedException e) {
      if (e.reason() == CancelReason.CLAIM_LOST) {
        run.job.cancel(e.reason());
        return leave(run);
      }
      how = JobEnd.Cancelled.because(e.reason());
      JobEnd cancelled = how;
      at = persist(() -> run.claim.end(run.end(cancelled)));
    }
    tell(run.job.snapshot(false), how, at);
    run.job.end(how, at);
    return new Turn.Done();
  }

  /// Tells of a training that has ended without having run here.
  void tell(StoredTraining ended) {
    if (ended.end() != null && ended.finishedAt() != null) {
      tell(ended.snapshot(), ended.end(), ended.finishedAt());
    }
  }

  private void tell(TrainingJob.Snapshot last, JobEnd how, Instant at) {
    listener.onEnd(last.acceptance().id(), how.state(), JobLog.ends(last, how, at));
  }

  /// Writes something down as soon as the database is there; trying again changes nothing.
  ///
  /// @throws ProblemException where the service stops before
  private <T> T persist(Supplier<T> write) {
    for (Duration pause = SHORTEST_WAIT; ; pause = longer(pause)) {
      try {
        return write.get();
      } catch (ProblemException e) {
        boolean passes =
            e.code() == ProblemCode.STORAGE_UNAVAILABLE || e.code() == ProblemCode.STORAGE_FULL;
        if (!passes || stopsWithin(pause)) {
          throw e;
        }
      }
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_WAIT) < 0 ? twice : LONGEST_WAIT;
  }

  private boolean stopsWithin(Duration pause) {
    try {
      return stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
