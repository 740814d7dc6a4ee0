package dev.backprop.engine.scoring;

import dev.backprop.engine.figures.Figure;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.Target;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Chooses the best of several models by one figure of what they answer on the same rows.
public record Selection(Metric metric) {

  private static final List<Metric> OF_CLASSES =
      List.of(
          Metric.LOSS,
          Metric.LOG_LOSS,
          Metric.ACCURACY,
          Metric.AUC,
          Metric.F1,
          Metric.PR_AUC,
          Metric.MCC,
          Metric.BALANCED_ACCURACY,
          Metric.BRIER);

  private static final List<Metric> OF_NUMBERS =
      List.of(Metric.LOSS, Metric.RMSE, Metric.MAE, Metric.R2, Metric.MAPE);

  /// The figures that models of a target can be chosen by.
  ///
  /// @param network resolved
  public static List<Metric> metrics(Target target, NetworkSpec network) {
    return switch (target) {
      case Target.Classes _ -> OF_CLASSES;
      case Target.MultiLabel _ ->
          List.of(Metric.LOSS, Metric.LOG_LOSS, Metric.ACCURACY, Metric.EXACT_MATCH);
      case Target.Numbers _ -> OF_NUMBERS;
      case Target.Quantiles _ ->
          Stream.concat(OF_NUMBERS.stream(), Stream.of(Metric.PINBALL)).toList();
      case Target.Bare(int width) -> ofBare(width, network.outputActivation());
    };
  }

  /// Several sigmoid outputs are no probabilities of one of several classes.
  private static List<Metric> ofBare(int width, Activation output) {
    if (!output.ofProbabilities()) {
      return OF_NUMBERS;
    }
    return width == 1 || output instanceof Activation.Softmax
        ? OF_CLASSES
        : List.of(Metric.LOSS, Metric.LOG_LOSS, Metric.ACCURACY);
  }

  /// What the figure is told by, if the usual ones do not have it or a threshold is asked for.
  ///
  /// @param training whose threshold and positive class count
  /// @param target of the models
  /// @return null for the usual figures
  public @Nullable Judging judging(TrainingSpec training, Target target) {
    boolean more =
        switch (metric) {
          case LOSS, LOG_LOSS, EXACT_MATCH, RMSE, MAE, R2 -> false;
          case ACCURACY -> training.threshold() != null;
          case AUC -> target.outputs() > 1;
          case F1, PR_AUC, MCC, BALANCED_ACCURACY, BRIER, MAPE, PINBALL -> true;
        };
    return more ? Judging.selecting(training, target) : null;
  }

  /// Those that a training takes after its epochs.
  ///
  /// @return null for the usual figures
  public static @Nullable Judging judgingOf(TrainingSpec training, Target target) {
    return training.selection() == null
        ? null
        : new Selection(training.selection()).judging(training, target);
  }

  /// The figure.
  ///
  /// @param evaluation of a target that has it
  /// @return null if it is not defined on these rows, or not finite
  public @Nullable Double of(Evaluation evaluation) {
    Double figure = evaluation.figures().get(metric.figure());
    return figure == null ? null : Figure.defined(figure);
  }

  /// The figure as a cost, of which less is better.
  public double cost(double figure) {
    return metric.higherIsBetter() ? -figure : figure;
  }
}
