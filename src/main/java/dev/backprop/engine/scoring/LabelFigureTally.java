package dev.backprop.engine.scoring;

import dev.backprop.engine.figures.Bootstrap;
import dev.backprop.engine.figures.MeanSample;
import dev.backprop.engine.figures.Sample;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.Answers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Counts for several yes-or-no answers, with intervals.
final class LabelFigureTally implements Tally {

  private static final List<String> NAMES = List.of("accuracy", "exactMatch", "logLoss");

  private final MultiLabelTally usual;
  private final long seed;
  private final int rows;
  private final MeanSample sample;

  /// @param rows how many will come
  LabelFigureTally(MultiLabelTally usual, long seed, int rows) {
    this.usual = usual;
    this.seed = seed;
    this.rows = rows;
    sample = new MeanSample(NAMES, rows);
  }

  @Override
  public void add(Answers block, double lossSum, double @Nullable [] weights) {
    usual.add(block, lossSum, weights);
    Matrix a = block.outputs();
    Matrix y = block.y();
    int q = a.columns();
    for (int i = 0; i < a.rows(); i++) {
      int right = 0;
      for (int j = 0; j < q; j++) {
        boolean holds = y.values()[y.offset() + i * q + j] >= 0.5f;
        boolean answered = a.values()[a.offset() + i * q + j] >= 0.5f;
        right += holds == answered ? 1 : 0;
      }
      sample.add(
          new double[] {
            (double) right / q, right == q ? 1 : 0, LogLoss.sigmoid(block.logits(), y, i)
          },
          weights == null ? 1 : weights[i]);
    }
  }

  @Override
  public Evaluation evaluation() {
    Evaluation.MultiLabel told = usual.evaluation();
    return told.with(Evaluation.lists(new Bootstrap(seed).intervals(sample, told.figures(), rows)));
  }

  @Override
  public Sample sample() {
    return sample;
  }
}
