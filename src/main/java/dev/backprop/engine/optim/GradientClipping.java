package dev.backprop.engine.optim;

/// Clipping by global norm (Pascanu et al. 2013), with the constant of PyTorch's `clip_grad_norm_`.
public final class GradientClipping {

  private GradientClipping() {}

  /// What a gradient is multiplied by: 1 unless its norm is above `maxNorm`.
  ///
  /// @param sumOfSquares of the whole gradient
  /// @param maxNorm above 0
  public static float factor(double sumOfSquares, double maxNorm) {
    return (float) Math.min(1, maxNorm / (Math.sqrt(sumOfSquares) + 1e-6));
  }

  /// Σ g², of the elements `from … to - 1`, in double precision and four sums, so that no addition
  /// waits for the one before it.
  public static double sumOfSquares(float[] g, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      a += (double) g[i] * g[i];
      b += (double) g[i + 1] * g[i + 1];
      c += (double) g[i + 2] * g[i + 2];
      d += (double) g[i + 3] * g[i + 3];
    }
    for (; i < to; i++) {
      a += (double) g[i] * g[i];
    }
    return a + b + c + d;
  }

  /// Multiplies the elements `from … to - 1`.
  public static void scale(float[] g, int from, int to, float factor) {
    if (factor != 1) {
      for (int i = from; i < to; i++) {
        g[i] *= factor;
      }
    }
  }
}
