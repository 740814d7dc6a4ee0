package dev.backprop.service.job;

import dev.backprop.service.job.TrainingJob.CancelReason;

/// A training may not end as whoever runs it wants it to: another has claimed it meanwhile, or it
/// was cancelled before it succeeded.
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
