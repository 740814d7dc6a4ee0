package dev.backprop.engine.optim;

import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.spec.OptimizerSpec;

/// Lion (Chen et al. 2023, algorithm 2):
///
///     w <- w - rate·decay·w                                weights only
///     w <- w - rate·sign(beta1·m + (1 - beta1)·g)
///     m <- beta2·m + (1 - beta2)·g
final class Lion extends Optimizer {

  private final OptimizerSpec.Lion spec;
  private final float[] m;
  private double shrink;

  Lion(OptimizerSpec.Lion spec, Penalty penalty, int parameters) {
    super(penalty);
    this.spec = spec;
    this.m = new float[parameters];
  }

  @Override
  public void begin(double learningRate) {
    shrink = learningRate * spec.weightDecay() * decayFactor;
    rate = (float) learningRate;
  }

  @Override
  void decay(Parameters parameters, int from, int to) {
    if (spec.weightDecay() != 0) {
      Penalty.shrinkWeights(parameters, shrink, from, to);
    }
  }

  @Override
  void update(float[] w, float[] g, int from, int to, float rateFactor) {
    float b1 = (float) spec.beta1();
    float b2 = (float) spec.beta2();
    float c1 = (float) (1 - spec.beta1());
    float c2 = (float) (1 - spec.beta2());
    float r = rate * rateFactor;
    for (int i = from; i < to; i++) {
      w[i] -= r * Math.signum(b1 * m[i] + c1 * g[i]);
      m[i] = b2 * m[i] + c2 * g[i];
    }
  }

  @Override
  public void exchange(State state) {
    state.floats(m);
  }
}
