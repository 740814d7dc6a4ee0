package dev.backprop.engine.plan;

import dev.backprop.engine.scoring.Evaluation;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The one figure that tells how good a model is: of classes and labels the share that is right, of
/// numbers the root mean squared error.
///
/// @param name of the figure, as the part's metrics have it
/// @param interval 95 %, from low to high; null if it is not known
/// @param baseline the same figure of a model without inputs
/// @param part of the rows that it comes from
public record Headline(
    String name, double value, @Nullable List<Double> interval, double baseline, String part) {

  /// Rows that tell most, first: those that neither ended the training nor chose.
  private static final List<String> PARTS =
      List.of(Judge.TEST, Judge.CALIBRATION, Judge.OUT_OF_FOLD, Judge.VALIDATION, Judge.TRAINING);

  /// @param evaluations by part
  /// @return null if there are none
  public static @Nullable Headline of(Map<String, Evaluation> evaluations) {
    return Stream.concat(PARTS.stream(), evaluations.keySet().stream())
        .filter(evaluations::containsKey)
        .findFirst()
        .map(part -> of(part, Objects.requireNonNull(evaluations.get(part))))
        .orElse(null);
  }

  private static Headline of(String part, Evaluation evaluation) {
    return switch (evaluation) {
      case Evaluation.Classification c ->
          of(part, c, "accuracy", c.accuracy(), c.baseline().accuracy());
      case Evaluation.MultiLabel m ->
          of(part, m, "accuracy", m.accuracy(), m.baseline().accuracy());
      case Evaluation.Regression r -> of(part, r, "rmse", r.rmse(), r.baseline().rmse());
      case Evaluation.Quantiles q -> of(part, q, "rmse", q.rmse(), q.baseline().rmse());
    };
  }

  private static Headline of(
      String part, Evaluation evaluation, String name, double value, double baseline) {
    Map<String, List<Double>> intervals = evaluation.intervals();
    return new Headline(
        name, value, intervals == null ? null : intervals.get(name), baseline, part);
  }
}
