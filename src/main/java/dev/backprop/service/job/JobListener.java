package dev.backprop.service.job;

import dev.backprop.engine.training.EpochReport;
import java.time.Duration;

/// Hears what becomes of trainings, on the thread that brings it about.
interface JobListener {

  /// Of a training or of a fold of one, on several threads at once.
  ///
  /// @param rows that it learned from
  void onEpoch(int rows, EpochReport report);

  /// A checkpoint has been kept.
  ///
  /// @param took to write it
  void onCheckpoint(Duration took);

  /// @param ran from the start to the end; zero if it never started
  void onEnd(String id, JobState state, Duration ran);
}
