package dev.backprop.engine.plan;

/// How many rows train, validate and test.
record PartSizes(int training, int validation, int test) {

  long all() {
    return (long) training + validation + test;
  }
}
