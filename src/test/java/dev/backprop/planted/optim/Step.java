package dev.backprop.planted.optim;

/// Stands below the package that imports it.
public record Step(double size) {}
