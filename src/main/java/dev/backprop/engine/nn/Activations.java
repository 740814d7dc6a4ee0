package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Elementwise;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.Activation;

/// Forward and backward pass of the activation functions.
///
///     z    (n x q)  weighted inputs, n examples, q units
///     a    (n x q)  a = f(z); in training it may be the array of z where [#keepsZ] is false, in
///                   prediction where [#readsZTwice] is
///     d    (n x q)  dJ/da, which the backward pass turns into dJ/dz = dJ/da * f'(z)
///
/// Every matrix begins at the start of its array: loops with one index for all arrays run on
/// vectors.
final class Activations {

  private Activations() {}

  /// Whether the backward pass needs z beside a.
  static boolean keepsZ(Activation f) {
    return switch (f) {
      case Activation.Prelu _,
          Activation.Gelu _,
          Activation.Silu _,
          Activation.Mish _,
          Activation.Softplus _ ->
          true;
      case Activation.Identity _,
          Activation.Sigmoid _,
          Activation.Tanh _,
          Activation.Relu _,
          Activation.LeakyRelu _,
          Activation.Elu _,
          Activation.Selu _,
          Activation.Exponential _,
          Activation.Softmax _ ->
          false;
    };
  }

  /// Whether the forward pass takes two loops, the first of which fills a.
  static boolean readsZTwice(Activation f) {
    return f instanceof Activation.Gelu || f instanceof Activation.Softplus;
  }

  static void forward(Activation f, Matrix zs, Matrix as) {
    float[] z = zs.values();
    float[] a = as.values();
    int n = zs.size();
    switch (f) {
      case Activation.Identity _ -> identity(z, a, n);
      case Activation.Sigmoid _ -> sigmoid(z, a, n);
      case Activation.Tanh _ -> tanh(z, a, n);
      case Activation.Relu _ -> relu(z, a, n);
      case Activation.LeakyRelu(double slope) -> leakyRelu(z, a, n, (float) slope);
      case Activation.Prelu _ -> throw learned();
      case Activation.Elu(double alpha) -> elu(z, a, n, 1, (float) alpha);
      case Activation.Selu _ -> elu(z, a, n, SELU_SCALE, SELU_ALPHA);
      case Activation.Gelu _ -> gelu(z, a, n);
      case Activation.Silu _ -> silu(z, a, n);
      case Activation.Mish _ -> mish(z, a, n);
      case Activation.Softplus _ -> softplus(z, a, n);
      case Activation.Exponential _ -> exponential(z, a, n);
      case Activation.Softmax _ -> softmax(zs, as);
    }
  }

  static void backward(Activation f, Matrix zs, Matrix as, Matrix ds) {
    float[] z = zs.values();
    float[] a = as.values();
    float[] d = ds.values();
    int n = ds.size();
    switch (f) {
      case Activation.Identity _ -> {}
      case Activation.Sigmoid _ -> sigmoidBackward(a, d, n);
      case Activation.Tanh _ -> tanhBackward(a, d, n);
      case Activation.Relu _ -> reluBackward(a, d, n);
      case Activation.LeakyRelu(double slope) -> leakyReluBackward(a, d, n, (float) slope);
      case Activation.Prelu _ -> throw learned();
      case Activation.Elu(double alpha) -> eluBackward(a, d, n, 1, (float) alpha);
      case Activation.Selu _ -> eluBackward(a, d, n, SELU_SCALE, SELU_ALPHA);
      case Activation.Gelu _ -> geluBackward(z, a, d, n);
      case Activation.Silu _ -> siluBackward(z, d, n);
      case Activation.Mish _ -> mishBackward(z, d, n);
      case Activation.Softplus _ -> softplusBackward(z, d, n);
      case Activation.Exponential _ -> exponentialBackward(a, d, n);
      case Activation.Softmax _ -> softmaxBackward(as, ds);
    }
  }

  private static IllegalArgumentException learned() {
    return new IllegalArgumentException("the slope of prelu is a parameter of its layer");
  }

