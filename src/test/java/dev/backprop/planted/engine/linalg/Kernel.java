package dev.backprop.planted.engine.linalg;

import dev.backprop.planted.engine.optim.Step;

/// Imports downwards, for the test of the rule.
public record Kernel(Step step) {}
