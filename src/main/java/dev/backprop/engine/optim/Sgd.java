package dev.backprop.engine.optim;

import dev.backprop.engine.spec.OptimizerSpec;

/// Stochastic gradient descent, in PyTorch's form of momentum (the rate multiplies the velocity):
///
///     u <- momentum·u + g
///     w <- w - rate·u                      plain: u = g
///     w <- w - rate·(g + momentum·u)       Nesterov
final class Sgd extends Optimizer {

  private final float momentum;
  private final boolean nesterov;
  private final float[] u;

  Sgd(OptimizerSpec.Sgd spec, Penalty penalty, int parameters) {
    super(penalty);
    this.momentum = (float) spec.momentum();
    this.nesterov = spec.nesterov();
    this.u = new float[momentum > 0 ? parameters : 0];
  }

  @Override
  void update(float[] w, float[] g, int from, int to, float rateFactor) {
    float r = rate * rateFactor;
    if (momentum == 0) {
      for (int i = from; i < to; i++) {
        w[i] -= r * g[i];
      }
    } else if (nesterov) {
      for (int i = from; i < to; i++) {
        u[i] = momentum * u[i] + g[i];
        w[i] -= r * (g[i] + momentum * u[i]);
      }
    } else {
      for (int i = from; i < to; i++) {
        u[i] = momentum * u[i] + g[i];
        w[i] -= r * u[i];
      }
    }
  }

  @Override
  public void exchange(State state) {
    state.floats(u);
  }
}