  /// [Activation.Prelu] with the slope that its layer has learned.
  static void forward(float slope, Matrix z, Matrix a) {
    leakyRelu(z.values(), a.values(), z.size(), slope);
  }

  /// The backward pass of [Activation.Prelu]; the slope may be below 0, so z tells the side.
  ///
  /// @return dJ/dslope = Σ dJ/da · min(0, z)
  static float backward(float slope, Matrix zs, Matrix ds) {
    float[] z = zs.values();
    float[] d = ds.values();
    double sum = 0;
    for (int i = 0; i < ds.size(); i++) {
      sum += (double) d[i] * Math.min(0, z[i]);
      d[i] *= slope + (1 - slope) * Elementwise.step(z[i]);
    }
    return (float) sum;
  }

  /// Beside the square of any float above 1e-26 it is nothing.
  private static final double TINY = 1e-60;

  private static final float SELU_SCALE = (float) Activation.Selu.SCALE;
  private static final float SELU_ALPHA = (float) Activation.Selu.ALPHA;

  private static void identity(float[] z, float[] a, int n) {
    System.arraycopy(z, 0, a, 0, n);
  }

  private static void sigmoid(float[] z, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      a[i] = Elementwise.sigmoid(z[i]);
    }
  }

  /// f' = a (1 - a).
  private static void sigmoidBackward(float[] a, float[] d, int n) {
    for (int i = 0; i < n; i++) {
      d[i] *= a[i] * (1 - a[i]);
    }
  }

  private static void tanh(float[] z, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      a[i] = Elementwise.tanh(z[i]);
    }
  }

  /// f' = 1 - a².
  private static void tanhBackward(float[] a, float[] d, int n) {
    for (int i = 0; i < n; i++) {
      d[i] *= 1 - a[i] * a[i];
    }
  }

  private static void relu(float[] z, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      a[i] = Math.max(0, z[i]);
    }
  }

  /// f' = 1 if a > 0, else 0.
  private static void reluBackward(float[] a, float[] d, int n) {
    for (int i = 0; i < n; i++) {
      d[i] *= Elementwise.step(a[i]);
    }
  }

  private static void leakyRelu(float[] z, float[] a, int n, float slope) {
    for (int i = 0; i < n; i++) {
      a[i] = Math.max(0, z[i]) + slope * Math.min(0, z[i]);
    }
  }

  /// f' = 1 if a > 0, else the slope.
  private static void leakyReluBackward(float[] a, float[] d, int n, float slope) {
    for (int i = 0; i < n; i++) {
      d[i] *= slope + (1 - slope) * Elementwise.step(a[i]);
    }
  }

  private static void elu(float[] z, float[] a, int n, float scale, float alpha) {
    for (int i = 0; i < n; i++) {
      a[i] = scale * (Math.max(0, z[i]) + alpha * Elementwise.expm1OfNegative(Math.min(0, z[i])));
    }
  }

  /// f' = scale if a > 0, else scale alpha exp(z) = a + scale alpha.
  private static void eluBackward(float[] a, float[] d, int n, float scale, float alpha) {
    float below = scale * alpha;
    for (int i = 0; i < n; i++) {
      float step = Elementwise.step(a[i]);
      d[i] *= scale * step + (1 - step) * (below + Math.min(0, a[i]));
    }
  }

  /// a = z Φ(z) = max(z, 0) - |z| m(|z|) φ(z), m being Mills' ratio (1 - Φ) / φ.
  private static void gelu(float[] z, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      double x = Math.abs(z[i]);
      a[i] = (float) (x * Elementwise.millsRatio(x));
    }
    for (int i = 0; i < n; i++) {
      double x = z[i];
      a[i] = (float) (Math.max(x, 0) - a[i] * Elementwise.normalDensity(x));
    }
  }

  /// f' = Φ(z) + z φ(z), and Φ = a / z but for the z that are too small for it: those have 1/2.
  private static void geluBackward(float[] z, float[] a, float[] d, int n) {
    for (int i = 0; i < n; i++) {
      double x = z[i];
      double phi = (x * a[i] + 0.5 * TINY) / (x * x + TINY);
      d[i] *= (float) (phi + x * Elementwise.normalDensity(x));
    }
  }

  private static void silu(float[] z, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      a[i] = (float) (z[i] * Elementwise.logistic(z[i]));
    }
  }

  /// f' = s (1 + z (1 - s)), s = sigmoid(z).
  private static void siluBackward(float[] z, float[] d, int n) {
    for (int i = 0; i < n; i++) {
      double x = z[i];
      double s = Elementwise.logistic(x);
      d[i] *= (float) (s * (1 + x * (1 - s)));
    }
  }

  /// a = z t, t = tanh(ln(1 + e)) = u / (u + 2), u = e (e + 2), e = exp(z).
  private static void mish(float[] z, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      double e = Elementwise.exp(z[i]);
      double u = e * (e + 2);
      a[i] = (float) (z[i] * (u / (u + 2)));
    }
  }

  /// f' = t + z (1 - t²) s, s = sigmoid(z) = e / (1 + e), 1 - t² = 4 (u + 1) / (u + 2)².
  private static void mishBackward(float[] z, float[] d, int n) {
    for (int i = 0; i < n; i++) {
      double x = z[i];
      double e = Elementwise.exp(x);
      double u = e * (e + 2);
      double s = e / (1 + e);
      d[i] *= (float) ((u + x * s * 4 * (u + 1) / (u + 2)) / (u + 2));
    }
  }

  /// a = max(z, 0) + ln(1 + exp(-|z|)).
  private static void softplus(float[] z, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      a[i] = (float) Elementwise.exp(-Math.abs(z[i]));
    }
    for (int i = 0; i < n; i++) {
      a[i] = (float) (Math.max(z[i], 0) + Elementwise.log1pOfFraction(a[i]));
    }
  }

  /// f' = sigmoid(z).
  private static void softplusBackward(float[] z, float[] d, int n) {
    for (int i = 0; i < n; i++) {
      d[i] *= (float) Elementwise.logistic(z[i]);
    }
  }

  private static void exponential(float[] z, float[] a, int n) {
    for (int i = 0; i < n; i++) {
      a[i] = (float) Elementwise.exp(z[i]);
    }
  }

  /// f' = a.
  private static void exponentialBackward(float[] a, float[] d, int n) {
    for (int i = 0; i < n; i++) {
      d[i] *= a[i];
    }
  }

  /// a_j = exp(z_j - m) / Σ_k exp(z_k - m), m the largest z of the example.
  private static void softmax(Matrix zs, Matrix as) {
    float[] z = zs.values();
    float[] a = as.values();
    int q = zs.columns();
    int n = zs.size();
    for (int i = 0; i < n; i += q) {
      float max = max(z, i, q);
      for (int j = i; j < i + q; j++) {
        a[j] = z[j] - max;
      }
    }
    for (int i = 0; i < n; i++) {
      a[i] = (float) Elementwise.exp(a[i]);
    }
    for (int i = 0; i < n; i += q) {
      float sum = 0;
      for (int j = i; j < i + q; j++) {
        sum += a[j];
      }
      for (int j = i; j < i + q; j++) {
        a[j] /= sum;
      }
    }
  }

  /// dz_j = a_j (d_j - Σ_k a_k d_k), the product with the Jacobian diag(a) - a aᵀ.
  private static void softmaxBackward(Matrix as, Matrix ds) {
    float[] a = as.values();
    float[] d = ds.values();
    int q = ds.columns();
    for (int i = 0; i < ds.size(); i += q) {
      float sum = 0;
      for (int j = i; j < i + q; j++) {
        sum += a[j] * d[j];
      }
      for (int j = i; j < i + q; j++) {
        d[j] = a[j] * (d[j] - sum);
      }
    }
  }

  static float max(float[] x, int from, int n) {
    float max = x[from];
    for (int j = from + 1; j < from + n; j++) {
      max = Math.max(max, x[j]);
    }
    return max;
  }
}
