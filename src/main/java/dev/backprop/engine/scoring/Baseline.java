package dev.backprop.engine.scoring;

import dev.backprop.engine.data.Examples;
import dev.backprop.engine.linalg.Matrix;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/// What a model without inputs would answer: the mean of the encoded targets of the training rows,
/// weighted if they have weights. That is the frequency of each class, or the mean of each number.
/// Held beside every metric, since 97 % says little if 96 % is for free.
///
/// @param means one for each output of the network, in its encoding
@SuppressWarnings("ArrayRecordComponent") // never handed out
public record Baseline(double[] means) implements Serializable {

  /// @param rows the training rows, at least one
  public static Baseline of(Examples examples, int[] rows) {
    Matrix x = Matrix.allocate(Scorer.BLOCK, examples.inputs());
    Matrix y = Matrix.allocate(Scorer.BLOCK, examples.outputs());
    double[] sums = new double[examples.outputs()];
    double weightSum = 0;
    for (int from = 0; from < rows.length; from += Scorer.BLOCK) {
      int n = Math.min(Scorer.BLOCK, rows.length - from);
      examples.encode(rows, from, n, x, y);
      for (int i = 0; i < n; i++) {
        double weight = examples.weight(rows[from + i]);
        weightSum += weight;
        for (int j = 0; j < sums.length; j++) {
          sums[j] += weight * y.values()[y.offset() + i * sums.length + j];
        }
      }
    }
    for (int j = 0; j < sums.length; j++) {
      sums[j] /= weightSum;
    }
    return new Baseline(sums);
  }

  /// The baseline of all rows together.
  ///
  /// @param parts of rows that have a weight above 0, in an order that decides the last bits
  /// @param weights of their rows together
  public static Baseline merged(List<Baseline> parts, double[] weights) {
    double[] means = new double[parts.getFirst().means.length];
    double all = Arrays.stream(weights).sum();
    for (int p = 0; p < parts.size(); p++) {
      for (int j = 0; j < means.length; j++) {
        means[j] += parts.get(p).means[j] * (weights[p] / all);
      }
    }
    return new Baseline(means);
  }
}
