package dev.backprop.platform.artifact;

/// How many rows play which part in a training.
public record RowCounts(int training, int validation, int test) {}
