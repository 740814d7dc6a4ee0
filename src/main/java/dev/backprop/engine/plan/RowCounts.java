package dev.backprop.engine.plan;

import org.jspecify.annotations.Nullable;

/// How many rows play which part in a training.
///
/// @param calibration that are held out and neither end the training nor choose; null for none
public record RowCounts(int training, int validation, int test, @Nullable Integer calibration) {

  public RowCounts {
    calibration = calibration != null && calibration == 0 ? null : calibration;
  }

  /// None calibrate alone.
  public RowCounts(int training, int validation, int test) {
    this(training, validation, test, null);
  }

  /// How many rows calibrate and do nothing else.
  public int calibrating() {
    return calibration == null ? 0 : calibration;
  }

  long all() {
    return (long) training + validation + test + calibrating();
  }
}
