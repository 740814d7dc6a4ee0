package dev.backprop.engine.scoring;

import dev.backprop.engine.nn.Answers;
import dev.backprop.engine.nn.Network;
import java.util.function.IntToDoubleFunction;

/// The mean of the loss over the rows of an evaluation if they count otherwise than in its metrics:
/// Σ w L / Σ w. For one evaluation.
public final class WeightedLoss {

  private final IntToDoubleFunction weight;
  private final double[] weights = new double[Scorer.BLOCK];
  private double lossSum;
  private double weightSum;

  /// @param weight of a row, at least 0
  public WeightedLoss(IntToDoubleFunction weight) {
    this.weight = weight;
  }

  /// @param block answers to these rows, with their targets in place
  void add(Network network, Answers block, int[] rows, int from, int n) {
    for (int i = 0; i < n; i++) {
      weights[i] = weight.applyAsDouble(rows[from + i]);
      weightSum += weights[i];
    }
    lossSum += network.loss(block, weights);
  }

  /// Over the rows so far.
  public double mean() {
    return lossSum / weightSum;
  }

  /// What that is a mean over.
  double weight() {
    return weightSum;
  }
}
