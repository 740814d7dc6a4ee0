package dev.backprop.engine.scoring;

import dev.backprop.engine.figures.Figure;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.Answers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Counts for several yes-or-no answers.
final class MultiLabelTally implements Tally {

  private final List<String> names;
  private final Baseline baseline;
  private final long[] counts;
  private final double[] actual;
  private final double[] predicted;
  private final double[] both;
  private final double[] right;
  private double rightRows;
  private int rows;
  private double weightSum;
  private double lossSum;
  private double logLossSum;

  MultiLabelTally(List<String> names, Baseline baseline) {
    this.names = names;
    this.baseline = baseline;
    counts = new long[names.size()];
    actual = new double[names.size()];
    predicted = new double[names.size()];
    both = new double[names.size()];
    right = new double[names.size()];
  }

  @Override
  public void add(Answers block, double lossSum, double @Nullable [] weights) {
    Matrix a = block.outputs();
    Matrix y = block.y();
    int q = names.size();
    for (int i = 0; i < a.rows(); i++) {
      double weight = weights == null ? 1 : weights[i];
      boolean all = true;
      for (int j = 0; j < q; j++) {
        boolean holds = y.values()[y.offset() + i * q + j] >= 0.5f;
        boolean answered = a.values()[a.offset() + i * q + j] >= 0.5f;
        counts[j] += holds ? 1 : 0;
        actual[j] += holds ? weight : 0;
        predicted[j] += answered ? weight : 0;
        both[j] += holds && answered ? weight : 0;
        right[j] += holds == answered ? weight : 0;
        all &= holds == answered;
      }
      rightRows += all ? weight : 0;
      logLossSum += weight == 0 ? 0 : weight * LogLoss.sigmoid(block.logits(), y, i);
      weightSum += weight;
      rows++;
    }
    this.lossSum += lossSum;
  }

  @Override
  public Evaluation.MultiLabel evaluation() {
    List<Evaluation.LabelScore> labels = new ArrayList<>();
    double accuracy = 0;
    double baselineAccuracy = 0;
    for (int j = 0; j < names.size(); j++) {
      double share = right[j] / weightSum;
      labels.add(
          new Evaluation.LabelScore(
              names.get(j),
              counts[j],
              share,
              Figure.ratio(both[j], predicted[j]),
              Figure.ratio(both[j], actual[j])));
      accuracy += share / names.size();
      double majority = baseline.means()[j] >= 0.5 ? actual[j] : weightSum - actual[j];
      baselineAccuracy += majority / weightSum / names.size();
    }
    return new Evaluation.MultiLabel(
        rows,
        lossSum / weightSum,
        accuracy,
        rightRows / weightSum,
        Figure.defined(logLossSum / weightSum),
        labels,
        null,
        new Evaluation.LabelBaseline(baselineAccuracy),
        null);
  }
}
