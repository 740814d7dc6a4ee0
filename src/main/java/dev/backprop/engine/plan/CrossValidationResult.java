package dev.backprop.engine.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the folds of a cross-validation came to.
///
/// @param epochs of the last fit, to all rows: the median of the folds' best epochs, of two medians
///   the lower
/// @param metrics over the folds, by name
/// @param parts the same of each class, label, number or quantile, by its name, see
///   [dev.backprop.engine.scoring.Evaluation#parts()]; null if a number is the whole
/// @param folds in their order
/// @param selectedOn true if the rows of a fold have ended its training or chosen its epoch; else
///   null
public record CrossValidationResult(
    int epochs,
    Map<String, Figure> metrics,
    @Nullable Map<String, Map<String, Figure>> parts,
    List<Fold> folds,
    @Nullable Boolean selectedOn) {

  /// One fold, validated on by a network that learned from the others.
  ///
  /// @param member of an ensemble whose network it was, from 1; null if there is no ensemble
  /// @param fold from 1
  /// @param rows that it has
  /// @param epochs how many ran
  /// @param bestEpoch the one that was measured, from 1
  /// @param metrics the figures of [dev.backprop.engine.scoring.Evaluation#figures()] that are
  ///   defined on its rows
  public record Fold(
      @Nullable Integer member,
      int fold,
      int rows,
      int epochs,
      int bestEpoch,
      Map<String, Double> metrics) {

    /// Of no ensemble.
    public Fold(int fold, int rows, int epochs, int bestEpoch, Map<String, Double> metrics) {
      this(null, fold, rows, epochs, bestEpoch, metrics);
    }

    /// The same of a network that is served as if there had been no ensemble.
    Fold ofNoMember() {
      return new Fold(fold, rows, epochs, bestEpoch, metrics);
    }

    public Fold {
      metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }
  }

  /// A metric over the folds that have it, each counting the same.
  ///
  /// @param standardDeviation of the sample: the squares are divided by `folds - 1`; null if one
  ///   fold has it, and if it is no finite number
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
      double deviation = furthest * Math.sqrt(squares / (n - 1));
      return new Figure(
          mean, n < 2 || !Double.isFinite(deviation) ? null : Double.valueOf(deviation), n);
    }
  }

  public CrossValidationResult {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    parts = parts == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    folds = List.copyOf(folds);
  }

  /// @param folds at least one
  /// @param parts of their evaluations, see [dev.backprop.engine.scoring.Evaluation#parts()]; one a
  ///   fold, in their order
  static CrossValidationResult of(List<Fold> folds, List<Map<String, Map<String, Double>>> parts) {
    Map<String, Map<String, Figure>> figures = new LinkedHashMap<>();
    for (Map<String, Map<String, Double>> ofFold : parts) {
      for (String part : ofFold.keySet()) {
        figures.computeIfAbsent(
            part, name -> over(parts.stream().map(of -> of.getOrDefault(name, Map.of())).toList()));
      }
    }
    return new CrossValidationResult(
        epochs(folds),
        over(folds.stream().map(Fold::metrics).toList()),
        figures.isEmpty() ? null : figures,
        folds,
        null);
  }

  /// The same of folds that ended their trainings or chose.
  CrossValidationResult selected() {
    return new CrossValidationResult(epochs, metrics, parts, folds, true);
  }

  /// Each metric over the folds that have it.
  private static Map<String, Figure> over(List<Map<String, Double>> ofFolds) {
    Map<String, Figure> figures = new LinkedHashMap<>();
    for (Map<String, Double> ofFold : ofFolds) {
      for (String name : ofFold.keySet()) {
        figures.computeIfAbsent(
            name,
            metric ->
                Figure.of(
                    ofFolds.stream().map(of -> of.get(metric)).filter(Objects::nonNull).toList()));
      }
    }
    return figures;
  }

  /// How long the last fit runs.
  ///
  /// @param folds all of them
  public static int epochs(List<Fold> folds) {
    int[] sorted = folds.stream().mapToInt(Fold::bestEpoch).sorted().toArray();
    return sorted[(sorted.length - 1) / 2];
  }
}
