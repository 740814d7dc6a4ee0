package dev.backprop.job;

import dev.backprop.spec.NetworkSpec;
import dev.backprop.spec.TrainingSpec;

/// A request to train, read and found to be well-formed, with the data it speaks of.
///
/// @param id of the training that it becomes
/// @param activate whether the version that comes of it becomes the current one
record TrainingRequest(
    String id,
    String model,
    boolean activate,
    TrainingSource source,
    NetworkSpec network,
    TrainingSpec training) {}
