package dev.backprop.job;

/// What a training that succeeded came to.
///
/// @param stoppedByTime whether `maxSeconds` ended it; so many `epochs` train the same parameters
/// @param epochs how many ran
/// @param bestEpoch the epoch whose parameters are served, from 1
record JobResult(
    String model,
    int version,
    boolean stoppedEarly,
    boolean stoppedByTime,
    int epochs,
    int bestEpoch) {}
