package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Elementwise;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.Activation;

/// One answer of k members to each of n examples: the mean of their outputs, and logits that say
/// the same. So a loss of logits is that of the mean probability:
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

  private MeanOutputs() {}

  /// @param scratch a number for each member
  static void average(Activation f, Answers apart, Answers mean, double[] scratch) {
    mean(apart.outputs(), mean.outputs(), apart.members());
    switch (f) {
      case Activation.Softmax _ -> {
        logarithms(mean.outputs(), mean.logits());
        smallProbabilities(apart, mean, scratch);
      }
      case Activation.Sigmoid _ -> logOdds(apart, mean, scratch);
      case Activation.Exponential _ -> logRates(apart, mean, scratch);
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
          mean(apart.logits(), mean.logits(), apart.members());
    }
  }

  /// The mean over the members, element by element.
  private static void mean(Matrix all, Matrix mean, int k) {
    float[] from = all.values();
    float[] to = mean.values();
    int size = mean.size();
    System.arraycopy(from, 0, to, 0, size);
    for (int m = 1; m < k; m++) {
      add(from, m * size, to, size);
    }
    for (int i = 0; i < size; i++) {
      to[i] /= k;
    }
  }

  private static void add(float[] from, int first, float[] to, int size) {
    for (int i = 0; i < size; i++) {
      to[i] += from[first + i];
    }
  }

  private static void logarithms(Matrix p, Matrix z) {
    for (int i = 0; i < p.size(); i++) {
      z.values()[i] = (float) Math.log(p.values()[i]);
    }
  }

  /// ln of the mean of exp(z_m - lse_m), lse_m = ln Σ exp(z_m) of the member.
  private static void smallProbabilities(Answers apart, Answers mean, double[] scratch) {
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
        mean.logits().values()[i] = (float) logMeanExp(scratch);
      }
    }
  }

  private static void logOdds(Answers apart, Answers mean, double[] scratch) {
    int size = mean.outputs().size();
    float[] z = apart.logits().values();
    for (int i = 0; i < size; i++) {
      double yes = 0;
      double no = 0;
      for (int m = 0; m < scratch.length; m++) {
        double e = Elementwise.exp(-z[m * size + i]);
        yes += 1 / (1 + e);
        no += e / (1 + e);
      }
      double odds = Math.log(yes / no);
      mean.logits().values()[i] =
          (float) (Math.abs(odds) < LARGE ? odds : largeLogOdds(z, i, size, scratch));
    }
  }

  /// ln of the mean of p less ln of the mean of 1 - p, ln p = -ln(1 + exp(-z)).
  private static double largeLogOdds(float[] z, int i, int size, double[] scratch) {
    for (int m = 0; m < scratch.length; m++) {
      scratch[m] = -Elementwise.softplus(-z[m * size + i]);
    }
    double yes = logMeanExp(scratch);
    for (int m = 0; m < scratch.length; m++) {
      scratch[m] = -Elementwise.softplus(z[m * size + i]);
    }
    return yes - logMeanExp(scratch);
  }

  private static void logRates(Answers apart, Answers mean, double[] scratch) {
    int size = mean.outputs().size();
    for (int i = 0; i < size; i++) {
      for (int m = 0; m < scratch.length; m++) {
        scratch[m] = apart.logits().values()[m * size + i];
      }
      mean.logits().values()[i] = (float) logMeanExp(scratch);
    }
  }

  /// ln of the mean of exp(l), with the largest taken out.
  private static double logMeanExp(double[] l) {
    double max = l[0];
    for (double each : l) {
      max = Math.max(max, each);
    }
    if (max == Double.NEGATIVE_INFINITY) {
      return max;
    }
    double sum = 0;
    for (double each : l) {
      sum += Math.exp(each - max);
    }
    return max + Math.log(sum / l.length);
  }
}
