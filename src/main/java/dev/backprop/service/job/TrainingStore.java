package dev.backprop.service.job;

import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.intake.Acceptance;
import dev.backprop.service.intake.AcceptedTraining;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keeps trainings, hands those that wait to workers, and knows who has claimed which.
interface TrainingStore {

  /// Whether trainings outlive this process. If they do, another process may go on with them, and
  /// they have checkpoints.
  boolean isLasting();

  /// Between two checkpoints of a training, at least.
  Duration checkpointInterval();

  /// Accepts a training: from here on it waits for a worker.
  ///
  /// @param capacity how many may wait
  /// @throws ProblemException 429 if the queue is full, 422 or 409 if what it needs has been
  ///   deleted meanwhile; nothing is kept then
  void add(AcceptedTraining training, int capacity);

  /// Lets the workers have a training that was accepted, now that everything it needs is kept.
  void offer(String id);

  /// How many wait, in all processes.
  int queued();

  Optional<StoredTraining> find(String id);

  /// Lists trainings, the newest first. One that cannot be read is left out.
  ///
  /// @param before the id that the page before ended with; null for the first page
  Page<StoredTraining> list(Filter filter, @Nullable String before, int limit);

  /// Which trainings a list has; null for all.
  record Filter(@Nullable String model, @Nullable JobState state) {}

  /// The revisions of those that there are.
  Map<String, Long> revisions(Collection<String> ids);

  /// The epochs that have been reported after so many, oldest first.
  List<EpochReport> epochs(String id, int seen);

  /// What a training takes in memory while it runs; empty if it has ended or is not there.
  OptionalLong bytes(String id);

  /// The memory that the largest process has for trainings, as far as is known. What needs more can
  /// never run.
  long largestBudget();

  /// What came of an attempt to cancel a training.
  ///
  /// @param ended as it is now, if this has ended it
  record Cancelling(TrainingJob.CancelAnswer answer, @Nullable StoredTraining ended) {}

  /// Cancels a training that waits, and has whoever runs it asked to stop.
  Cancelling cancel(String id, Instant now);

  /// Claims a training for whoever is going to run it, from whoever had claimed it before.
  Outcome claim(String id, Instant now);

  /// Ends a training, whoever has claimed it. If somebody has asked to cancel it, it is cancelled.
  Outcome end(String id, JobEnd how, Instant now);

  /// What came of an attempt to claim or to end a training.
  sealed interface Outcome {

    /// @param startedAt the first time
    /// @param progress how far it was when that was last reported
    record Won(
        TrainingClaim claim, Acceptance acceptance, Instant startedAt, TrainingProgress progress)
        implements Outcome {}

    /// It has just been ended.
    ///
    /// @param training as it is now
    record Ended(StoredTraining training) implements Outcome {}

    /// It had ended before.
    record Over() implements Outcome {}

    /// A newer version of the service has accepted it, whose processes can run it.
    ///
    /// @param why this one cannot, in words
    record Newer(String why) implements Outcome {}
  }

  /// Forgets trainings that have ended.
  ///
  /// @param kept how many are not forgotten: those that have ended last
  /// @param until forgets those among them, too, that had ended by then; null for none
  void forget(int kept, @Nullable Instant until);

  /// Begins to hand trainings to a worker, on several threads.
  void start(Worker worker);

  /// Hands out no more. Waits shortly for those threads.
  void stop();

  /// Looks after the trainings whose turn it is.
  interface Worker {

    /// Waits for a while until there is memory to run a training.
    ///
    /// @param id of the training, which may have ended
    /// @return what remains to be done; empty if there was no memory
    Optional<Supplier<Turn>> admit(String id) throws InterruptedException;
  }
}
