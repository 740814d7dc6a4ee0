package dev.backprop.engine.linalg;

import java.util.Arrays;

/// The products as plain loops: the oracle of every other kernel, and the fallback if no native
/// library can be used.
public final class JavaKernels implements Kernels {

  /// These stay plain: on the caller's thread.
  @Override
  public Kernels with(Team team) {
    return this;
  }

  /// These are: every element is summed up by itself.
  @Override
  public Kernels alike() {
    return this;
  }

  @Override
  public String name() {
    return "java";
  }

  @Override
  public void addMultiplyNN(Matrix a, Matrix b, Matrix c) {
    int m = a.rows();
    int k = a.columns();
    int n = b.columns();
    Kernels.checkShapes(m, k, b.rows(), n, c);
    for (int i = 0; i < m; i++) {
      for (int r = 0; r < k; r++) {
        float alpha = a.values()[a.offset() + i * k + r];
        addScaled(alpha, b.values(), b.offset() + r * n, c.values(), c.offset() + i * n, n);
      }
    }
  }

  @Override
  public void multiplyTN(Matrix a, Matrix b, Matrix c) {
    int k = a.rows();
    int m = a.columns();
    int n = b.columns();
    Kernels.checkShapes(m, k, b.rows(), n, c);
    Arrays.fill(c.values(), c.offset(), c.offset() + m * n, 0);
    for (int r = 0; r < k; r++) {
      for (int i = 0; i < m; i++) {
        float alpha = a.values()[a.offset() + r * m + i];
        addScaled(alpha, b.values(), b.offset() + r * n, c.values(), c.offset() + i * n, n);
      }
    }
  }

  @Override
  public void multiplyNT(Matrix a, Matrix b, Matrix c) {
    int m = a.rows();
    int k = a.columns();
    int n = b.rows();
    Kernels.checkShapes(m, k, b.columns(), n, c);
    for (int i = 0; i < m; i++) {
      int ai = a.offset() + i * k;
      int ci = c.offset() + i * n;
      for (int j = 0; j < n; j++) {
        c.values()[ci + j] = dot(a.values(), ai, b.values(), b.offset() + j * k, k);
      }
    }
  }

  /// x · y. Four sums side by side, so that no addition waits for the one before it.
  private static float dot(float[] x, int xo, float[] y, int yo, int n) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (; i + 4 <= n; i += 4) {
      s0 += x[xo + i] * y[yo + i];
      s1 += x[xo + i + 1] * y[yo + i + 1];
      s2 += x[xo + i + 2] * y[yo + i + 2];
      s3 += x[xo + i + 3] * y[yo + i + 3];
    }
    for (; i < n; i++) {
      s0 += x[xo + i] * y[yo + i];
    }
    return (s0 + s1) + (s2 + s3);
  }

  /// y += alpha x.
  private static void addScaled(float alpha, float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] += alpha * x[xo + i];
    }
  }
}
