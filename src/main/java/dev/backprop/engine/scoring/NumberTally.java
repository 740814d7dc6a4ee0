package dev.backprop.engine.scoring;

import dev.backprop.engine.data.TargetScale;
import dev.backprop.engine.figures.Figure;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.Answers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Errors of numeric outputs. They are summed up in deviations of the training part, for then the
/// squares of the largest and of the smallest numbers are numbers too. They are told in original
/// units.
final class NumberTally implements Tally {

  private final List<String> names;
  private final TargetScale[] scales;
  private final double[] baseline;
  private final double[] squared;
  private final double[] absolute;
  private final double[] baselineSquared;
  private final double[] baselineAbsolute;
  // Running mean and sum of squared deviations (Welford 1962; with weights, West 1979) of the
  // targets in deviations.
  private final double[] targetMean;
  private final double[] targetDeviation;
  private int rows;
  private double weightSum;
  private double lossSum;

  /// @param scales one an output
  NumberTally(List<String> names, List<TargetScale> scales, Baseline baseline) {
    this.names = names;
    this.scales = scales.toArray(TargetScale[]::new);
    int q = this.scales.length;
    this.baseline = new double[q];
    for (int j = 0; j < q; j++) {
      this.baseline[j] = this.scales[j].measuredBaseline(baseline.means()[j]);
    }
    squared = new double[q];
    absolute = new double[q];
    baselineSquared = new double[q];
    baselineAbsolute = new double[q];
    targetMean = new double[q];
    targetDeviation = new double[q];
  }

  @Override
  public void add(Answers block, double lossSum, double @Nullable [] weights) {
    add(block.outputs(), block.y(), weights);
    this.lossSum += lossSum;
  }

  /// @param a outputs
  /// @param y their targets
  void add(Matrix a, Matrix y, double @Nullable [] weights) {
    int q = scales.length;
    for (int i = 0; i < a.rows(); i++) {
      rows++;
      double weight = weights == null ? 1 : weights[i];
      if (weight == 0) {
        continue;
      }
      weightSum += weight;
      for (int j = 0; j < q; j++) {
        double target = scales[j].measuredTarget(y.values()[y.offset() + i * q + j]);
        double error = scales[j].measuredAnswer(a.values()[a.offset() + i * q + j]) - target;
        double baselineError = baseline[j] - target;
        squared[j] += weight * (error * error);
        absolute[j] += weight * Math.abs(error);
        baselineSquared[j] += weight * (baselineError * baselineError);
        baselineAbsolute[j] += weight * Math.abs(baselineError);
        double fromMean = target - targetMean[j];
        targetMean[j] += weight * fromMean / weightSum;
        targetDeviation[j] += weight * (fromMean * (target - targetMean[j]));
      }
    }
  }

  @Override
  public Evaluation.Regression evaluation() {
    List<Evaluation.OutputScore> outputs = new ArrayList<>();
    double baselineRmse = 0;
    double baselineMae = 0;
    int q = scales.length;
    for (int j = 0; j < q; j++) {
      outputs.add(
          new Evaluation.OutputScore(
              names.get(j), rms(squared[j], j), mean(absolute[j], j), r2(j)));
      baselineRmse += rms(baselineSquared[j], j) / q;
      baselineMae += mean(baselineAbsolute[j], j) / q;
    }
    boolean explained = outputs.stream().allMatch(output -> output.r2() != null);
    return new Evaluation.Regression(
        rows,
        lossSum / weightSum,
        outputs.stream().mapToDouble(Evaluation.OutputScore::rmse).sum() / q,
        outputs.stream().mapToDouble(Evaluation.OutputScore::mae).sum() / q,
        explained ? Figure.defined(meanR2()) : null,
        outputs,
        new Evaluation.NumberBaseline(
            baselineRmse, baselineMae, explained ? baselineR2() : null, null));
  }

  private double rms(double squared, int j) {
    return Math.sqrt(squared / weightSum) * scales[j].std();
  }

  private double mean(double absolute, int j) {
    return absolute / weightSum * scales[j].std();
  }

  private @Nullable Double r2(int j) {
    double total = targetDeviation[j];
    return total > 0 ? Figure.defined(1 - squared[j] / total) : null;
  }

  private @Nullable Double baselineR2() {
    double sum = 0;
    for (int j = 0; j < scales.length; j++) {
      sum += 1 - baselineSquared[j] / targetDeviation[j];
    }
    return Figure.defined(sum / scales.length);
  }

  private double meanR2() {
    double sum = 0;
    for (int j = 0; j < scales.length; j++) {
      sum += 1 - squared[j] / targetDeviation[j];
    }
    return sum / scales.length;
  }
}
