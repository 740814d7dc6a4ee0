package dev.backprop.service.job;

import dev.backprop.engine.training.EpochReport;
import dev.backprop.service.job.TrainingJob.CancelReason;
import java.util.List;

/// A training that this process has claimed: who looks at it, and what its store has been told.
final class TrainingRun {

  private final TrainingClaim claim;
  private final TrainingJob job;
  private final CheckpointKeeper keeper;
  private int reported; // epochs; of the thread that reports, as the next one
  private TrainingProgress progress = TrainingProgress.NONE; // that was reported

  TrainingRun(TrainingClaim claim, TrainingJob job, CheckpointKeeper keeper) {
    this.claim = claim;
    this.job = job;
    this.keeper = keeper;
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
