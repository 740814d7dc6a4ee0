package dev.backprop.engine.scoring;

import dev.backprop.engine.figures.Figure;
import dev.backprop.engine.figures.Threshold;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.Answers;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.table.Label;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Counts for classes: one sigmoid output for two classes, else an output for each.
final class ClassTally implements Tally {

  private final List<Label> classes;
  private final Baseline baseline;
  private final Threshold threshold;
  private final boolean softmax;
  private final boolean lossIsLogLoss;
  private final long[][] confusion;
  private final double[][] weighed;
  private final float @Nullable [] scores;
  private final boolean[] positive;
  private double @Nullable [] scoreWeights;
  private int rows;
  private double weightSum;
  private double lossSum;
  private double logLossSum;

  /// @param threshold counts if there are two classes
  /// @param rows how many rows will come
  ClassTally(
      List<Label> classes, Baseline baseline, NetworkSpec network, Threshold threshold, int rows) {
    this.threshold = threshold;
    this.classes = classes;
    this.baseline = baseline;
    this.softmax = network.outputActivation() instanceof Activation.Softmax;
    this.lossIsLogLoss = network.resolvedLoss().equals(new LossSpec.CrossEntropy());
    this.confusion = new long[classes.size()][classes.size()];
    this.weighed = new double[classes.size()][classes.size()];
    boolean single = baseline.means().length == 1;
    this.scores = single ? new float[rows] : null;
    this.positive = new boolean[single ? rows : 0];
  }

  @Override
  public void add(Answers block, double lossSum, double @Nullable [] weights) {
    Matrix a = block.outputs();
    Matrix y = block.y();
    if (weights != null && scores != null && scoreWeights == null) {
      scoreWeights = new double[scores.length];
    }
    for (int i = 0; i < a.rows(); i++) {
      int actual = chosen(y, i);
      int answered = answered(a, i);
      double weight = weights == null ? 1 : weights[i];
      confusion[actual][answered]++;
      weighed[actual][answered] += weight;
      weightSum += weight;
      if (scores != null) {
        // The logit ranks as the probability does, and still tells apart what has been rounded to
        // 1.
        scores[rows] = block.logits().values()[block.logits().offset() + i];
        positive[rows] = actual == 1;
        if (scoreWeights != null) {
          scoreWeights[rows] = weight;
        }
      }
      if (!lossIsLogLoss && weight != 0) {
        logLossSum +=
            weight
                * (softmax
                    ? LogLoss.softmax(block.logits(), y, i)
                    : LogLoss.sigmoid(block.logits(), y, i));
      }
      rows++;
    }
    this.lossSum += lossSum;
  }

  private int answered(Matrix a, int row) {
    if (a.columns() > 1) {
      return chosen(a, row);
    }
    double p = a.values()[a.offset() + row];
    return threshold.answer(threshold.positive() == 1 ? p : 1 - p);
  }

  /// The class with the largest value; a single value stands for class 1 from 0.5 up.
  static int chosen(Matrix m, int row) {
    int first = m.offset() + row * m.columns();
    if (m.columns() == 1) {
      return m.values()[first] >= 0.5f ? 1 : 0;
    }
    int best = 0;
    for (int j = 1; j < m.columns(); j++) {
      best = m.values()[first + j] > m.values()[first + best] ? j : best;
    }
    return best;
  }

  @Override
  public Evaluation.Classification evaluation() {
    double loss = lossSum / weightSum;
    return new Evaluation.Classification(
        rows,
        loss,
        correct() / weightSum,
        Figure.defined(lossIsLogLoss ? loss : logLossSum / weightSum),
        auc(),
        classes,
        Arrays.stream(confusion).map(row -> Arrays.stream(row).boxed().toList()).toList(),
        perClass(),
        baseline());
  }

  private @Nullable Double auc() {
    if (scores == null) {
      return null;
    }
    return scoreWeights == null
        ? auc(scores, positive)
        : weightedAuc(scores, positive, scoreWeights);
  }

