package dev.backprop.optim;

import dev.backprop.nn.Parameters;

/// Clipping by global norm (Pascanu et al. 2013), with the constant of PyTorch's `clip_grad_norm_`.
public final class GradientClipping {

  private GradientClipping() {}

  /// Where the norm of the whole gradient is above `maxNorm`, scales it down to that.
  ///
  /// @param maxNorm above 0
  public static void clip(Parameters gradient, double maxNorm) {
    float[] g = gradient.values();
    double factor = maxNorm / (norm(g) + 1e-6);
    if (factor < 1) {
      float scale = (float) factor;
      for (int i = 0; i < g.length; i++) {
        g[i] *= scale;
      }
    }
  }

  /// The Euclidean norm, in double precision and four sums, so that no addition waits for the one
  /// before it.
  static double norm(float[] g) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < g.length; i += 4) {
      a += (double) g[i] * g[i];
      b += (double) g[i + 1] * g[i + 1];
      c += (double) g[i + 2] * g[i + 2];
      d += (double) g[i + 3] * g[i + 3];
    }
    for (; i < g.length; i++) {
      a += (double) g[i] * g[i];
    }
    return Math.sqrt(a + b + c + d);
  }
}
