package dev.backprop.engine.scoring;

import dev.backprop.engine.data.TargetScale;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.Answers;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Errors of several quantiles of one number: summed up in deviations of the training part, told in
/// original units.
final class QuantileTally implements Tally {

  private final Target.Quantiles target;
  private final TargetScale scale;
  private final NumberTally middle;
  private final double[] pinball;
  private final double[] covered;

  // The outputs of a row, sorted; those of a block that stand for the number, and their targets.
  private final float[] sorted;
  private final float[] answers = new float[Scorer.BLOCK];
  private final float[] numbers = new float[Scorer.BLOCK];

  private int rows;
  private double weightSum;
  private double lossSum;

  QuantileTally(Target.Quantiles target, TargetScale scale, Baseline baseline) {
    this.target = target;
    this.scale = scale;
    this.middle =
        new NumberTally(
            target.names(), List.of(scale), new Baseline(new double[] {baseline.means()[0]}));
    int k = target.taus().size();
    this.pinball = new double[k];
    this.covered = new double[k];
    this.sorted = new float[k];
  }

  @Override
  public void add(Answers block, double lossSum, double @Nullable [] weights) {
    Matrix a = block.outputs();
    Matrix y = block.y();
    int k = sorted.length;
    for (int i = 0; i < a.rows(); i++) {
      System.arraycopy(a.values(), a.offset() + i * k, sorted, 0, k);
      Arrays.sort(sorted);
      answers[i] = sorted[target.middle()];
      numbers[i] = y.values()[y.offset() + i * k];
      double weight = weights == null ? 1 : weights[i];
      if (weight == 0) {
        continue;
      }
      weightSum += weight;
      double number = scale.measuredTarget(numbers[i]);
      for (int j = 0; j < k; j++) {
        double tau = target.taus().get(j);
        double error = scale.measuredAnswer(sorted[j]) - number;
        pinball[j] += weight * ((1 - tau) * Math.max(0, error) - tau * Math.min(0, error));
        covered[j] += error >= 0 ? weight : 0;
      }
    }
    middle.add(new Matrix(answers, 0, a.rows(), 1), new Matrix(numbers, 0, a.rows(), 1), weights);
    rows += a.rows();
    this.lossSum += lossSum;
  }

  @Override
  public Evaluation evaluation() {
    List<Evaluation.QuantileScore> quantiles = new ArrayList<>();
    for (int j = 0; j < sorted.length; j++) {
      quantiles.add(
          new Evaluation.QuantileScore(
              target.taus().get(j), pinball[j] / weightSum * scale.std(), covered[j] / weightSum));
    }
    Evaluation.Regression number = middle.evaluation();
    return new Evaluation.Quantiles(
        rows,
        lossSum / weightSum,
        number.rmse(),
        number.mae(),
        number.r2(),
        null,
        null,
        null,
        quantiles,
        null,
        null,
        number.baseline(),
        null);
  }
}
