package dev.backprop.engine.optim;

import dev.backprop.engine.spec.OptimizerSpec;

/// RMSProp (Tieleman and Hinton 2012), in PyTorch's form:
///
///     v <- alpha·v + (1 - alpha)·g²
///     u <- momentum·u + g / (√v + epsilon)
///     w <- w - rate·u
final class RmsProp extends Optimizer {

  private final float alpha;
  private final float complement;
  private final float epsilon;
  private final float momentum;
  private final float[] v;
  private final float[] u;

  RmsProp(OptimizerSpec.RmsProp spec, Penalty penalty, int parameters) {
    super(penalty);
    this.alpha = (float) spec.alpha();
    this.complement = (float) (1 - spec.alpha());
    // Not 0 if the spec's is not: 0/0 would not be a number.
    this.epsilon = Math.max((float) spec.epsilon(), Float.MIN_VALUE);
    this.momentum = (float) spec.momentum();
    this.v = new float[parameters];
    this.u = new float[momentum > 0 ? parameters : 0];
  }

  @Override
  void update(float[] w, float[] g, int from, int to, float rateFactor) {
    float r = rate * rateFactor;
    if (momentum == 0) {
      for (int i = from; i < to; i++) {
        v[i] = alpha * v[i] + complement * g[i] * g[i];
        w[i] -= r * g[i] / ((float) Math.sqrt(v[i]) + epsilon);
      }
    } else {
      for (int i = from; i < to; i++) {
        v[i] = alpha * v[i] + complement * g[i] * g[i];
        u[i] = momentum * u[i] + g[i] / ((float) Math.sqrt(v[i]) + epsilon);
        w[i] -= r * u[i];
      }
    }
  }

  @Override
  public void exchange(State state) {
    state.floats(v);
    state.floats(u);
  }
}
