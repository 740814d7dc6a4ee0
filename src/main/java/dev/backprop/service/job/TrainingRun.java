package dev.backprop.service.job;

import dev.backprop.engine.plan.Checkpoint;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.service.job.TrainingJob.CancelReason;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/// A training that this process runs, and how much of it has been reported to the store.
final class TrainingRun {

  private final TrainingClaim claim;
  private final TrainingJob job;
  private final CheckpointKeeper keeper;
  private int reported; // epochs; only the reporting thread uses this and the next field
  private TrainingProgress progress = TrainingProgress.NONE; // the last one that was reported

  private final JobListener listener;

  /// @param interval the least time between two checkpoints
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

  /// Tells the store how far the training is, and stops the training if the store says so.
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
      case FINISH -> job.finish();
      case CANCEL -> job.cancel(CancelReason.REQUEST);
      case LEAVE -> job.cancel(CancelReason.CLAIM_LOST);
    }
  }
}
