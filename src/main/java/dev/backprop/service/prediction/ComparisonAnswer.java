package dev.backprop.service.prediction;

import dev.backprop.engine.scoring.Evaluation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How good several versions are on the same rows.
///
/// @param metric that differences are of
/// @param differences of every two versions
record ComparisonAnswer(
    int rows, String metric, List<Compared> versions, List<Difference> differences) {

  record Compared(String model, int version, Evaluation metrics) {}

  /// @param a index of a version, from 0
  /// @param b index of another one
  /// @param difference the metric of a minus that of b
  /// @param interval 95 % of it, from low to high; null if it is not known
  record Difference(int a, int b, double difference, @Nullable List<Double> interval) {}
}
