package dev.backprop.engine.scoring;

import dev.backprop.engine.linalg.Matrix;

/// The cross-entropy of one row, from its logits and in double precision, so that it stays finite
/// when the probabilities have long been rounded to 0 and 1.
final class LogLoss {

  private LogLoss() {}

  /// Σ [max(z, 0) - z y + ln(1 + exp(-|z|))], which is -Σ [y ln a + (1 - y) ln(1 - a)] for a =
  /// sigmoid(z).
  static double sigmoid(Matrix logits, Matrix targets, int row) {
    int q = logits.columns();
    double sum = 0;
    for (int j = 0; j < q; j++) {
      double z = logits.values()[logits.offset() + row * q + j];
      double y = targets.values()[targets.offset() + row * q + j];
      sum += Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z)));
    }
    return sum;
  }

  /// ln Σ exp(z_k) - Σ y z, which is -Σ y ln a for a = softmax(z) and one-hot y.
  static double softmax(Matrix logits, Matrix targets, int row) {
    int q = logits.columns();
    int first = logits.offset() + row * q;
    double max = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < q; j++) {
      max = Math.max(max, logits.values()[first + j]);
    }
    double sum = 0;
    double dot = 0;
    for (int j = 0; j < q; j++) {
      double z = logits.values()[first + j] - max;
      sum += Math.exp(z);
      dot += targets.values()[targets.offset() + row * q + j] * z;
    }
    return Math.log(sum) - dot;
  }
}
