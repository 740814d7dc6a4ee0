package dev.backprop.service.job;

import dev.backprop.engine.plan.Standing;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.http.Sort;
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
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keeps trainings, hands those that wait to workers, and knows who has claimed which.
interface TrainingStore {

  /// Whether trainings outlive this process. If they do, another process may go on with them, and
  /// they have checkpoints.
  boolean isLasting();

  /// The least time between two checkpoints of a training.
  Duration checkpointInterval();

  /// Accepts a training: from here on it waits for a worker.
  ///
  /// @throws ProblemException 429 if the queue is full or the owner has too many already, 422 or
  ///   409 if something that it needs has been deleted meanwhile. The store keeps nothing then
  void add(AcceptedTraining training, Admission admission);

  /// How many trainings there may be.
  ///
  /// @param waiting that wait, the new one included
  /// @param ofOwner that wait or run, of the new one's owner; null if they are not counted
  record Admission(int waiting, @Nullable Integer ofOwner) {

    /// @throws ProblemException 429 if one more is too many
    void check(int queued, int ofOwnerNow) {
      if (ofOwner != null && ofOwnerNow >= ofOwner) {
        throw Trainings.quotaReached(ofOwner, ofOwnerNow);
      }
      if (queued >= waiting) {
        throw Trainings.full(waiting);
      }
    }
  }

  /// Offers an accepted training to the workers. It is called after everything that the training
  /// needs has been kept.
  void offer(String id);

  /// How many trainings wait, in all processes.
  int queued();

  Optional<StoredTraining> find(String id);

  /// Lists trainings, the newest first. One that cannot be read is left out.
  ///
  /// @param before the id that the page before ended with; null for the first page
  Page<StoredTraining> list(Filter filter, @Nullable String before, int limit);

  /// Lists trainings in the order of a figure.
  ///
  /// @param after the place that the page before ended with; null for the first page
  Page<StoredTraining> list(Filter filter, Sort sort, Sort.@Nullable Place after, int limit);

  /// Completes trainings that a former version of the service has ended, which kept no figures.
  ///
  /// @param standings how good a version is; empty if that is not known yet
  default void completeStandings(Function<ModelReference, Optional<Standing>> standings) {}

  /// Which trainings a list shows. A null does not restrict it.
  ///
  /// @param caller who looks, and sees trainings of certain models only
  record Filter(@Nullable String model, @Nullable JobState state, Caller caller) {}

  /// The revisions of these trainings, without those that do not exist.
  Map<String, Long> revisions(Collection<String> ids);

  /// The reported epochs without the first ones, which the caller has seen; oldest first.
  List<EpochReport> epochs(String id, int seen);

  /// How much memory a training takes while it runs; empty if it has ended or does not exist.
  OptionalLong bytes(String id);

  /// The memory that the largest process has for trainings, as far as is known. What needs more can
  /// never run.
  long largestBudget();

  /// How many processes run trainings of this store, this one included, as far as is known.
  default int processes() {
    return 1;
  }

  /// What came of an attempt to cancel a training.
  ///
  /// @param ended the training as it is now, if this call has ended it; else null
  record Cancelling(TrainingJob.CancelAnswer answer, @Nullable StoredTraining ended) {}

  /// Cancels a training that waits, or asks whoever runs it to stop.
  Cancelling cancel(String id, Instant now);

  /// Asks whoever runs a training to begin nothing further.
  TrainingJob.FinishAnswer finish(String id);

  /// Claims a training for whoever is going to run it. Whoever had claimed it before loses the
  /// claim.
  Outcome claim(String id, Instant now);

  /// Ends a training, even if somebody has claimed it. If somebody has asked to cancel it, it ends
  /// as cancelled.
  Outcome end(String id, JobEnd how, Instant now);

  /// What came of an attempt to claim or to end a training.
  sealed interface Outcome {

    /// @param startedAt when it was started for the first time
    /// @param progress how far it was at the last report
    record Won(
        TrainingClaim claim, Acceptance acceptance, Instant startedAt, TrainingProgress progress)
        implements Outcome {}

    /// It has just been ended.
    ///
    /// @param training as it is now
    record Ended(StoredTraining training) implements Outcome {}

    /// It had ended before.
    record Over() implements Outcome {}

    /// A newer version of the service has accepted the training. Processes of that version can run
    /// it.
    ///
    /// @param why this process cannot, in words
    record Newer(String why) implements Outcome {}
  }

  /// Forgets trainings that have ended.
  ///
  /// @param kept how many are remembered: those that ended last
  /// @param until also forgets those of them that ended at this time or before; null to forget none
  ///   of them
  /// @param unsettled one whose callback is still to be delivered is kept all the same, unless it
  ///   ended at this time or before
  void forget(int kept, @Nullable Instant until, Instant unsettled);

  /// What came of an attempt to delete a training.
  enum Deletion {
    DELETED,
    /// It waits or runs.
    UNDER_WAY,
    /// There is no such training.
    UNKNOWN
  }

  /// Forgets a training that has ended, with its history and what is still to be told of it.
  Deletion delete(String id);

  /// Begins to hand trainings to a worker, on several threads.
  void start(Worker worker);

  /// Hands out no more trainings, and waits a short time for those threads.
  void stop();

  /// Runs the trainings whose turn has come.
  interface Worker {

    /// Waits for a while until there is memory to run a training.
    ///
    /// @param id of the training, which may have ended
    /// @return runs the training, or says at once what becomes of it; empty if there was not enough
    ///   memory
    Optional<Supplier<Turn>> admit(String id) throws InterruptedException;
  }
}
