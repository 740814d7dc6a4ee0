package dev.backprop.service.job;

import dev.backprop.engine.training.EpochReport;
import java.time.Duration;

/// Hears of epochs, checkpoints and ends of trainings. Each method is called on the thread that
/// caused the event.
interface JobListener {

  /// An epoch of a training or of a fold has ended. Several threads may call this at once.
  ///
  /// @param rows rows that the epoch learned from
  void onEpoch(int rows, EpochReport report);

  /// A checkpoint has been kept.
  ///
  /// @param took the time to write the checkpoint
  void onCheckpoint(Duration took);

  /// A training begins to run here, and does so until what is returned is closed, on the same
  /// thread.
  ///
  /// @param attempt as [TrainingClaim#attempt] has it
  default Running onRun(TrainingJob job, int attempt) {
    return () -> {};
  }

  /// A training goes on from a checkpoint.
  default void onResume() {}

  /// A training was taken over from a process that died or fell silent.
  default void onTakeover() {}

  /// A training was given up, because too many processes that ran it had died.
  default void onWorkersDied() {}

  /// @param ran from the start to the end; zero if it never started
  void onEnd(String id, JobState state, Duration ran);

  /// The time that a training runs here.
  @FunctionalInterface
  interface Running extends AutoCloseable {

    /// The training has ended, or is left to another turn.
    @Override
    void close();
  }
}
