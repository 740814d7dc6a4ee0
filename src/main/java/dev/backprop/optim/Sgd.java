package dev.backprop.optim;

import dev.backprop.nn.Parameters;
import dev.backprop.spec.OptimizerSpec;

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

  Sgd(OptimizerSpec.Sgd spec, Penalty penalty, int parameters) {
    this.momentum = (float) spec.momentum();
    this.nesterov = spec.nesterov();
    this.penalty = penalty;
    this.u = new float[momentum > 0 ? parameters : 0];
  }

  @Override
  public void step(Parameters parameters, Parameters gradient, double learningRate) {
    penalty.addTo(gradient, parameters);
    float rate = (float) learningRate;
    float[] w = parameters.values();
    float[] g = gradient.values();
    if (momentum == 0) {
      for (int i = 0; i < w.length; i++) {
        w[i] -= rate * g[i];
      }
    } else if (nesterov) {
      for (int i = 0; i < w.length; i++) {
        u[i] = momentum * u[i] + g[i];
        w[i] -= rate * (g[i] + momentum * u[i]);
      }
    } else {
      for (int i = 0; i < w.length; i++) {
        u[i] = momentum * u[i] + g[i];
        w[i] -= rate * u[i];
      }
    }
  }
}
