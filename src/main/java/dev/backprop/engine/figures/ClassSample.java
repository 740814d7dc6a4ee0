package dev.backprop.engine.figures;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A [Sample] of classes. A row takes 28 bytes, and 4 more for each of three and more classes.
final class ClassSample implements Sample {

  private static final List<String> NAMES =
      List.of("accuracy", "logLoss", "f1", "auc", "prAuc", "mcc", "balancedAccuracy", "brier");

  private final int classes;
  private final Threshold threshold;
  private final int rows;
  private final int[] actual;
  private final int[] answered;
  private final float[] logLoss;
  private final float[] brier;
  private final double[] weights;

  /// What to rank by, row after row: ln p of each class; of two classes their log odds, so that it
  /// still tells apart what has been rounded to 1.
  private final float[] scores;

  private final ClassSums sums;
  private Ranking @Nullable [] rankings;
  private int seen;
  private int kept;

  /// @param rows how many will come
  ClassSample(int classes, Threshold threshold, int rows) {
    this.classes = classes;
    this.threshold = threshold;
    this.rows = rows;
    int width = ClassAnswer.logits(classes);
    int n = Sample.kept(rows, width);
    actual = new int[n];
    answered = new int[n];
    logLoss = new float[n];
    brier = new float[n];
    weights = new double[n];
    scores = new float[n * width];
    sums = new ClassSums(classes);
  }

  /// @param actual class of the row
  void add(ClassAnswer answer, int actual, double weight) {
    if (Sample.keeps(seen++, rows, weights.length)) {
      this.actual[kept] = actual;
      answered[kept] = answer.answered(threshold);
      logLoss[kept] = (float) -answer.logProbability(actual);
      brier[kept] = (float) answer.brier(actual);
      weights[kept] = weight;
      if (classes == 2) {
        scores[kept] = (float) (answer.logProbability(1) - answer.logProbability(0));
      } else {
        for (int c = 0; c < classes; c++) {
          scores[kept * classes + c] = (float) answer.logProbability(c);
        }
      }
      kept++;
    }
  }

  @Override
  public List<String> names() {
    return NAMES;
  }

  @Override
  public double[] weights() {
    return weights;
  }

  @Override
  public double[] figures(double[] weights) {
    sums.clear();
    for (int i = 0; i < weights.length; i++) {
      sums.add(actual[i], answered[i], logLoss[i], brier[i], weights[i]);
    }
    Ranking.Areas areas = areas(weights);
    return new double[] {
      sums.accuracy(),
      sums.logLoss(),
      orNaN(classes == 2 ? sums.f1(threshold.positive()) : sums.macroF1()),
      areas.roc(),
      areas.precisionRecall(),
      orNaN(sums.mcc()),
      orNaN(sums.balancedAccuracy()),
      sums.brier()
    };
  }

  private static double orNaN(@Nullable Double figure) {
    return figure == null ? Double.NaN : figure;
  }

  /// Of two classes those of the positive one. Of many, the mean over the classes that occur among
  /// others, each against all others and each counting the same, as in F1. Pairs of classes would
  /// take as many rankings as there are pairs.
  Ranking.Areas areas(double[] weights) {
    if (rankings == null) {
      rankings = rankings();
    }
    double roc = 0;
    double precisionRecall = 0;
    int defined = 0;
    for (Ranking ranking : rankings) {
      Ranking.Areas areas = ranking.areas(weights);
      if (Double.isFinite(areas.roc())) {
        roc += areas.roc();
        precisionRecall += areas.precisionRecall();
        defined++;
      }
    }
    return defined == 0
        ? Ranking.Areas.UNDEFINED
        : new Ranking.Areas(roc / defined, precisionRecall / defined);
  }

  private Ranking[] rankings() {
    if (classes == 2) {
      return new Ranking[] {ranking(threshold.positive(), 1, 0)};
    }
    Ranking[] all = new Ranking[classes];
    Arrays.setAll(all, c -> ranking(c, classes, c));
    return all;
  }

  private Ranking ranking(int c, int width, int column) {
    float sign = classes == 2 && c == 0 ? -1 : 1;
    float[] of = new float[actual.length];
    boolean[] positive = new boolean[actual.length];
    for (int i = 0; i < of.length; i++) {
      of[i] = sign * scores[i * width + column];
      positive[i] = actual[i] == c;
    }
    return new Ranking(of, positive);
  }
}
