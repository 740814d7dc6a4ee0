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
/// If its store is not lasting, nobody else goes on: there are no checkpoints, and giving it back
/// does nothing.
interface TrainingClaim {

  /// What whoever runs a training is told when it reports.
  enum Order {
    GO_ON,
    CANCEL,
    /// The claim is lost.
    LEAVE
  }

  /// How a training ended, and how far it had come.
  ///
  /// @param history every epoch
  record End(JobEnd how, List<EpochReport> history, TrainingProgress progress, Instant at) {}

  /// Where its data are.
  ///
  /// @throws ProblemException if that cannot be told: `busy`, `storage-unavailable` and
  ///   `newer-format` for now, or here, any other code for ever
  TrainingInputs inputs();

  /// The version that it goes on from; null if it starts anew.
  ///
  /// @throws ProblemException likewise
  @Nullable ModelVersion start();

  /// The room that is reserved for its model; null if there is none yet.
  default Models.@Nullable Reservation room() {
    return null;
  }

  /// What the training can go on from to the same end; null if there is nothing such.
  ///
  /// @throws ProblemException if the store cannot be reached
  default @Nullable Checkpoint checkpoint(TrainingPlan plan) {
    return null;
  }

  /// Keeps a checkpoint in the place of the one before.
  ///
  /// @param isNeeded asked now and then; if it is not any more, what has been written can go
  /// @return false if it was not needed any more, or the claim is lost
  default boolean keep(Checkpoint checkpoint, BooleanSupplier isNeeded) throws IOException {
    return false;
  }

  /// Gives the claim back: the training waits again, and nothing has happened to it.
  default void giveBack() {}

  /// Asks what to do if there is nothing to report.
  Order order();

  /// Reports epochs; those that somebody else has reported after as many are forgotten.
  ///
  /// @param reported how many this claim has reported before
  /// @param epochs those after them
  Order report(int reported, List<EpochReport> epochs, TrainingProgress progress);

  /// Makes it too late to cancel the training, whose version is about to be added. A lasting store
  /// refuses the end instead, and the version with it.
  ///
  /// @throws FencedException if somebody has cancelled it before
  default void seal() {}

  /// Ends the training, as a part of the unit of work that the calling thread is in, if it is in
  /// one. Ending it again changes nothing.
  ///
  /// @return when it ended
  /// @throws FencedException if the claim is lost, or if the training has succeeded after somebody
  ///   asked to cancel it
  Instant end(End end);
}
