package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Elementwise;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.LossSpec;

/// The end of a network: output activation and loss, fused if that is the stable form.
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
    return sum(z, a, y, 0, a.size());
  }

  /// Σ_i w_i L_i over the examples, an example that weighs 0 left out whatever its loss.
  ///
  /// @param w the weight of example i is `w[first + i]`
  double weightedSum(Matrix z, Matrix a, Matrix y, double[] w, int first) {
    int q = a.columns();
    double sum = 0;
    for (int i = 0; i < a.rows(); i++) {
      if (w[first + i] != 0) {
        sum += w[first + i] * sum(z, a, y, i * q, (i + 1) * q);
      }
    }
    return sum;
  }

  /// The sum of the losses of whole examples.
  ///
  /// @param from their first element
  /// @param to behind their last element
  private double sum(Matrix z, Matrix a, Matrix y, int from, int to) {
    int q = a.columns();
    return switch (loss) {
      case LossSpec.CrossEntropy(double smoothing) ->
          f instanceof Activation.Softmax
              ? softmaxCrossEntropy(z, a, y, from, to, smoothing)
              : sigmoidCrossEntropy(z.values(), y.values(), from, to, smoothing);
      case LossSpec.Focal(double gamma) ->
          f instanceof Activation.Softmax
              ? FocalLoss.softmaxSum(z, a, y, from, to, gamma)
              : FocalLoss.sigmoidSum(z, y, from, to, gamma);
      case LossSpec.Poisson _ -> poissons(z.values(), y.values(), from, to) / q;
      case LossSpec.Quantile loss -> quantiles(a.values(), y.values(), from, to, q, loss) / q;
      case LossSpec.SquaredError _ -> squares(a.values(), y.values(), from, to) / q;
      case LossSpec.Quadratic _ -> squares(a.values(), y.values(), from, to) / 2;
      case LossSpec.AbsoluteError _ -> absolutes(a.values(), y.values(), from, to) / q;
      case LossSpec.Huber(double delta) -> hubers(a.values(), y.values(), from, to, delta) / q;
    };
  }

  /// dJ/dz(L) = dJ/da(L) * f'(z(L)); for cross-entropy and Poisson the product is a - y.
  ///
  /// @param batchRows examples that J is the mean of
  void delta(Matrix z, Matrix a, Matrix y, long batchRows, Matrix dz) {
    int n = a.size();
    int q = a.columns();
    float[] d = dz.values();
    float mean = 1f / batchRows;
    switch (loss) {
      case LossSpec.CrossEntropy(double smoothing) when smoothing > 0 ->
          smoothedDifference(a, y, dz, mean, smoothing);
      case LossSpec.CrossEntropy _ -> difference(a.values(), y.values(), d, n, mean);
      case LossSpec.Focal(double gamma) -> {
        if (f instanceof Activation.Softmax) {
          FocalLoss.softmaxDelta(z, a, y, gamma, dz, mean);
        } else {
          FocalLoss.sigmoidDelta(z, y, gamma, dz, mean);
        }
      }
      case LossSpec.Poisson _ -> difference(a.values(), y.values(), d, n, mean / q);
      case LossSpec.Quantile loss ->
          quantileSlopes(a.values(), y.values(), d, n, mean / q, q, loss);
      case LossSpec.SquaredError _ -> difference(a.values(), y.values(), d, n, 2 * mean / q);
      case LossSpec.Quadratic _ -> difference(a.values(), y.values(), d, n, mean);
      case LossSpec.AbsoluteError _ -> sign(a.values(), y.values(), d, n, mean / q);
      case LossSpec.Huber(double delta) ->
          clamped(a.values(), y.values(), d, n, mean / q, (float) delta);
    }
    if (!loss.ofProbabilities() && !(loss instanceof LossSpec.Poisson)) {
      Activations.backward(f, z, a, dz);
    }
  }

  /// dJ/dz(L) of J = Σ w_i L_i / W, W being the sum of the weights of the whole batch.
  ///
  /// @param w the weight of example i is `w[first + i]`
  void weightedDelta(Answers answers, double[] w, int first, double weightSum, Matrix dz) {
    delta(answers.logits(), answers.outputs(), answers.y(), 1, dz);
    float[] d = dz.values();
    int q = dz.columns();
    for (int i = 0; i < dz.rows(); i++) {
      float share = (float) (w[first + i] / weightSum);
      for (int j = i * q; j < (i + 1) * q; j++) {
        d[j] = share == 0 ? 0 : share * d[j];
      }
    }
  }

  /// What smoothing adds to every target, t = (1 - s) y + s/q: q is the number of classes, 2 for a
  /// sigmoid.
  private double smoothingFloor(double smoothing, int q) {
    return smoothing / (f instanceof Activation.Softmax ? q : 2);
  }

  private void smoothedDifference(Matrix as, Matrix ys, Matrix ds, float factor, double smoothing) {
    float[] a = as.values();
    float[] y = ys.values();
    float[] d = ds.values();
    float keep = (float) (1 - smoothing);
    float floor = (float) smoothingFloor(smoothing, as.columns());
    for (int i = 0; i < as.size(); i++) {
      d[i] = factor * (a[i] - (keep * y[i] + floor));
    }
  }

  /// Σ_j t_j (lse - z_j) for each example. Which t are 0 is random, and to ask would take longer
  /// than to multiply. It is asked only if one of these products may be 0 · ∞, since a logit has
  /// overflowed.
  private double softmaxCrossEntropy(
      Matrix zs, Matrix as, Matrix ys, int from, int to, double smoothing) {
    double sum = softmaxCrossEntropy(zs, as, ys, from, to, smoothing, false);
    return Double.isNaN(sum) ? softmaxCrossEntropy(zs, as, ys, from, to, smoothing, true) : sum;
  }

  /// @param skip whether what has t = 0 is left out
  private double softmaxCrossEntropy(
      Matrix zs, Matrix as, Matrix ys, int from, int to, double smoothing, boolean skip) {
    float[] z = zs.values();
    float[] a = as.values();
    float[] y = ys.values();
    int q = zs.columns();
    double floor = smoothingFloor(smoothing, q);
    double sum = 0;
    for (int i = from; i < to; i += q) {
      double lse = logSumExp(z, a, i, q);
      for (int j = i; j < i + q; j++) {
        double t = (1 - smoothing) * y[j] + floor;
        sum += skip && t == 0 ? 0 : t * (lse - z[j]);
      }
    }
    return sum;
  }

  /// ln Σ_k exp(z_k) of the example that begins at i. With m the largest logit and S the sum of the
  /// other probabilities, it is z_m - ln a_m and a_m = 1 - S.
  static double logSumExp(float[] z, float[] a, int i, int q) {
    int m = i;
    double others = 0;
    for (int j = i + 1; j < i + q; j++) {
      others += a[z[j] > z[m] ? m : j];
      m = z[j] > z[m] ? j : m;
    }
    return z[m] - Math.log(1 - others);
  }

  /// Σ -[t ln a + (1 - t) ln(1 - a)] = Σ max(z, 0) - t z + ln(1 + exp(-|z|)).
  private double sigmoidCrossEntropy(float[] z, float[] y, int from, int to, double smoothing) {
    double floor = smoothingFloor(smoothing, 2);
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += Elementwise.softplus(z[i]) - ((1 - smoothing) * y[i] + floor) * z[i];
    }
    return sum;
  }

  /// Σ exp(z) - y z.
  private static double poissons(float[] z, float[] y, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += Elementwise.exp(z[i]) - (double) y[i] * z[i];
    }
    return sum;
  }

  /// Each of the q outputs with its tau.
  private static double quantiles(
      float[] a, float[] y, int from, int to, int q, LossSpec.Quantile loss) {
    double sum = 0;
    for (int j = 0; j < q; j++) {
      double tau = loss.tauOf(j);
      for (int i = from + j; i < to; i += q) {
        double e = (double) a[i] - y[i];
        sum += (1 - tau) * Math.max(0, e) - tau * Math.min(0, e);
      }
    }
    return sum;
  }

  /// 1 - tau above the target, -tau below it, each of the q outputs with its tau.
  private static void quantileSlopes(
      float[] a, float[] y, float[] d, int n, float factor, int q, LossSpec.Quantile loss) {
    for (int j = 0; j < q; j++) {
      float tau = (float) loss.tauOf(j);
      for (int i = j; i < n; i += q) {
        float s = Math.signum(a[i] - y[i]);
        d[i] = factor * ((1 - tau) * Math.max(0, s) + tau * Math.min(0, s));
      }
    }
  }

  private static double squares(float[] a, float[] y, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
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

  private static double absolutes(float[] a, float[] y, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += Math.abs((double) a[i] - y[i]);
    }
    return sum;
  }

  private static void sign(float[] a, float[] y, float[] d, int n, float factor) {
    for (int i = 0; i < n; i++) {
      d[i] = factor * Math.signum(a[i] - y[i]);
    }
  }

  private static double hubers(float[] a, float[] y, int from, int to, double delta) {
    double sum = 0;
    for (int i = from; i < to; i++) {
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
