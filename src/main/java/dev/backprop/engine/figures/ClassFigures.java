package dev.backprop.engine.figures;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is told of a model's classes on some rows, with intervals and a baseline. Sums are of all
/// rows. Of two classes, 5 bytes of each row are kept to rank them all, and 8 more if rows have
/// weights; else the areas are those of the rows in the [ClassSample].
public final class ClassFigures {

  private final int classes;
  private final Threshold threshold;
  private final double[] frequencies;
  private final int rows;
  private final ClassSums sums;
  private final CalibrationBins bins = new CalibrationBins();
  private final ThresholdTable table = new ThresholdTable();
  private final ClassSample sample;

  // Of two classes.
  private final float[] scores;
  private final boolean[] positive;
  private double @Nullable [] weights;
  private @Nullable Ranking ranking; // of all rows

  private int seen;

  /// @param threshold counts if there are two classes
  /// @param frequencies of the classes in the training rows, together 1
  /// @param rows how many will come
  public ClassFigures(Threshold threshold, double[] frequencies, int rows) {
    this.classes = frequencies.length;
    this.threshold = threshold;
    this.frequencies = frequencies.clone();
    this.rows = rows;
    sums = new ClassSums(classes);
    sample = new ClassSample(classes, threshold, rows);
    scores = new float[classes == 2 ? rows : 0];
    positive = new boolean[scores.length];
  }

  /// @param answer to the row
  /// @param actual its class
  public void add(ClassAnswer answer, int actual, double weight) {
    sums.add(
        actual,
        answer.answered(threshold),
        -answer.logProbability(actual),
        answer.brier(actual),
        weight);
    int top = answer.likeliest();
    bins.add(answer.probability(top), top == actual, weight);
    sample.add(answer, actual, weight);
    if (classes == 2) {
      int of = threshold.positive();
      table.add(answer.probability(of), actual == of, weight);
      rank(answer.logProbability(of) - answer.logProbability(1 - of), actual == of, weight);
    }
    seen++;
  }

  private void rank(double score, boolean isPositive, double weight) {
    scores[seen] = (float) score;
    positive[seen] = isPositive;
    if (weight != 1 && weights == null) {
      weights = ones();
    }
    if (weights != null) {
      weights[seen] = weight;
    }
  }

  private double[] ones() {
    double[] ones = new double[rows];
    Arrays.fill(ones, 1);
    return ones;
  }

  /// The figures that are defined, by name.
  public Map<String, Double> figures() {
    return figures(
        sums, classes == 2 ? ranking().areas(allWeights()) : sample.areas(sample.weights()));
  }

  private Ranking ranking() {
    if (ranking == null) {
      ranking = new Ranking(scores, positive);
    }
    return ranking;
  }

  private double[] allWeights() {
    return weights == null ? ones() : weights;
  }

  /// The same of a model without inputs. It ranks no row above another: its areas are a half, and
  /// the share of the rows of the class.
  public Map<String, Double> baseline() {
    double share = 0;
    int defined = 0;
    for (int c = 0; c < classes; c++) {
      double own = sums.share(c);
      if ((classes > 2 || c == threshold.positive()) && own > 0 && own < 1) {
        share += own;
        defined++;
      }
    }
    return figures(
        sums.ofBaseline(frequencies, threshold),
        defined == 0 ? Ranking.Areas.UNDEFINED : new Ranking.Areas(0.5, share / defined));
  }

  private Map<String, Double> figures(ClassSums of, Ranking.Areas areas) {
    Map<String, Double> figures = new LinkedHashMap<>();
    put(figures, "accuracy", of.accuracy());
    put(figures, "logLoss", of.logLoss());
    put(figures, "f1", classes == 2 ? of.f1(threshold.positive()) : of.macroF1());
    put(figures, "auc", areas.roc());
    put(figures, "prAuc", areas.precisionRecall());
    put(figures, "mcc", of.mcc());
    put(figures, "balancedAccuracy", of.balancedAccuracy());
    put(figures, "brier", of.brier());
    return figures;
  }

  private static void put(Map<String, Double> figures, String name, @Nullable Double figure) {
    if (figure != null && Double.isFinite(figure)) {
      figures.put(name, figure);
    }
  }

  public Map<String, Bounds> intervals(long seed) {
    return new Bootstrap(seed).intervals(sample, figures(), rows);
  }

  /// Empty unless there are two classes.
  public List<ThresholdTable.Row> thresholds() {
    return classes == 2 ? table.rows() : List.of();
  }

  /// Empty unless there are two classes, both among the rows.
  public List<CurvePoint> curve() {
    return classes == 2 ? ranking().curve(scores, allWeights()) : List.of();
  }

  public List<CalibrationBins.Bin> calibrationBins() {
    return bins.bins();
  }

  /// The expected calibration error.
  public double calibrationError() {
    return bins.error();
  }

  public Sample sample() {
    return sample;
  }
}
