package dev.backprop.engine.figures;

import java.util.List;

/// A quantile of the errors of a number: answer less target.
///
/// @param at share of the rows whose error is at most this one, above 0 and below 1
/// @param error in the unit of the number
public record ErrorQuantile(double at, double error) {

  /// Those that are told.
  static final List<Double> TOLD = List.of(0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99);
}
