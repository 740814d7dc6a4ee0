package dev.backprop.engine.plan;

import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.table.Target;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The one figure that tells how good a model is: of classes and labels the share that is right, of
/// numbers the root mean squared error.
///
/// @param name of the figure, as the part's metrics have it
/// @param interval 95 %, from low to high; null if it is not known
/// @param baseline the same figure of a model without inputs; null if it is not known
/// @param part of the rows that it comes from
public record Headline(
    String name,
    double value,
    @Nullable List<Double> interval,
    @Nullable Double baseline,
    String part) {

  /// Rows that tell most, first: those that neither ended the training nor chose. Rows that were
  /// learned from tell nothing.
  private static final List<String> PARTS =
      List.of(Judge.TEST, Judge.CALIBRATION, Judge.OUT_OF_FOLD, Judge.VALIDATION);

  private static final String FOLDS = "crossValidation";

  /// If nothing but folds judged, it is their mean.
  ///
  /// @return null if no rows judged the model
  public static @Nullable Headline of(Learned learned) {
    Headline headline = of(learned.evaluations());
    return headline == null && learned.crossValidation() != null
        ? ofFolds(learned.crossValidation().metrics())
        : headline;
  }

  /// @param evaluations by part
  /// @return null if there are none of rows that judge
  static @Nullable Headline of(Map<String, Evaluation> evaluations) {
    String part = part(evaluations);
    return part == null ? null : of(part, Objects.requireNonNull(evaluations.get(part)));
  }

  /// The part whose rows judge; null if there is none.
  static @Nullable String part(Map<String, Evaluation> evaluations) {
    return PARTS.stream().filter(evaluations::containsKey).findFirst().orElse(null);
  }

  private static @Nullable Headline ofFolds(Map<String, CrossValidationResult.Figure> figures) {
    for (Metric metric : List.of(Metric.ACCURACY, Metric.RMSE)) {
      CrossValidationResult.Figure figure = figures.get(metric.figure());
      if (figure != null) {
        return new Headline(metric.figure(), figure.mean(), null, null, FOLDS);
      }
    }
    return null;
  }

  private static Headline of(String part, Evaluation evaluation) {
    String name = metric(evaluation).figure();
    Map<String, List<Double>> intervals = evaluation.intervals();
    return new Headline(
        name,
        value(evaluation),
        intervals == null ? null : intervals.get(name),
        switch (evaluation) {
          case Evaluation.Classification c -> c.baseline().accuracy();
          case Evaluation.MultiLabel m -> m.baseline().accuracy();
          case Evaluation.Regression r -> r.baseline().rmse();
          case Evaluation.Quantiles q -> q.baseline().rmse();
        },
        part);
  }

  /// The metric that it is.
  public static Metric metric(Evaluation evaluation) {
    return switch (evaluation) {
      case Evaluation.Classification _, Evaluation.MultiLabel _ -> Metric.ACCURACY;
      case Evaluation.Regression _, Evaluation.Quantiles _ -> Metric.RMSE;
    };
  }

  /// The metric that it is of a model.
  ///
  /// @param network resolved
  public static Metric metric(Target target, NetworkSpec network) {
    return switch (target) {
      case Target.Classes _, Target.MultiLabel _ -> Metric.ACCURACY;
      case Target.Numbers _, Target.Quantiles _ -> Metric.RMSE;
      case Target.Bare _ ->
          network.outputActivation().ofProbabilities() ? Metric.ACCURACY : Metric.RMSE;
    };
  }

  /// Its value.
  public static double value(Evaluation evaluation) {
    return switch (evaluation) {
      case Evaluation.Classification c -> c.accuracy();
      case Evaluation.MultiLabel m -> m.accuracy();
      case Evaluation.Regression r -> r.rmse();
      case Evaluation.Quantiles q -> q.rmse();
    };
  }
}
