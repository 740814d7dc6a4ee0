package dev.backprop.service.job;

import dev.backprop.engine.plan.Checkpoint;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.service.job.TrainingJob.CancelReason;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/// A training that this process has claimed: who looks at it, and what its store has been told.
final class TrainingRun {

  private final TrainingClaim claim;
  private final TrainingJob job;
  private final CheckpointKeeper keeper;
  private int reported; // epochs; of the thread that reports, as the next one
  private TrainingProgress progress = TrainingProgress.NONE; // that was reported

  private final JobListener listener;

  /// @param interval between two checkpoints, at least
  /// @param listener told of every checkpoint
  TrainingRun(TrainingClaim claim, TrainingJob job, Duration interval, JobListener listener) {
    this.claim = claim;
    this.job = job;
    this.listener = listener;
    this.keeper = new CheckpointKeeper(job.id(), interval, this::keep);
  }

  private void keep(Checkpoint checkpoint, BooleanSupplier isNeeded) throws IOException {
    long begun = System.nanoTime();
    if (claim.keep(checkpoint, isNeeded)) {
      listener.onCheckpoint(Duration.ofNanos(System.nanoTime() - begun));
    }
  }

  TrainingClaim claim() {
    return claim;
  }

  TrainingJob job() {
    return job;
  }

  CheckpointKeeper keeper() {
    return keeper;
  }

  /// Tells the store how far the training is, and the training what the store says.
  void report() {
    TrainingProgress now = job.progress();
    TrainingClaim.Order order;
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
}
