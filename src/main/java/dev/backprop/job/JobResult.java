package dev.backprop.job;

/// What a training that succeeded came to.
///
/// @param bestEpoch the epoch whose parameters are served, from 1
record JobResult(String model, int version, boolean stoppedEarly, int bestEpoch) {}
