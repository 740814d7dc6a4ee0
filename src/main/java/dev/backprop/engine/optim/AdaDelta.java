package dev.backprop.engine.optim;

import dev.backprop.engine.spec.OptimizerSpec;

/// AdaDelta (Zeiler 2012, algorithm 1), with PyTorch's rate:
///
///     v <- rho·v + (1 - rho)·g²
///     u = g · √(s + epsilon) / √(v + epsilon)
///     s <- rho·s + (1 - rho)·u²
///     w <- w - rate·u
final class AdaDelta extends Optimizer {

  private final float rho;
  private final float complement;
  private final float epsilon;
  private final float[] v;
  private final float[] s;

  AdaDelta(OptimizerSpec.AdaDelta spec, Penalty penalty, int parameters) {
    super(penalty);
    this.rho = (float) spec.rho();
    this.complement = (float) (1 - spec.rho());
    // Not 0 if the spec's is not: 0/0 would not be a number.
    this.epsilon = Math.max((float) spec.epsilon(), Float.MIN_VALUE);
    this.v = new float[parameters];
    this.s = new float[parameters];
  }

  @Override
  void update(float[] w, float[] g, int from, int to, float rateFactor) {
    float r = rate * rateFactor;
    for (int i = from; i < to; i++) {
      v[i] = rho * v[i] + complement * g[i] * g[i];
      float u = g[i] * (float) Math.sqrt(s[i] + epsilon) / (float) Math.sqrt(v[i] + epsilon);
      s[i] = rho * s[i] + complement * u * u;
      w[i] -= r * u;
    }
  }

  @Override
  public void exchange(State state) {
    state.floats(v);
    state.floats(s);
  }
}
