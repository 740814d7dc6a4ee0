package dev.backprop.job;

import dev.backprop.training.EpochReport;
import org.jspecify.annotations.Nullable;

/// How far a training is, as it is written down.
///
/// @param epochs that have ended
/// @param epochSeconds what they took together
/// @param latest null before the first has ended
/// @param folds null where there are none
record TrainingProgress(
    int epochs,
    double epochSeconds,
    @Nullable EpochReport latest,
    FoldProgress.@Nullable State folds) {

  static final TrainingProgress NONE = new TrainingProgress(0, 0, null, null);

  /// Whether there is nothing to tell yet.
  boolean isNone() {
    return epochs == 0 && (folds == null || folds.seconds() == 0);
  }
}
