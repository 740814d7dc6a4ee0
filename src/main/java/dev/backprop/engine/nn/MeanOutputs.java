package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Elementwise;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.Activation;
import java.util.Arrays;

/// One answer of k members to each of n examples: the mean of their outputs, in which each counts by
/// its weight, and logits that say the same. So a loss of logits is that of the mean probability:
///
///     softmax      z = ln of the mean of the members' probabilities
///     sigmoid      z = ln (mean of p / mean of 1 - p)
///     exponential  z = ln of the mean of the members' rates
///     others       z = mean of the members' z, which no loss looks at
///
/// A mean that floats do not hold well is added up from logarithms, so that logits are as far from 0
/// as those of one network may be.
final class MeanOutputs {

  /// Smaller floats lose digits.
  private static final float SMALL = 1e-30f;

  /// Logits up to this size are made of sums of [Elementwise#exp], which holds up to 115.
  private static final double LARGE = 100;

  /// How often each member counts.
  private final int[] weights;

  private final int total;

  /// A number for each member.
  private final double[] scratch;

  /// @param weights of the members, each at least 1
  MeanOutputs(int[] weights) {
    this.weights = weights.clone();
    this.total = Arrays.stream(weights).sum();
    this.scratch = new double[weights.length];
  }

  /// Of members that count the same.
  static MeanOutputs of(int members) {
    int[] weights = new int[members];
    Arrays.fill(weights, 1);
    return new MeanOutputs(weights);
  }

  int members() {
    return weights.length;
  }

  static long bytes(long members) {
    return members * (Double.BYTES + Integer.BYTES);
  }

  /// @param f of the members' outputs
  void average(Activation f, Answers apart, Answers mean) {
    mean(apart.outputs(), mean.outputs());
    switch (f) {
      case Activation.Softmax _ -> {
        logarithms(mean.outputs(), mean.logits());
        smallProbabilities(apart, mean);
      }
      case Activation.Sigmoid _ -> logOdds(apart, mean);
      case Activation.Exponential _ -> logRates(apart, mean);
      case Activation.Identity _,
          Activation.Tanh _,
          Activation.Relu _,
          Activation.LeakyRelu _,
          Activation.Prelu _,
          Activation.Elu _,
          Activation.Selu _,
          Activation.Gelu _,
          Activation.Silu _,
          Activation.Mish _,
          Activation.Softplus _ ->
          mean(apart.logits(), mean.logits());
    }
  }

  /// The mean over the members, element by element.
  private void mean(Matrix all, Matrix mean) {
    float[] from = all.values();
    float[] to = mean.values();
    int size = mean.size();
    for (int i = 0; i < size; i++) {
      to[i] = weights[0] * from[i];
    }
    for (int m = 1; m < weights.length; m++) {
      add(weights[m], from, m * size, to, size);
    }
    for (int i = 0; i < size; i++) {
      to[i] /= total;
    }
  }

  private static void add(float weight, float[] from, int first, float[] to, int size) {
    for (int i = 0; i < size; i++) {
      to[i] += weight * from[first + i];
    }
  }

  private static void logarithms(Matrix p, Matrix z) {
    for (int i = 0; i < p.size(); i++) {
      z.values()[i] = (float) Math.log(p.values()[i]);
    }
  }

  /// ln of the mean of exp(z_m - lse_m), lse_m = ln Σ exp(z_m) of the member.
  private void smallProbabilities(Answers apart, Answers mean) {
    int q = mean.outputs().columns();
    int size = mean.outputs().size();
    float[] p = mean.outputs().values();
    float[] z = apart.logits().values();
    for (int i = 0; i < size; i++) {
      if (p[i] < SMALL) {
        int row = i - i % q;
        for (int m = 0; m < scratch.length; m++) {
          int first = m * size + row;
          scratch[m] =
              z[m * size + i] - LossFunction.logSumExp(z, apart.outputs().values(), first, q);
        }
        mean.logits().values()[i] = (float) logMeanExp();
      }
    }
  }

  private void logOdds(Answers apart, Answers mean) {
    int size = mean.outputs().size();
    float[] z = apart.logits().values();
    for (int i = 0; i < size; i++) {
      double yes = 0;
      double no = 0;
      for (int m = 0; m < scratch.length; m++) {
        double e = Elementwise.exp(-z[m * size + i]);
        yes += weights[m] / (1 + e);
        no += weights[m] * (e / (1 + e));
      }
      double odds = Math.log(yes / no);
      mean.logits().values()[i] =
          (float) (Math.abs(odds) < LARGE ? odds : largeLogOdds(z, i, size));
    }
  }

  /// ln of the mean of p less ln of the mean of 1 - p, ln p = -ln(1 + exp(-z)).
  private double largeLogOdds(float[] z, int i, int size) {
    for (int m = 0; m < scratch.length; m++) {
      scratch[m] = -Elementwise.softplus(-z[m * size + i]);
    }
    double yes = logMeanExp();
    for (int m = 0; m < scratch.length; m++) {
      scratch[m] = -Elementwise.softplus(z[m * size + i]);
    }
    return yes - logMeanExp();
  }

  private void logRates(Answers apart, Answers mean) {
    int size = mean.outputs().size();
    for (int i = 0; i < size; i++) {
      for (int m = 0; m < scratch.length; m++) {
        scratch[m] = apart.logits().values()[m * size + i];
      }
      mean.logits().values()[i] = (float) logMeanExp();
    }
  }

  /// ln of the mean of exp(l), with the largest taken out.
  private double logMeanExp() {
    double[] l = scratch;
    double max = l[0];
    for (double each : l) {
      max = Math.max(max, each);
    }
    if (max == Double.NEGATIVE_INFINITY) {
      return max;
    }
    double sum = 0;
    for (int m = 0; m < l.length; m++) {
      sum += weights[m] * Math.exp(l[m] - max);
    }
    return max + Math.log(sum / total);
  }
}
