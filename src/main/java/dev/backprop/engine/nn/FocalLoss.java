package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Elementwise;
import dev.backprop.engine.linalg.Matrix;

/// The focal loss (Lin et al. 2017) fused with its output activation. For the probability p that an
/// output gives to what its target says, in the letters of [LossFunction]:
///
///     L = -(1 - p)^gamma ln p
///     p dL/dp = (1 - p)^gamma (gamma p ln p / (1 - p) - 1)
///
/// ln p comes from the logits, and so does 1 - p, even if p itself has been rounded to 1.
final class FocalLoss {

  private FocalLoss() {}

  /// For each output p = a if y = 1, p = 1 - a if y = 0; between them both, by their shares.
  static double sigmoidSum(Matrix zs, Matrix ys, int from, int to, double gamma) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      double z = zs.values()[i];
      double y = ys.values()[i];
      double positive = Math.pow(Elementwise.logistic(-z), gamma) * Elementwise.softplus(-z);
      double negative = Math.pow(Elementwise.logistic(z), gamma) * Elementwise.softplus(z);
      sum += y * positive + (1 - y) * negative;
    }
    return sum;
  }

  /// dp/dz = ±p (1 - p).
  static void sigmoidDelta(Matrix zs, Matrix ys, double gamma, Matrix dz, double mean) {
    for (int i = 0; i < zs.size(); i++) {
      double z = zs.values()[i];
      double y = ys.values()[i];
      double a = Elementwise.logistic(z);
      double b = Elementwise.logistic(-z);
      double positive = Math.pow(b, gamma) * (-gamma * a * Elementwise.softplus(-z) - b);
      double negative = Math.pow(a, gamma) * (-gamma * b * Elementwise.softplus(z) - a);
      dz.values()[i] = (float) (mean * (y * positive - (1 - y) * negative));
    }
  }

  /// p = a for every class, weighted by its y.
  static double softmaxSum(Matrix zs, Matrix as, Matrix ys, int from, int to, double gamma) {
    float[] z = zs.values();
    float[] y = ys.values();
    int q = zs.columns();
    double sum = 0;
    for (int i = from; i < to; i += q) {
      double lse = LossFunction.logSumExp(z, as.values(), i, q);
      for (int j = i; j < i + q; j++) {
        if (y[j] != 0) {
          sum += y[j] * Math.pow(others(as.values(), i, q, j), gamma) * (lse - z[j]);
        }
      }
    }
    return sum;
  }

  /// dz_j = s_j - a_j Σ_k s_k, s_k = y_k a_k dL/da_k.
  static void softmaxDelta(Matrix zs, Matrix as, Matrix ys, double gamma, Matrix dz, double mean) {
    float[] z = zs.values();
    float[] a = as.values();
    float[] y = ys.values();
    int q = zs.columns();
    for (int i = 0; i < zs.size(); i += q) {
      double lse = LossFunction.logSumExp(z, a, i, q);
      double sum = 0;
      for (int j = i; j < i + q; j++) {
        double s = 0;
        if (y[j] != 0) {
          double b = others(a, i, q, j);
          // ln p / (1 - p) is -1 at p = 1.
          double slope = b == 0 ? -1 : (z[j] - lse) / b;
          s = y[j] * Math.pow(b, gamma) * (gamma * a[j] * slope - 1);
        }
        dz.values()[j] = (float) (mean * s);
        sum += mean * s;
      }
      for (int j = i; j < i + q; j++) {
        dz.values()[j] -= (float) (a[j] * sum);
      }
    }
  }

  /// 1 - a_j as the sum of the other probabilities of the example that begins at i.
  private static double others(float[] a, int i, int q, int j) {
    double sum = 0;
    for (int k = i; k < i + q; k++) {
      sum += k == j ? 0 : a[k];
    }
    return sum;
  }
}
