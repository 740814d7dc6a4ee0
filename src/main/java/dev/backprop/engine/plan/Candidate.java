package dev.backprop.engine.plan;

import dev.backprop.engine.spec.TargetTransform;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.Target;
import org.jspecify.annotations.Nullable;

/// A network that may be served with others.
///
/// @param training resolved; its time does not cut it
/// @param cost estimated seconds of one of its fits
record Candidate(Fit fit, TrainingSpec training, double cost) {

  /// What it does to numeric targets; null if the target is not numeric.
  @Nullable TargetTransform target() {
    return fit.data() instanceof TrainingData.Rows rows && rows.target() instanceof Target.Numbers
        ? rows.encoding().transform()
        : null;
  }
}
