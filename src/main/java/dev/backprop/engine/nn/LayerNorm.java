package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Layer normalization (Ba et al. 2016, equations 2-4), for a batch of n examples of q units:
///
///     X     (n x q)  inputs                          dX  (n x q)  dJ/dX
///     μ, σ  (n)      mean and deviation of a row of X, σ² = Σ (x - μ)² / q + epsilon
///     X̂     (n x q)  (X - μ) / σ
///     γ, β  (q)      gain and bias                   dγ, dβ  (q)
///     A     (n x q)  γ X̂ + β                         dA  (n x q)
///
/// An example knows nothing of its batch, so training and prediction are the same.
///
/// @param gain index of γ among the views of the parameters; β follows
record LayerNorm(int units, double epsilon, int gain) implements Layer {

  @Override
  public int inputs() {
    return units;
  }

  @Override
  public int views() {
    return 2;
  }

  @Override
  public LayerShape shape() {
    return new LayerShape("layer-norm", units, units, 2L * units);
  }

  @Override
  public Pass pass(Matrix x, Matrix turn, List<Pass> before) {
    return Layer.super.pass(x, turn, before).with(Normalization.forPrediction(x.capacity(), units));
  }

  @Override
  public Pass trainingPass(Matrix x, Matrix turn, List<Pass> before) {
    return Layer.super
        .trainingPass(x, turn, before)
        .with(Normalization.forTraining(x.capacity(), units));
  }

  @Override
  public long scratchBytes(long rows, boolean training) {
    return Normalization.bytes(rows, units, training);
  }

  /// A = γ (X - μ) / σ + β.
  @Override
  public void forward(Pass pass, Parameters theta, Kernels kernels) {
    Normalization norm = Objects.requireNonNull(pass.normalization());
    norm.load(theta, gain);
    float[] x = pass.x().values();
    float[] a = pass.a().values();
    for (int i = 0; i < pass.x().rows(); i++) {
      int row = i * units;
      double mean = sum(x, row, units) / units;
      double inverse = 1 / Math.sqrt(sumOfSquares(x, row, units, mean) / units + epsilon);
      norm.mean()[i] = mean;
      norm.inverse()[i] = inverse;
      normalize(x, row, units, mean, inverse, norm.gain(), norm.bias(), a);
    }
  }

  /// dγ = Σ rows of dA * X̂, dβ = Σ rows of dA; with dX̂ = γ dA, a row of dX is
  ///
  ///     (dX̂ - mean of dX̂ - X̂ · mean of dX̂ * X̂) / σ
  @Override
  public void backward(
      Pass pass, Parameters theta, Parameters gradient, @Nullable Matrix dx, Kernels kernels) {
    Normalization norm = Objects.requireNonNull(pass.normalization());
    float[] x = pass.x().values();
    float[] da = pass.gradient().values();
    Arrays.fill(norm.s(), 0);
    Arrays.fill(norm.t(), 0);
    for (int i = 0; i < pass.x().rows(); i++) {
      int row = i * units;
      double mean = norm.mean()[i];
      double inverse = norm.inverse()[i];
      addUp(da, x, row, units, mean, inverse, norm.s(), norm.t());
      if (dx != null) {
        rowLeft(pass, norm, i, dx);
      }
    }
    norm.store(gradient, gain);
  }

  @Override
  public void slopes(Pass pass, Parameters theta, Matrix dx, Kernels kernels) {
    Normalization norm = Objects.requireNonNull(pass.normalization());
    for (int i = 0; i < pass.x().rows(); i++) {
      rowLeft(pass, norm, i, dx);
    }
  }

  /// A row of dX.
  private void rowLeft(Pass pass, Normalization norm, int i, Matrix dx) {
    float[] x = pass.x().values();
    float[] da = pass.gradient().values();
    int row = i * units;
    double mean = norm.mean()[i];
    double inverse = norm.inverse()[i];
    double s = dot(da, row, units, norm.gain()) / units;
    double t = dot(da, x, row, units, mean, norm.gain()) * inverse / units;
    rowLeft(da, x, row, units, mean, inverse, norm.gain(), s, t, dx.values());
  }

  private static void normalize(
      float[] x, int row, int q, double mean, double inverse, double[] g, double[] b, float[] a) {
    for (int j = 0; j < q; j++) {
      a[row + j] = (float) ((x[row + j] - mean) * inverse * g[j] + b[j]);
    }
  }

  private static void addUp(
      float[] da, float[] x, int row, int q, double mean, double inverse, double[] s, double[] t) {
    for (int j = 0; j < q; j++) {
      s[j] += da[row + j];
    }
    for (int j = 0; j < q; j++) {
      t[j] += da[row + j] * ((x[row + j] - mean) * inverse);
    }
  }

  private static void rowLeft(
      float[] da,
      float[] x,
      int row,
      int q,
      double mean,
      double inverse,
      double[] g,
      double s,
      double t,
      float[] dx) {
    double slope = inverse * t;
    for (int j = 0; j < q; j++) {
      dx[row + j] = (float) (inverse * (da[row + j] * g[j] - s - (x[row + j] - mean) * slope));
    }
  }

  // Sums along a row are four, so that no addition waits for the one before it.

  /// Σ x.
  private static double sum(float[] x, int from, int n) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int j = from;
    for (int end = from + n - 3; j < end; j += 4) {
      a += x[j];
      b += x[j + 1];
      c += x[j + 2];
      d += x[j + 3];
    }
    for (; j < from + n; j++) {
      a += x[j];
    }
    return a + b + c + d;
  }

  /// Σ (x - mean)².
  private static double sumOfSquares(float[] x, int from, int n, double mean) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int j = from;
    for (int end = from + n - 3; j < end; j += 4) {
      a += square(x[j] - mean);
      b += square(x[j + 1] - mean);
      c += square(x[j + 2] - mean);
      d += square(x[j + 3] - mean);
    }
    for (; j < from + n; j++) {
      a += square(x[j] - mean);
    }
    return a + b + c + d;
  }

  private static double square(double x) {
    return x * x;
  }

  /// Σ dA γ.
  private static double dot(float[] da, int from, int n, double[] g) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int j = 0;
    for (; j < n - 3; j += 4) {
      a += da[from + j] * g[j];
      b += da[from + j + 1] * g[j + 1];
      c += da[from + j + 2] * g[j + 2];
      d += da[from + j + 3] * g[j + 3];
    }
    for (; j < n; j++) {
      a += da[from + j] * g[j];
    }
    return a + b + c + d;
  }

  /// Σ dA γ (x - mean).
  private static double dot(float[] da, float[] x, int from, int n, double mean, double[] g) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int j = 0;
    for (; j < n - 3; j += 4) {
      a += da[from + j] * g[j] * (x[from + j] - mean);
      b += da[from + j + 1] * g[j + 1] * (x[from + j + 1] - mean);
      c += da[from + j + 2] * g[j + 2] * (x[from + j + 2] - mean);
      d += da[from + j + 3] * g[j + 3] * (x[from + j + 3] - mean);
    }
    for (; j < n; j++) {
      a += da[from + j] * g[j] * (x[from + j] - mean);
    }
    return a + b + c + d;
  }
}
