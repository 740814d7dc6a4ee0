package dev.backprop.service.job;

import dev.backprop.service.intake.Acceptance;
import dev.backprop.service.webhook.Callback;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A training as it is stored, without its history.
///
/// @param revision grows with every change
/// @param startedAt when it was started for the first time
/// @param end null until it has ended
/// @param callback null if there is none
record StoredTraining(
    Acceptance acceptance,
    long revision,
    JobState state,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    TrainingProgress progress,
    @Nullable JobEnd end,
    @Nullable Callback callback) {

  StoredTraining with(TrainingProgress other) {
    return new StoredTraining(
        acceptance, revision, state, startedAt, finishedAt, other, end, callback);
  }

  TrainingJob.Snapshot snapshot() {
    FoldProgress folds = new FoldProgress(acceptance);
    if (progress.folds() != null) {
      folds.show(progress.folds());
    }
    return new TrainingJob.Snapshot(
        acceptance,
        state,
        startedAt,
        finishedAt,
        progress.epochs(),
        progress.epochSeconds(),
        EpochPace.of(acceptance, progress),
        folds.snapshot(),
        progress.latest(),
        null,
        end,
        callback);
  }
}
