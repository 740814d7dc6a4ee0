package dev.backprop.engine.scoring;

import dev.backprop.engine.table.Label;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How good a model is on some rows. Every number is finite if the network's outputs are; what is
/// not defined (the precision of a class that was never predicted), or is no finite number, is
/// null. If the rows have weights, means and shares count each row by its weight (scikit-learn's
/// `sample_weight`); counts of rows do not.
public sealed interface Evaluation {

  /// How many rows were scored, at least 1.
  int rows();

  /// The loss that training minimizes, a mean over rows, without penalty.
  double loss();

  /// The figures of the whole that are defined, by name.
  default Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("loss", loss());
    switch (this) {
      case Classification c -> {
        figures.put("accuracy", c.accuracy());
        putDefined(figures, "logLoss", c.logLoss());
        putDefined(figures, "auc", c.auc());
      }
      case MultiLabel m -> {
        figures.put("accuracy", m.accuracy());
        figures.put("exactMatch", m.exactMatch());
        putDefined(figures, "logLoss", m.logLoss());
      }
      case Regression r -> {
        figures.put("rmse", r.rmse());
        figures.put("mae", r.mae());
        putDefined(figures, "r2", r.r2());
      }
      case Quantiles q -> {
        figures.put("rmse", q.rmse());
        figures.put("mae", q.mae());
        putDefined(figures, "r2", q.r2());
      }
    }
    return figures;
  }

  /// The figures of each part that are defined, by its name: of a class, of a label, of one of
  /// several numbers, of a quantile by its tau. Empty if a number is the whole.
  default Map<String, Map<String, Double>> parts() {
    Map<String, Map<String, Double>> parts = new LinkedHashMap<>();
    switch (this) {
      case Classification c -> {
        for (ClassScore score : c.perClass()) {
          Map<String, Double> figures = part(parts, score.label().text());
          putDefined(figures, "precision", score.precision());
          putDefined(figures, "recall", score.recall());
        }
      }
      case MultiLabel m -> {
        for (LabelScore score : m.labels()) {
          Map<String, Double> figures = part(parts, score.name());
          figures.put("accuracy", score.accuracy());
          putDefined(figures, "precision", score.precision());
          putDefined(figures, "recall", score.recall());
        }
      }
      case Regression r when r.outputs().size() > 1 -> {
        for (OutputScore score : r.outputs()) {
          Map<String, Double> figures = part(parts, score.name());
          figures.put("rmse", score.rmse());
          figures.put("mae", score.mae());
          putDefined(figures, "r2", score.r2());
        }
      }
      case Regression _ -> {}
      case Quantiles q -> {
        for (QuantileScore score : q.quantiles()) {
          Map<String, Double> figures = part(parts, Double.toString(score.tau()));
          figures.put("pinballLoss", score.pinballLoss());
          figures.put("coverage", score.coverage());
        }
      }
    }
    return parts;
  }

  private static Map<String, Double> part(Map<String, Map<String, Double>> parts, String name) {
    return parts.computeIfAbsent(name, _ -> new LinkedHashMap<>());
  }

  private static void putDefined(
      Map<String, Double> figures, String name, @Nullable Double figure) {
    if (figure != null) {
      figures.put(name, figure);
    }
  }

  /// @param accuracy share of rows whose class is the predicted one
  /// @param logLoss mean of -ln p(class), for several independent sigmoid outputs summed over them;
  ///   null if a logit is not finite
  /// @param auc area under the ROC curve of the second class; null unless there are two classes and
  ///   rows of both
  /// @param confusionMatrix counts by actual class (outer) and predicted class (inner), in the
  ///   order of `classes`
  record Classification(
      int rows,
      double loss,
      double accuracy,
      @Nullable Double logLoss,
      @Nullable Double auc,
      List<Label> classes,
      List<List<Long>> confusionMatrix,
      List<ClassScore> perClass,
      ClassBaseline baseline)
      implements Evaluation {}

  /// @param rows how many rows are of this class
  record ClassScore(Label label, long rows, @Nullable Double precision, @Nullable Double recall) {}

  /// Always answering the most frequent class of the training rows, with their frequencies as
  /// probabilities.
  ///
  /// @param label that class
  /// @param logLoss null if a class of these rows never occurred in training
  record ClassBaseline(Label label, double accuracy, @Nullable Double logLoss) {}

  /// @param rmse root mean squared error; for several outputs the mean of theirs, as for `mae` and
  ///   `r2`
  /// @param r2 share of the variance that is explained, at most 1. Null if the target is constant
  ///   on these rows, or so nearly that the share is no finite number
  /// @param outputs the same for each output
  /// @param baseline always answering the mean of the training rows
  record Regression(
      int rows,
      double loss,
      double rmse,
      double mae,
      @Nullable Double r2,
      List<OutputScore> outputs,
      NumberBaseline baseline)
      implements Evaluation {}

  /// Several quantiles of one number, as they are answered: sorted.
  ///
  /// @param rmse of the quantile nearest to the median, as for `mae` and `r2`
  /// @param baseline always answering the mean of the training rows
  record Quantiles(
      int rows,
      double loss,
      double rmse,
      double mae,
      @Nullable Double r2,
      List<QuantileScore> quantiles,
      NumberBaseline baseline)
      implements Evaluation {}

  /// @param pinballLoss mean of tau (y - a) if y > a, else of (1 - tau) (a - y), in original units
  /// @param coverage share of rows whose number is at most the quantile; near tau if the quantile
  ///   is right
  record QuantileScore(double tau, double pinballLoss, double coverage) {}

  record OutputScore(String name, double rmse, double mae, @Nullable Double r2) {}

  record NumberBaseline(double rmse, double mae) {}

  /// @param accuracy share of single labels that are right
  /// @param exactMatch share of rows whose labels are all right
  /// @param logLoss cross-entropy summed over the labels; null if a logit is not finite
  record MultiLabel(
      int rows,
      double loss,
      double accuracy,
      double exactMatch,
      @Nullable Double logLoss,
      List<LabelScore> labels,
      LabelBaseline baseline)
      implements Evaluation {}

  record LabelScore(
      String name,
      long rows,
      double accuracy,
      @Nullable Double precision,
      @Nullable Double recall) {}

  /// Answering each label by its majority in the training rows.
  record LabelBaseline(double accuracy) {}
}
