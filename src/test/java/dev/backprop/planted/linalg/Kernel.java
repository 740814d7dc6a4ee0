package dev.backprop.planted.linalg;

import dev.backprop.planted.optim.Step;

/// Imports downwards, for the test of the rule.
public record Kernel(Step step) {}
