package dev.backprop.service.model;

/// How many rows play which part in a training.
public record RowCounts(int training, int validation, int test) {}
