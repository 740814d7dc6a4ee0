package dev.backprop.service.job;

import dev.backprop.engine.plan.Checkpoints;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.intake.Acceptance;
import dev.backprop.service.job.TrainingJob.CancelReason;
import dev.backprop.service.job.TrainingStore.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs trainings on the threads of their store. A training runs only if its estimate fits into the
/// budget that all share. Another thread reports its epochs to the store, so that no training waits
/// for the store while it computes.
final class TrainingRunner implements TrainingStore.Worker {

  private static final Logger log = LoggerFactory.getLogger(TrainingRunner.class);

  /// How long a training waits for memory on its worker before another process may take it.
  static final Duration FITS_WITHIN = Duration.ofSeconds(2);

  /// How long a training that cannot run now is left alone.
  private static final Duration PAUSE = Duration.ofSeconds(10);

  /// Makes the work of a training that was claimed.
  @FunctionalInterface
  interface Works {

    /// @param checkpoints asks the training for checkpoints while it runs
    /// @throws ProblemException if the training cannot be opened, now or ever
    TrainingWork of(TrainingStore.Outcome.Won won, Checkpoints checkpoints);
  }

  private final TrainingStore store;
  private final Works works;
  private final LiveTrainings live;
  private final Budget memory;
  private final JobListener listener;
  private final InstantSource clock;
  private final Map<String, TrainingRun> runs = new ConcurrentHashMap<>();
  private final Insistence insistence = new Insistence();

  TrainingRunner(
      TrainingStore store, Works works, Budget memory, JobListener listener, InstantSource clock) {
    this.store = store;
    this.works = works;
    this.live = new LiveTrainings(store);
    this.memory = memory;
    this.listener = listener;
    this.clock = clock;
  }

  LiveTrainings live() {
    return live;
  }

  int running() {
    return runs.size();
  }

  boolean isStopping() {
    return insistence.isStopping();
  }

  /// Tells the store how far the trainings of this process are, and asks the store whether to stop
  /// them.
  void report() {
    runs.values().forEach(TrainingRun::report);
  }

  /// Asks a training to stop before its next batch, if it runs here.
  void cancel(String id) {
    TrainingRun run = runs.get(id);
    if (run != null) {
      run.job().cancel(CancelReason.REQUEST);
    }
  }

  /// Asks a training to begin nothing further, if it runs here.
  void finish(String id) {
    TrainingRun run = runs.get(id);
    if (run != null) {
      run.job().finish();
    }
  }

  /// Begins no more trainings, and asks those that run to stop. If the store is lasting, each hands
  /// over a checkpoint first.
  void beginToStop() {
    insistence.stop();
    runs.values().forEach(this::askToStop);
  }

  private void askToStop(TrainingRun run) {
    if (store.isLasting()) {
      run.keeper().suspend();
    } else {
      run.job().cancel(CancelReason.SERVICE_STOPPING);
    }
  }

  /// Waits for running trainings. One that has not ended in time is left behind, and dies with the
  /// process.
  ///
  /// @param patience how long to wait until they have noticed
  void awaitStop(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    synchronized (runs) {
      for (long left = patience.toNanos();
          left > 0 && !runs.isEmpty();
          left = deadline - System.nanoTime()) {
        runs.wait(left / 1_000_000 + 1);
      }
    }
    runs.values().forEach(this::abandon);
  }

  /// Gives back the claim of a training that has not noticed, because this must not count as a
  /// death. If nothing outlives this process, it ends the training instead.
  private void abandon(TrainingRun run) {
    try {
      if (store.isLasting()) {
        run.claim().giveBack();
        return;
      }
      JobEnd how = JobEnd.Cancelled.because(CancelReason.SERVICE_STOPPING);
      Instant now = clock.instant();
      if (store.end(run.job().id(), how, now) instanceof Outcome.Ended(StoredTraining training)) {
        tell(training);
        run.job().end(how, now);
      }
    } catch (ProblemException e) {
      log.warn("Training {} is left to another process: {}", run.job().id(), e.detail());
    }
  }

  @Override
  public Optional<Supplier<Turn>> admit(String id) throws InterruptedException {
    try {
      OptionalLong bytes = isStopping() ? OptionalLong.empty() : store.bytes(id);
      if (bytes.isEmpty()) {
        return turn(isStopping() ? new Turn.Back() : new Turn.Done());
      }
      long needed = bytes.getAsLong();
      if (needed > memory.limit()) {
        return tooLarge(id, needed);
      }
      Budget.Claim claim = memory.claim();
      return claim.await(needed, FITS_WITHIN)
          ? Optional.of(() -> run(id, claim))
          : Optional.empty();
    } catch (ProblemException e) {
      return turn(later(id, e));
    }
  }

  private static Optional<Supplier<Turn>> turn(Turn turn) {
    return Optional.of(() -> turn);
  }

  private static Turn later(String id, ProblemException e) {
    log.warn("Training {} waits: {}", id, e.detail());
    return new Turn.Later(PAUSE);
  }