  private double correct() {
    double correct = 0;
    for (int k = 0; k < weighed.length; k++) {
      correct += weighed[k][k];
    }
    return correct;
  }

  private List<Evaluation.ClassScore> perClass() {
    List<Evaluation.ClassScore> result = new ArrayList<>();
    for (int k = 0; k < confusion.length; k++) {
      double predicted = 0;
      for (double[] row : weighed) {
        predicted += row[k];
      }
      result.add(
          new Evaluation.ClassScore(
              classes.get(k),
              Arrays.stream(confusion[k]).sum(),
              Figure.ratio(weighed[k][k], predicted),
              Figure.ratio(weighed[k][k], actual(k))));
    }
    return result;
  }

  private double actual(int k) {
    double sum = 0;
    for (double weight : weighed[k]) {
      sum += weight;
    }
    return sum;
  }

  /// Of the classes in the training rows.
  static double[] frequencies(Baseline baseline) {
    double[] prior = baseline.means();
    return prior.length == 1 ? new double[] {1 - prior[0], prior[0]} : prior;
  }

  private Evaluation.ClassBaseline baseline() {
    double[] p = frequencies(baseline);
    int majority = 0;
    double logLoss = 0;
    for (int k = 0; k < p.length; k++) {
      majority = p[k] > p[majority] ? k : majority;
      logLoss -= actual(k) == 0 ? 0 : actual(k) * Math.log(p[k]) / weightSum;
    }
    return new Evaluation.ClassBaseline(
        classes.get(majority), actual(majority) / weightSum, Figure.defined(logLoss));
  }

  /// The probability that a positive row scores above a negative one, ties counting half (Mann and
  /// Whitney 1947).
  static @Nullable Double auc(float[] scores, boolean[] positive) {
    int positives = 0;
    for (boolean p : positive) {
      positives += p ? 1 : 0;
    }
    float[] high = new float[positives];
    float[] low = new float[scores.length - positives];
    if (high.length == 0 || low.length == 0) {
      return null;
    }
    int h = 0;
    int l = 0;
    for (int i = 0; i < scores.length; i++) {
      if (positive[i]) {
        high[h++] = scores[i];
      } else {
        low[l++] = scores[i];
      }
    }
    Arrays.sort(high);
    Arrays.sort(low);
    double wins = 0;
    int below = 0;
    int upTo = 0;
    for (float score : high) {
      while (below < low.length && low[below] < score) {
        below++;
      }
      while (upTo < low.length && low[upTo] <= score) {
        upTo++;
      }
      wins += (below + upTo) / 2.0;
    }
    return wins / ((double) high.length * low.length);
  }

  /// The same, a pair counting by the product of its weights (scikit-learn's `sample_weight`); null
  /// if the weights of one side are nothing beside those of the other.
  static @Nullable Double weightedAuc(float[] scores, boolean[] positive, double[] weights) {
    // Sorts by score: the order of floats as that of integers, the index behind it.
    long[] order = new long[scores.length];
    for (int i = 0; i < order.length; i++) {
      int bits = Float.floatToIntBits(scores[i] + 0f); // -0 is 0
      order[i] = (long) (bits ^ (bits >> 31 & Integer.MAX_VALUE)) << 32 | i;
    }
    Arrays.sort(order);
    // Their products neither vanish nor overflow if none is above 1.
    double most = Arrays.stream(weights).max().orElse(0);
    double high = 0;
    double low = 0;
    double wins = 0;
    for (int from = 0; from < order.length; ) {
      float score = scores[(int) order[from]];
      if (Float.isNaN(score)) {
        return null;
      }
      double tiedHigh = 0;
      double tiedLow = 0;
      int to = from;
      for (; to < order.length && scores[(int) order[to]] == score; to++) {
        int i = (int) order[to];
        tiedHigh += positive[i] ? weights[i] / most : 0;
        tiedLow += positive[i] ? 0 : weights[i] / most;
      }
      wins += tiedHigh * (low + tiedLow / 2);
      high += tiedHigh;
      low += tiedLow;
      from = to;
    }
    return Figure.defined(wins / (high * low));
  }
}
