package dev.backprop.engine.plan;

import dev.backprop.engine.spec.TrainingSpec;

/// A network that may be served with others.
///
/// @param training resolved; its time does not cut it
/// @param cost estimated seconds of one of its fits
record Candidate(Fit fit, TrainingSpec training, double cost) {}