  /// Leaves a training that needs more memory than this process has to a larger process. If there
  /// is none, it ends the training.
  private Optional<Supplier<Turn>> tooLarge(String id, long bytes) {
    long largest = store.largestBudget();
    if (bytes <= largest) {
      return Optional.empty();
    }
    Problem why =
        Problem.of(
            ProblemCode.EXCEEDS_MEMORY,
            "the training was accepted by a process with more memory: it needs %d bytes, in no process that runs now may trainings take more than %d bytes together"
                .formatted(bytes, largest));
    return turn(after(id, store.end(id, new JobEnd.Failed(why), clock.instant())));
  }

  private Turn run(String id, Budget.Claim held) {
    try (held) {
      return after(id, store.claim(id, clock.instant()));
    } catch (ProblemException e) {
      return later(id, e);
    }
  }

  private Turn after(String id, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Over _ -> new Turn.Done();
      case Outcome.Ended(StoredTraining training) -> {
        tell(training);
        yield new Turn.Done();
      }
      case Outcome.Newer(String why) -> {
        log.debug("Training {} is left to a newer version of the service: it {}", id, why);
        yield new Turn.Later(PAUSE);
      }
      case Outcome.Won won -> run(won);
    };
  }

  private Turn run(Outcome.Won won) {
    TrainingJob job = live.begin(won.acceptance(), won.startedAt());
    TrainingRun run = new TrainingRun(won.claim(), job, store.checkpointInterval(), listener);
    runs.put(job.id(), run);
    if (won.claim().isTakenOver()) {
      listener.onTakeover();
    }
    if (won.claim().finishes()) {
      job.finish();
    }
    try (JobListener.Running _ = listener.onRun(job, won.claim().attempt())) {
      if (isStopping()) {
        // beginToStop() may have asked the others before this one was there.
        askToStop(run);
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

  /// @return null if it has not ended
  private @Nullable JobEnd attempt(Outcome.Won won, TrainingRun run) {
    Acceptance acceptance = won.acceptance();
    // Closing the keeper writes the last checkpoint. This must come before the claim is given back.
    try (CheckpointKeeper keeper = run.keeper()) {
      TrainingWork work = works.of(won, keeper);
      try {
        JobLog.starts(acceptance, won.claim().attempt());
        return work.run(run.job());
      } finally {
        work.release();
      }
    } catch (FencedException e) {
      run.job().cancel(e.reason());
      return e.reason() == CancelReason.REQUEST ? JobEnd.Cancelled.because(e.reason()) : null;
    } catch (ProblemException e) {
      log.warn("Training {} of model {}: {}", acceptance.id(), acceptance.model(), e.detail());
      return store.isLasting() && isForNow(e.code()) ? null : new JobEnd.Failed(e.problem(null));
    } catch (Throwable t) {
      // Whatever was thrown must end neither the worker nor other trainings.
      log.error("Training {} of model {} broke down", acceptance.id(), acceptance.model(), t);
      return JobEnd.Failed.because(t);
    }
  }

  private static boolean isForNow(ProblemCode code) {
    return code == ProblemCode.BUSY
        || code == ProblemCode.STORAGE_UNAVAILABLE
        || code == ProblemCode.NEWER_FORMAT;
  }

  /// Leaves a training that has not ended to whoever claims it next.
  private Turn leave(TrainingRun run) {
    if (run.job().cancelReason() == CancelReason.CLAIM_LOST) {
      log.warn("Training {} is run by another process", run.job().id());
      return new Turn.Left();
    }
    insistence.persist(
        () -> {
          run.claim().giveBack();
          return true;
        });
    return isStopping() ? new Turn.Back() : new Turn.Later(PAUSE);
  }

  private Turn end(TrainingRun run, JobEnd end) {
    JobEnd how = end;
    Instant at;
    try {
      at = insistence.persist(() -> run.claim().end(run.job().ending(end, clock.instant())));
    } catch (FencedException e) {
      if (e.reason() == CancelReason.CLAIM_LOST) {
        run.job().cancel(e.reason());
        return leave(run);
      }
      how = JobEnd.Cancelled.because(e.reason());
      JobEnd cancelled = how;
      at = insistence.persist(() -> run.claim().end(run.job().ending(cancelled, clock.instant())));
    }
    tell(run.job().snapshot(false), how, at);
    run.job().end(how, at);
    return new Turn.Done();
  }

  /// Logs and counts a training that has ended and did not run here.
  void tell(StoredTraining ended) {
    if (ended.end() != null && ended.finishedAt() != null) {
      tell(ended.snapshot(), ended.end(), ended.finishedAt());
    }
  }

  private void tell(TrainingJob.Snapshot last, JobEnd how, Instant at) {
    if (how instanceof JobEnd.Failed(Problem error)
        && error.code().equals(ProblemCode.WORKERS_DIED.code())) {
      listener.onWorkersDied();
    }
    listener.onEnd(last.acceptance().id(), how.state(), JobLog.ends(last, how, at));
  }
}
