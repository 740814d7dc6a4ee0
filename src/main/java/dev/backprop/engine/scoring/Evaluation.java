package dev.backprop.engine.scoring;

import dev.backprop.engine.figures.Bounds;
import dev.backprop.engine.figures.CalibrationBins;
import dev.backprop.engine.figures.ClassFigures;
import dev.backprop.engine.figures.CurvePoint;
import dev.backprop.engine.figures.ErrorQuantile;
import dev.backprop.engine.figures.NumberFigures;
import dev.backprop.engine.figures.ThresholdTable;
import dev.backprop.engine.table.Label;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
        putDefined(figures, "f1", c.f1());
        putDefined(figures, "prAuc", c.prAuc());
        putDefined(figures, "mcc", c.mcc());
        putDefined(figures, "balancedAccuracy", c.balancedAccuracy());
        putDefined(figures, "brier", c.brier());
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
        putDefined(figures, "mape", r.mape());
        putDefined(figures, "coverage", r.coverage());
      }
      case Quantiles q -> {
        figures.put("rmse", q.rmse());
        figures.put("mae", q.mae());
        putDefined(figures, "r2", q.r2());
        putDefined(figures, "mape", q.mape());
        putDefined(figures, "pinball", q.pinball());
        putDefined(figures, "coverage", q.coverage());
      }
    }
    return figures;
  }

  /// 95 % intervals of the figures, from low to high; null if they are not told.
  @Nullable Map<String, List<Double>> intervals();

  /// True if these rows have ended the training, or chosen among networks; else null.
  @Nullable Boolean selectedOn();

  /// The same of rows that did so.
  default Evaluation selected() {
    return switch (this) {
      case Classification c ->
          new Classification(
              c.rows,
              c.loss,
              c.accuracy,
              c.logLoss,
              c.auc,
              c.f1,
              c.prAuc,
              c.mcc,
              c.balancedAccuracy,
              c.brier,
              c.classes,
              c.confusionMatrix,
              c.perClass,
              c.thresholds,
              c.curve,
              c.calibrationBins,
              c.intervals,
              c.baseline,
              true);
      case MultiLabel m ->
          new MultiLabel(
              m.rows,
              m.loss,
              m.accuracy,
              m.exactMatch,
              m.logLoss,
              m.labels,
              m.intervals,
              m.baseline,
              true);
      case Regression r ->
          new Regression(
              r.rows,
              r.loss,
              r.rmse,
              r.mae,
              r.r2,
              r.mape,
              r.coverage,
              r.outputs,
              r.intervals,
              r.baseline,
              true);
      case Quantiles q ->
          new Quantiles(
              q.rows,
              q.loss,
              q.rmse,
              q.mae,
              q.r2,
              q.mape,
              q.pinball,
              q.coverage,
              q.quantiles,
              q.errorQuantiles,
              q.intervals,
              q.baseline,
              true);
    };
  }

  /// The same with all that is told of numbers.
  ///
  /// @param seed of the draws of intervals; null for none
  /// @throws IllegalArgumentException if it is none of numbers
  default Evaluation with(NumberFigures told, @Nullable Long seed) {
    Map<String, Double> more = told.figures();
    return switch (this) {
      case Classification _, MultiLabel _ -> throw new IllegalArgumentException("no numbers");
      case Regression r ->
          new Regression(
              r.rows,
              r.loss,
              r.rmse,
              r.mae,
              r.r2,
              more.get("mape"),
              more.get("coverage"),
              seed == null ? r.outputs : withErrors(r.outputs, told.errorQuantiles()),
              seed == null ? null : lists(told.intervals(seed, r.figures())),
              r.baseline.with(told.baseline()),
              r.selectedOn);
      case Quantiles q ->
          new Quantiles(
              q.rows,
              q.loss,
              q.rmse,
              q.mae,
              q.r2,
              more.get("mape"),
              more.get("pinball"),
              more.get("coverage"),
              q.quantiles,
              seed == null || told.errorQuantiles().isEmpty()
                  ? null
                  : told.errorQuantiles().getFirst(),
              seed == null ? null : lists(told.intervals(seed, q.figures())),
              q.baseline.with(told.baseline()),
              q.selectedOn);
    };
  }

  private static List<OutputScore> withErrors(
      List<OutputScore> outputs, List<List<ErrorQuantile>> errors) {
    if (errors.isEmpty()) {
      return outputs;
    }
    return IntStream.range(0, outputs.size())
        .mapToObj(
            j -> {
              OutputScore score = outputs.get(j);
              return new OutputScore(score.name, score.rmse, score.mae, score.r2, errors.get(j));
            })
        .toList();
  }

  /// Bounds as they are told.
  static Map<String, List<Double>> lists(Map<String, Bounds> intervals) {
    Map<String, List<Double>> lists = new LinkedHashMap<>();
    intervals.forEach((name, bounds) -> lists.put(name, List.of(bounds.low(), bounds.high())));
    return lists;
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
  /// @param auc area under the ROC curve of the second class, null unless rows are of both; of many
  ///   classes the mean over them, each against all others, if figures are told in full
  /// @param f1 of the positive class; of many classes the mean over them. Null, as all that follow,
  ///   unless figures are told in full
  /// @param prAuc area under the curve of precision over recall, likewise
  /// @param mcc correlation of actual and answered classes (Matthews 1975)
  /// @param balancedAccuracy mean recall of the classes
  /// @param brier mean squared error of the probabilities, summed over the classes
  /// @param confusionMatrix counts by actual class (outer) and predicted class (inner), in the
  ///   order of `classes`
  /// @param curve of two classes that both occur, the ROC curve and that of precision over recall
  /// @param calibrationBins how far the probability of the likeliest class is from the share of
  ///   rows in which it is right
  record Classification(
      int rows,
      double loss,
      double accuracy,
      @Nullable Double logLoss,
      @Nullable Double auc,
      @Nullable Double f1,
      @Nullable Double prAuc,
      @Nullable Double mcc,
      @Nullable Double balancedAccuracy,
      @Nullable Double brier,
      List<Label> classes,
      List<List<Long>> confusionMatrix,
      List<ClassScore> perClass,
      @Nullable List<ThresholdTable.Row> thresholds,
      @Nullable List<CurvePoint> curve,
      @Nullable List<CalibrationBins.Bin> calibrationBins,
      @Nullable Map<String, List<Double>> intervals,
      ClassBaseline baseline,
      @Nullable Boolean selectedOn)
      implements Evaluation {

    /// Without the figures that are told in full.
    public Classification(
        int rows,
        double loss,
        double accuracy,
        @Nullable Double logLoss,
        @Nullable Double auc,
        List<Label> classes,
        List<List<Long>> confusionMatrix,
        List<ClassScore> perClass,
        ClassBaseline baseline) {
      this(
          rows,
          loss,
          accuracy,
          logLoss,
          auc,
          null,
          null,
          null,
          null,
          null,
          classes,
          confusionMatrix,
          perClass,
          null,
          null,
          null,
          null,
          baseline,
          null);
    }

    /// With them.
    ///
    /// @param seed of the draws of intervals; null for none, and no tables and curves
    Classification with(ClassFigures told, @Nullable Long seed) {
      Map<String, Double> figures = told.figures();
      List<CurvePoint> points = seed == null ? List.of() : told.curve();
      return new Classification(
          rows,
          loss,
          accuracy,
          logLoss,
          auc == null ? figures.get("auc") : auc,
          figures.get("f1"),
          figures.get("prAuc"),
          figures.get("mcc"),
          figures.get("balancedAccuracy"),
          figures.get("brier"),
          classes,
          confusionMatrix,
          perClass,
          seed != null && classes.size() == 2 ? told.thresholds() : null,
          points.isEmpty() ? null : points,
          seed == null ? null : told.calibrationBins(),
          seed == null ? null : lists(told.intervals(seed)),
          baseline.with(told.baseline()),
          selectedOn);
    }
  }

  /// @param rows how many rows are of this class
  record ClassScore(Label label, long rows, @Nullable Double precision, @Nullable Double recall) {}

  /// Always answering the most frequent class of the training rows, with their frequencies as
  /// probabilities.
  ///
  /// @param label that class
  /// @param logLoss null if a class of these rows never occurred in training
  record ClassBaseline(
      Label label,
      double accuracy,
      @Nullable Double logLoss,
      @Nullable Double auc,
      @Nullable Double f1,
      @Nullable Double prAuc,
      @Nullable Double mcc,
      @Nullable Double balancedAccuracy,
      @Nullable Double brier) {

    public ClassBaseline(Label label, double accuracy, @Nullable Double logLoss) {
      this(label, accuracy, logLoss, null, null, null, null, null, null);
    }

    ClassBaseline with(Map<String, Double> told) {
      return new ClassBaseline(
          label,
          accuracy,
          logLoss,
          told.get("auc"),
          told.get("f1"),
          told.get("prAuc"),
          told.get("mcc"),
          told.get("balancedAccuracy"),
          told.get("brier"));
    }
  }

  /// @param rmse root mean squared error; for several outputs the mean of theirs, as for `mae` and
  ///   `r2`
  /// @param mape mean of |error / target|; null if a target is 0, or unless figures are told in
  ///   full
  /// @param coverage share of targets that are in the interval of 0.9; null if the model has none
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
      @Nullable Double mape,
      @Nullable Double coverage,
      List<OutputScore> outputs,
      @Nullable Map<String, List<Double>> intervals,
      NumberBaseline baseline,
      @Nullable Boolean selectedOn)
      implements Evaluation {

    /// Without the figures that are told in full.
    public Regression(
        int rows,
        double loss,
        double rmse,
        double mae,
        @Nullable Double r2,
        List<OutputScore> outputs,
        NumberBaseline baseline) {
      this(rows, loss, rmse, mae, r2, null, null, outputs, null, baseline, null);
    }
  }

  /// Several quantiles of one number, as they are answered: sorted.
  ///
  /// @param rmse of the quantile nearest to the median, as for `mae`, `r2` and `mape`
  /// @param pinball mean of the quantiles' losses; null unless figures are told in full
  /// @param coverage as [Regression] has it
  /// @param errorQuantiles as [OutputScore] has them
  /// @param baseline always answering the mean of the training rows
  record Quantiles(
      int rows,
      double loss,
      double rmse,
      double mae,
      @Nullable Double r2,
      @Nullable Double mape,
      @Nullable Double pinball,
      @Nullable Double coverage,
      List<QuantileScore> quantiles,
      @Nullable List<ErrorQuantile> errorQuantiles,
      @Nullable Map<String, List<Double>> intervals,
      NumberBaseline baseline,
      @Nullable Boolean selectedOn)
      implements Evaluation {}

  /// @param pinballLoss mean of tau (y - a) if y > a, else of (1 - tau) (a - y), in original units
  /// @param coverage share of rows whose number is at most the quantile; near tau if the quantile
  ///   is right
  record QuantileScore(double tau, double pinballLoss, double coverage) {}

  /// @param errorQuantiles of answer less target, of 50,000 rows at most; null unless figures are
  ///   told in full
  record OutputScore(
      String name,
      double rmse,
      double mae,
      @Nullable Double r2,
      @Nullable List<ErrorQuantile> errorQuantiles) {

    public OutputScore(String name, double rmse, double mae, @Nullable Double r2) {
      this(name, rmse, mae, r2, null);
    }
  }

  record NumberBaseline(double rmse, double mae, @Nullable Double r2, @Nullable Double mape) {

    public NumberBaseline(double rmse, double mae) {
      this(rmse, mae, null, null);
    }

    NumberBaseline with(Map<String, Double> told) {
      return new NumberBaseline(rmse, mae, r2, told.get("mape"));
    }
  }

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
      @Nullable Map<String, List<Double>> intervals,
      LabelBaseline baseline,
      @Nullable Boolean selectedOn)
      implements Evaluation {

    MultiLabel with(Map<String, List<Double>> told) {
      return new MultiLabel(
          rows, loss, accuracy, exactMatch, logLoss, labels, told, baseline, selectedOn);
    }
  }

  record LabelScore(
      String name,
      long rows,
      double accuracy,
      @Nullable Double precision,
      @Nullable Double recall) {}

  /// Answering each label by its majority in the training rows.
  record LabelBaseline(double accuracy) {}
}
