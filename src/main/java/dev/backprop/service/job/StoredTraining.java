package dev.backprop.service.job;

import dev.backprop.service.intake.Acceptance;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A training as it is stored, without its history.
///
/// @param revision grows with every change
/// @param startedAt when it was started for the first time
/// @param end null until it has ended
record StoredTraining(
    Acceptance acceptance,
    long revision,
    JobState state,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    TrainingProgress progress,
    @Nullable JobEnd end) {

  StoredTraining with(TrainingProgress other) {
    return new StoredTraining(acceptance, revision, state, startedAt, finishedAt, other, end);
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
        end);
  }
}
