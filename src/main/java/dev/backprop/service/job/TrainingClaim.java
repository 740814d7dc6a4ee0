package dev.backprop.service.job;

import dev.backprop.engine.plan.Checkpoint;
import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.intake.TrainingInputs;
import dev.backprop.service.model.ModelVersion;
import dev.backprop.service.model.Models;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The right to run a training, and to write down what comes of it. It lasts until somebody else
/// claims the training, or until the training has ended.
///
/// If the store does not outlive the process, nobody else can go on with the training. There are no
/// checkpoints then, and giving the claim back does nothing.
interface TrainingClaim {

  /// What the store answers to a report of whoever runs a training.
  enum Order {
    GO_ON,
    /// Nothing further begins, and what there is is served.
    FINISH,
    CANCEL,
    /// The claim is lost.
    LEAVE
  }

  /// How a training ended, and how far it had come.
  ///
  /// @param history every epoch
  record End(JobEnd how, List<EpochReport> history, TrainingProgress progress, Instant at) {}

  /// The data sets that the training learns from.
  ///
  /// @throws ProblemException `busy`, `storage-unavailable` or `newer-format` if they cannot be
  ///   read now or by this process; any other code if they can never be read
  TrainingInputs inputs();

  /// The version that it goes on from; null if it starts anew.
  ///
  /// @throws ProblemException as [#inputs]
  @Nullable ModelVersion start();

  /// The room that is reserved for its model; null if there is none yet.
  default Models.@Nullable Reservation room() {
    return null;
  }

  /// The newest checkpoint, if going on from it comes to the same end; null if there is none.
  ///
  /// @throws ProblemException if the store cannot be reached
  default @Nullable Checkpoint checkpoint(TrainingPlan plan) {
    return null;
  }

  /// Replaces the training's checkpoint by a newer one.
  ///
  /// @param isNeeded asked now and then; once it says no, writing ends and nothing is kept
  /// @return false if it was not needed any more, or the claim is lost
  default boolean keep(Checkpoint checkpoint, BooleanSupplier isNeeded) throws IOException {
    return false;
  }

  /// Whether somebody had asked to finish the training before it was claimed.
  default boolean finishes() {
    return false;
  }

  /// Gives the claim back: the training waits again, and nothing has happened to it.
  default void giveBack() {}

  /// Asks what to do. It is called instead of a report if there is nothing to report.
  Order order();

  /// Reports epochs. If somebody else has reported epochs after the first `reported` ones, the
  /// store forgets those.
  ///
  /// @param reported how many epochs this claim has reported before
  /// @param epochs the epochs after those
  Order report(int reported, List<EpochReport> epochs, TrainingProgress progress);

  /// The which one this is of the claims that were not given back: one more than processes that
  /// died while they had the training.
  default int attempt() {
    return 1;
  }

  /// Whether somebody else had claimed the training and neither gave it back nor ended it.
  default boolean isTakenOver() {
    return false;
  }

  /// Makes it too late to cancel the training, because its version is about to be added. A lasting
  /// store need not do this: it refuses the end of a cancelled training, and the version with it.
  ///
  /// @throws FencedException if somebody has cancelled the training before
  default void seal() {}

  /// Ends the training, as a part of the calling thread's unit of work if there is one. A second
  /// call changes nothing.
  ///
  /// @return when it ended
  /// @throws FencedException if the claim is lost, or if the training has succeeded after somebody
  ///   asked to cancel it
  Instant end(End end);
}
