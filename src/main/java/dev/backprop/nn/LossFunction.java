package dev.backprop.nn;

import dev.backprop.linalg.Elementwise;
import dev.backprop.linalg.Matrix;
import dev.backprop.spec.Activation;
import dev.backprop.spec.LossSpec;

/// The end of a network: output activation and loss, fused where that is the stable form.
///
///     z  (n x q)  logits z(L), n examples, q outputs
///     a  (n x q)  outputs a = f(z)
///     y  (n x q)  targets
///     J           mean over the batch of the loss of an example; the only place where the mean is
///                 taken
///     dz (n x q)  output error dJ/dz(L)
///
/// @param f the output activation
record LossFunction(Activation f, LossSpec loss) {

  /// a = f(z). Probabilities keep their relative accuracy however small they are.
  void outputs(Matrix z, Matrix a) {
    if (f instanceof Activation.Sigmoid) {
      for (int i = 0; i < z.size(); i++) {
        a.values()[i] = (float) Elementwise.logistic(z.values()[i]);
      }
    } else {
      Activations.forward(f, z, a);
    }
  }

  /// The sum over the examples of their losses.
  double sum(Matrix z, Matrix a, Matrix y) {
    int n = a.size();
    int q = a.columns();
    return switch (loss) {
      case LossSpec.CrossEntropy _ ->
          f instanceof Activation.Softmax
              ? softmaxCrossEntropy(z, a, y)
              : sigmoidCrossEntropy(z.values(), y.values(), n);
      case LossSpec.SquaredError _ -> squares(a.values(), y.values(), n) / q;
      case LossSpec.Quadratic _ -> squares(a.values(), y.values(), n) / 2;
      case LossSpec.AbsoluteError _ -> absolutes(a.values(), y.values(), n) / q;
      case LossSpec.Huber(double delta) -> hubers(a.values(), y.values(), n, delta) / q;
    };
  }

  /// dJ/dz(L) = dJ/da(L) * f'(z(L)); for cross-entropy the product is a - y.
  ///
  /// @param batchRows examples that J is the mean of
  void delta(Matrix z, Matrix a, Matrix y, int batchRows, Matrix dz) {
    int n = a.size();
    int q = a.columns();
    float[] d = dz.values();
    float mean = 1f / batchRows;
    switch (loss) {
      case LossSpec.CrossEntropy _ -> difference(a.values(), y.values(), d, n, mean);
      case LossSpec.SquaredError _ -> difference(a.values(), y.values(), d, n, 2 * mean / q);
      case LossSpec.Quadratic _ -> difference(a.values(), y.values(), d, n, mean);
      case LossSpec.AbsoluteError _ -> sign(a.values(), y.values(), d, n, mean / q);
      case LossSpec.Huber(double delta) ->
          clamped(a.values(), y.values(), d, n, mean / q, (float) delta);
    }
    if (!(loss instanceof LossSpec.CrossEntropy)) {
      Activations.backward(f, z, a, dz);
    }
  }

  /// Σ_j y_j (lse - z_j) for each example, lse = ln Σ_k exp(z_k). With m the largest logit and S
  /// the sum of the other probabilities, lse = z_m - ln a_m and a_m = 1 - S.
  private static double softmaxCrossEntropy(Matrix zs, Matrix as, Matrix ys) {
    float[] z = zs.values();
    float[] a = as.values();
    float[] y = ys.values();
    int q = zs.columns();
    double sum = 0;
    for (int i = 0; i < zs.size(); i += q) {
      int m = i;
      double others = 0;
      for (int j = i + 1; j < i + q; j++) {
        others += a[z[j] > z[m] ? m : j];
        m = z[j] > z[m] ? j : m;
      }
      double lse = z[m] - Math.log(1 - others);
      for (int j = i; j < i + q; j++) {
        sum += y[j] == 0 ? 0 : y[j] * (lse - z[j]);
      }
    }
    return sum;
  }

  /// Σ -[y ln a + (1 - y) ln(1 - a)] = Σ max(z, 0) - y z + ln(1 + exp(-|z|)).
  private static double sigmoidCrossEntropy(float[] z, float[] y, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Elementwise.softplus(z[i]) - (double) y[i] * z[i];
    }
    return sum;
  }

  private static double squares(float[] a, float[] y, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double e = (double) a[i] - y[i];
      sum += e * e;
    }
    return sum;
  }

  private static void difference(float[] a, float[] y, float[] d, int n, float factor) {
    for (int i = 0; i < n; i++) {
      d[i] = factor * (a[i] - y[i]);
    }
  }

  private static double absolutes(float[] a, float[] y, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Math.abs((double) a[i] - y[i]);
    }
    return sum;
  }

  private static void sign(float[] a, float[] y, float[] d, int n, float factor) {
    for (int i = 0; i < n; i++) {
      d[i] = factor * Math.signum(a[i] - y[i]);
    }
  }

  private static double hubers(float[] a, float[] y, int n, double delta) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double e = Math.abs((double) a[i] - y[i]);
      double inside = Math.min(e, delta);
      sum += inside * (e - inside / 2);
    }
    return sum;
  }

  private static void clamped(float[] a, float[] y, float[] d, int n, float factor, float delta) {
    for (int i = 0; i < n; i++) {
      d[i] = factor * Math.min(delta, Math.max(-delta, a[i] - y[i]));
    }
  }
}
