package dev.backprop.engine.optim;

import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.spec.OptimizerSpec;

/// Stochastic gradient descent, in PyTorch's form of momentum (the rate multiplies the velocity):
///
///     u <- momentum·u + g
///     w <- w - rate·u                      plain: u = g
///     w <- w - rate·(g + momentum·u)       Nesterov
final class Sgd implements Optimizer {

  private final float momentum;
  private final boolean nesterov;
  private final Penalty penalty;
  private final float[] u;
  private float rate;

  Sgd(OptimizerSpec.Sgd spec, Penalty penalty, int parameters) {
    this.momentum = (float) spec.momentum();
    this.nesterov = spec.nesterov();
    this.penalty = penalty;
    this.u = new float[momentum > 0 ? parameters : 0];
  }

  @Override
  public void begin(double learningRate) {
    rate = (float) learningRate;
  }

  @Override
  public void update(
      Parameters parameters, Parameters gradient, int from, int to, float rateFactor) {
    penalty.addTo(gradient, parameters, from, to);
    float r = rate * rateFactor;
    float[] w = parameters.values();
    float[] g = gradient.values();
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
