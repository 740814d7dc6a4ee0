package dev.backprop.service.job;

import dev.backprop.engine.plan.Checkpoint;
import dev.backprop.service.intake.Acceptance;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes the log's lines about trainings.
final class JobLog {

  private static final Logger log = LoggerFactory.getLogger(JobLog.class);

  private JobLog() {}

  /// @param attempt as [TrainingClaim#attempt] has it
  static void starts(Acceptance acceptance, int attempt) {
    log.info(
        "Training {} of model {} starts: {} rows, {} parameters, {} epochs, attempt {}",
        acceptance.id(),
        acceptance.model(),
        acceptance.rows().training(),
        acceptance.parameters(),
        acceptance.epochs(),
        attempt);
  }

  /// @param checkpoint the checkpoint that it goes on from
  /// @param attempt as [TrainingClaim#attempt] has it
  static void goesOn(Acceptance acceptance, Checkpoint checkpoint, int attempt) {
    log.info(
        "Training {} of model {} goes on from a checkpoint: {} of {} epochs, {} of {} folds, attempt {}",
        acceptance.id(),
        acceptance.model(),
        checkpoint.history().size(),
        acceptance.epochs(),
        checkpoint.folds().size(),
        acceptance.folds(),
        attempt);
  }

  /// @param last the training just before its end
  /// @return how long it ran; zero if it never started
  static Duration ends(TrainingJob.Snapshot last, JobEnd how, Instant at) {
    Duration ran =
        last.startedAt() == null ? Duration.ZERO : Duration.between(last.startedAt(), at);
    log.info(
        "Training {} of model {} {}: {} rows, {} parameters, {} epochs, {} s",
        last.acceptance().id(),
        last.acceptance().model(),
        how.state().json(),
        last.acceptance().rows().training(),
        last.acceptance().parameters(),
        last.epochs(),
        ran.toMillis() / 1e3);
    return ran;
  }
}
