package dev.backprop.service.job;

import dev.backprop.service.job.TrainingJob.CancelReason;

/// The store refuses the end of a training, because another process has claimed it meanwhile or
/// because it was cancelled before it succeeded.
final class FencedException extends RuntimeException {

  private final CancelReason reason;

  FencedException(CancelReason reason) {
    super(reason.name(), null, false, false);
    this.reason = reason;
  }

  CancelReason reason() {
    return reason;
  }
}
