package dev.backprop.service.job;

import dev.backprop.engine.training.EpochReport;
import org.jspecify.annotations.Nullable;

/// How far a training is, as it is stored.
///
/// @param epochs how many epochs have ended
/// @param epochSeconds the seconds that these took together
/// @param latest the epoch whose figures are shown: the latest, or after a success the one whose
///   parameters are served; null before the first has ended
/// @param folds null if the training has no folds
record TrainingProgress(
    int epochs,
    double epochSeconds,
    @Nullable EpochReport latest,
    FoldProgress.@Nullable State folds) {

  static final TrainingProgress NONE = new TrainingProgress(0, 0, null, null);

  TrainingProgress showing(EpochReport report) {
    return new TrainingProgress(epochs, epochSeconds, report, folds);
  }

  /// Whether there is nothing to tell yet.
  boolean isNone() {
    return epochs == 0 && (folds == null || folds.seconds() == 0);
  }
}
