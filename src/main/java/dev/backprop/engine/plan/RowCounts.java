package dev.backprop.engine.plan;

/// How many rows play which part in a training.
public record RowCounts(int training, int validation, int test) {

  long all() {
    return (long) training + validation + test;
  }
}
