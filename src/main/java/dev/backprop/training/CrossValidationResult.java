package dev.backprop.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the folds of a cross-validation came to.
///
/// @param epochs of the last fit, to all rows: the median of the folds' best epochs, of two medians
///   the lower
/// @param metrics over the folds, by name
/// @param folds in their order
public record CrossValidationResult(int epochs, Map<String, Figure> metrics, List<Fold> folds) {

  /// One fold, validated on by a network that learned from the others.
  ///
  /// @param fold from 1
  /// @param rows that it has
  /// @param epochs how many ran
  /// @param bestEpoch the one that was measured, from 1
  /// @param metrics the figures of [dev.backprop.scoring.Evaluation#figures()] that are defined on
  ///   its rows
  public record Fold(int fold, int rows, int epochs, int bestEpoch, Map<String, Double> metrics) {

    public Fold {
      metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }
  }

  /// A metric over the folds that have it, each counting the same.
  ///
  /// @param standardDeviation of the sample: the squares are divided by `folds - 1`; null where one
  ///   fold has it
  /// @param folds how many have it
  public record Figure(double mean, @Nullable Double standardDeviation, int folds) {

    static Figure of(List<Double> values) {
      int n = values.size();
      double mean = values.stream().mapToDouble(value -> value / n).sum();
      double furthest =
          values.stream().mapToDouble(value -> Math.abs(value - mean)).max().orElse(0);
      double squares = 0; // of parts of the furthest, so that they do not overflow
      for (double value : values) {
        double part = furthest == 0 ? 0 : (value - mean) / furthest;
        squares += part * part;
      }
      return new Figure(
          mean, n < 2 ? null : Double.valueOf(furthest * Math.sqrt(squares / (n - 1))), n);
    }
  }

  public CrossValidationResult {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    folds = List.copyOf(folds);
  }

  /// @param folds at least one
  public static CrossValidationResult of(List<Fold> folds) {
    Map<String, Figure> metrics = new LinkedHashMap<>();
    for (Fold fold : folds) {
      for (String name : fold.metrics().keySet()) {
        metrics.computeIfAbsent(name, metric -> Figure.of(values(folds, metric)));
      }
    }
    return new CrossValidationResult(medianBestEpoch(folds), metrics, folds);
  }

  private static List<Double> values(List<Fold> folds, String metric) {
    return folds.stream()
        .filter(fold -> fold.metrics().containsKey(metric))
        .map(fold -> fold.metrics().getOrDefault(metric, 0.0))
        .toList();
  }

  private static int medianBestEpoch(List<Fold> folds) {
    int[] sorted = folds.stream().mapToInt(Fold::bestEpoch).sorted().toArray();
    return sorted[(sorted.length - 1) / 2];
  }
}
