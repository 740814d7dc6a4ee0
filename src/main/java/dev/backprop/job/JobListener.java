package dev.backprop.job;

import dev.backprop.training.EpochReport;
import java.time.Duration;

/// Hears what becomes of trainings, on the thread that brings it about.
interface JobListener {

  void onEpoch(TrainingJob job, EpochReport report);

  /// @param ran from the start to the end; zero where it never started
  void onEnd(TrainingJob job, JobState state, Duration ran);
}
