package dev.backprop.engine.optim;

import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.spec.RegularizationSpec;

/// The gradient of the penalty l1·Σ|w| + (l2/2)·Σw², on weights, never on biases.
final class Penalty {

  private final float l1;
  private final float l2;

  Penalty(RegularizationSpec spec) {
    l1 = (float) spec.l1();
    l2 = (float) spec.l2();
  }

  /// Adds l1·sign(w) + l2·w to the gradient of the parameters `from … to - 1`.
  void addTo(Parameters gradient, Parameters parameters, int from, int to) {
    if (l1 == 0 && l2 == 0) {
      return;
    }
    for (Parameters.View view : parameters.views()) {
      if (view.weight()) {
        add(
            gradient.values(),
            parameters.values(),
            Math.max(from, view.offset()),
            Math.min(to, view.end()),
            (float) view.decayFactor());
      }
    }
  }

  /// The penalty of the parameters `from … to - 1`.
  double of(Parameters parameters, int from, int to) {
    double sum = 0;
    if (l1 == 0 && l2 == 0) {
      return sum;
    }
    float[] w = parameters.values();
    for (Parameters.View view : parameters.views()) {
      int end = view.weight() ? Math.min(to, view.end()) : 0;
      double absolutes = 0;
      double squares = 0;
      for (int i = Math.max(from, view.offset()); i < end; i++) {
        absolutes += Math.abs(w[i]);
        squares += (double) w[i] * w[i];
      }
      sum += view.decayFactor() * (l1 * absolutes + l2 / 2 * squares);
    }
    return sum;
  }

  private void add(float[] g, float[] w, int from, int to, float factor) {
    float c1 = factor * l1;
    float c2 = factor * l2;
    if (c2 != 0) {
      for (int i = from; i < to; i++) {
        g[i] += c2 * w[i];
      }
    }
    if (c1 != 0) {
      for (int i = from; i < to; i++) {
        g[i] += c1 * Math.signum(w[i]);
      }
    }
  }

  /// Decoupled weight decay (Loshchilov and Hutter 2019): w <- w - shrink·w for the weights among
  /// the parameters `from … to - 1`.
  ///
  /// @param shrink learning rate times decay, for layers whose factors on both are 1
  static void shrinkWeights(Parameters parameters, double shrink, int from, int to) {
    float[] w = parameters.values();
    for (Parameters.View view : parameters.views()) {
      float factor = (float) (1 - shrink * view.rateFactor() * view.decayFactor());
      int end = view.weight() ? Math.min(to, view.end()) : 0;
      for (int i = Math.max(from, view.offset()); i < end; i++) {
        w[i] *= factor;
      }
    }
  }
}
