package dev.backprop.engine.scoring;

import dev.backprop.engine.figures.Figure;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.table.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Chooses the best of several models by one figure of what they answer on the same rows.
public record Selection(Metric metric) {

  /// The figures that models of a target can be chosen by.
  ///
  /// @param network resolved
  public static List<Metric> metrics(Target target, NetworkSpec network) {
    return switch (target) {
      case Target.Classes classes -> ofClasses(classes.outputs());
      case Target.MultiLabel _ ->
          List.of(Metric.LOSS, Metric.LOG_LOSS, Metric.ACCURACY, Metric.EXACT_MATCH);
      case Target.Numbers _, Target.Quantiles _ -> ofNumbers();
      case Target.Bare(int width) ->
          network.outputActivation().ofProbabilities() ? ofClasses(width) : ofNumbers();
    };
  }

  /// Two classes have one output.
  private static List<Metric> ofClasses(int outputs) {
    return outputs == 1
        ? List.of(Metric.LOSS, Metric.LOG_LOSS, Metric.ACCURACY, Metric.AUC)
        : List.of(Metric.LOSS, Metric.LOG_LOSS, Metric.ACCURACY);
  }

  private static List<Metric> ofNumbers() {
    return List.of(Metric.LOSS, Metric.RMSE, Metric.MAE);
  }

  /// The figure.
  ///
  /// @param evaluation of a target that has it
  /// @return null if it is not defined on these rows, or not finite
  public @Nullable Double of(Evaluation evaluation) {
    return switch (evaluation) {
      case Evaluation.Classification c ->
          switch (metric) {
            case LOSS -> Figure.defined(c.loss());
            case LOG_LOSS -> c.logLoss();
            case ACCURACY -> Figure.defined(c.accuracy());
            case AUC -> c.auc();
            case EXACT_MATCH, RMSE, MAE -> throw unknown("classes");
          };
      case Evaluation.MultiLabel m ->
          switch (metric) {
            case LOSS -> Figure.defined(m.loss());
            case LOG_LOSS -> m.logLoss();
            case ACCURACY -> Figure.defined(m.accuracy());
            case EXACT_MATCH -> Figure.defined(m.exactMatch());
            case AUC, RMSE, MAE -> throw unknown("several labels");
          };
      case Evaluation.Regression r -> ofNumbers(r.loss(), r.rmse(), r.mae());
      case Evaluation.Quantiles q -> ofNumbers(q.loss(), q.rmse(), q.mae());
    };
  }

  private @Nullable Double ofNumbers(double loss, double rmse, double mae) {
    return switch (metric) {
      case LOSS -> Figure.defined(loss);
      case RMSE -> Figure.defined(rmse);
      case MAE -> Figure.defined(mae);
      case LOG_LOSS, ACCURACY, EXACT_MATCH, AUC -> throw unknown("numbers");
    };
  }

  private IllegalArgumentException unknown(String target) {
    return new IllegalArgumentException("there is no %s of %s".formatted(metric, target));
  }

  /// The figure as a cost, of which less is better.
  public double cost(double figure) {
    return metric.higherIsBetter() ? -figure : figure;
  }
}
