package dev.backprop.engine.scoring;

import dev.backprop.engine.figures.Calibration;
import dev.backprop.engine.figures.Conformal;
import dev.backprop.engine.figures.Threshold;
import org.jspecify.annotations.Nullable;

/// How sure a model is of its answers, as rows told that it had not learned from.
///
/// @param calibration of the probabilities of classes; null if they are answered as they come
/// @param conformal intervals or sets; null if no rows calibrated
/// @param threshold that decides between two classes; null for the likelier one
public record Certainty(
    @Nullable Calibration calibration,
    @Nullable Conformal conformal,
    @Nullable Threshold threshold) {

  public static final Certainty NONE = new Certainty(null, null, null);

  /// The same with another threshold.
  public Certainty with(@Nullable Threshold other) {
    return new Certainty(calibration, conformal, other);
  }

  /// Whether rows have told any of it.
  public boolean boundByRows() {
    return calibration != null || conformal != null;
  }

  public Threshold decidingThreshold() {
    return threshold == null ? Threshold.HALF : threshold;
  }
}
