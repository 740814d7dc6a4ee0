package dev.backprop.planted.engine.optim;

/// Stands below the package that imports it.
public record Step(double size) {}
