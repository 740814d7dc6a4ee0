package dev.backprop.scoring;

import dev.backprop.linalg.Matrix;
import dev.backprop.nn.Workspace;
import java.util.ArrayList;
import java.util.List;

/// Counts for several yes-or-no answers.
final class MultiLabelTally implements Tally {

  private final List<String> names;
  private final Baseline baseline;
  private final long[] actual;
  private final long[] predicted;
  private final long[] both;
  private final long[] right;
  private long rightRows;
  private int rows;
  private double lossSum;
  private double logLossSum;

  MultiLabelTally(List<String> names, Baseline baseline) {
    this.names = names;
    this.baseline = baseline;
    actual = new long[names.size()];
    predicted = new long[names.size()];
    both = new long[names.size()];
    right = new long[names.size()];
  }

  @Override
  public void add(Workspace block, double lossSum) {
    Matrix a = block.outputs();
    Matrix y = block.y();
    int q = names.size();
    for (int i = 0; i < a.rows(); i++) {
      boolean all = true;
      for (int j = 0; j < q; j++) {
        boolean holds = y.values()[y.offset() + i * q + j] >= 0.5f;
        boolean answered = a.values()[a.offset() + i * q + j] >= 0.5f;
        actual[j] += holds ? 1 : 0;
        predicted[j] += answered ? 1 : 0;
        both[j] += holds && answered ? 1 : 0;
        right[j] += holds == answered ? 1 : 0;
        all &= holds == answered;
      }
      rightRows += all ? 1 : 0;
      logLossSum += LogLoss.sigmoid(block.logits(), y, i);
      rows++;
    }
    this.lossSum += lossSum;
  }

  @Override
  public Evaluation evaluation() {
    List<Evaluation.LabelScore> labels = new ArrayList<>();
    double accuracy = 0;
    double baselineAccuracy = 0;
    for (int j = 0; j < names.size(); j++) {
      double share = right[j] / (double) rows;
      labels.add(
          new Evaluation.LabelScore(
              names.get(j),
              actual[j],
              share,
              Tally.ratio(both[j], predicted[j]),
              Tally.ratio(both[j], actual[j])));
      accuracy += share / names.size();
      long majority = baseline.means()[j] >= 0.5 ? actual[j] : rows - actual[j];
      baselineAccuracy += majority / (double) rows / names.size();
    }
    return new Evaluation.MultiLabel(
        rows,
        lossSum / rows,
        accuracy,
        rightRows / (double) rows,
        logLossSum / rows,
        labels,
        new Evaluation.LabelBaseline(baselineAccuracy));
  }
}
