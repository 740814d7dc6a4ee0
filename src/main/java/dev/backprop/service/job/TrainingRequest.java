package dev.backprop.service.job;

import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.TrainingSpec;
import org.jspecify.annotations.Nullable;

/// A request to train, read and found to be well-formed, with the data it speaks of.
///
/// @param id of the training that it becomes
/// @param activate whether the version that comes of it becomes the current one
/// @param start null if the training starts anew
record TrainingRequest(
    String id,
    String model,
    boolean activate,
    TrainingSource source,
    @Nullable WarmStart start,
    NetworkSpec network,
    TrainingSpec training) {

  /// The same, to watch what was decided when it was accepted.
  TrainingRequest watchingAs(TrainingSpec decided) {
    return new TrainingRequest(
        id, model, activate, source, start, network, training.watchingAs(decided));
  }
}
