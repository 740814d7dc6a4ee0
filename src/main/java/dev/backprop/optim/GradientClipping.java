package dev.backprop.optim;

import dev.backprop.nn.Parameters;

/// Clipping of a gradient by its global norm (Pascanu et al. 2013).
public final class GradientClipping {

  private GradientClipping() {}

  /// Scales the gradient down to `maxNorm` where its norm over all parameters is larger.
  public static void clip(Parameters gradient, double maxNorm) {
    throw new UnsupportedOperationException();
  }
}
