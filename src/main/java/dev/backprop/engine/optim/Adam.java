package dev.backprop.engine.optim;

import dev.backprop.engine.nn.Parameters;

/// Adam (Kingma and Ba 2015, algorithm 1) and, with a decay, AdamW (Loshchilov and Hutter 2019, algorithm 2), at step t:
///
///     w <- w - rate·decay·w                                weights only
///     m <- beta1·m + (1 - beta1)·g      v <- beta2·v + (1 - beta2)·g²
///     w <- w - rate · m/(1 - beta1^t) / (√(v/(1 - beta2^t)) + epsilon)
final class Adam extends Optimizer {

  private final double beta1;
  private final double beta2;
  private final float epsilon;
  private final double decay;
  private final float[] m;
  private final float[] v;
  private long t;
  private double shrink;
  private float scale;

  Adam(double beta1, double beta2, double epsilon, double decay, Penalty penalty, int parameters) {
    super(penalty);
    this.beta1 = beta1;
    this.beta2 = beta2;
    // Not 0 if the spec's is not: 0/0 would not be a number.
    this.epsilon = Math.max((float) epsilon, Float.MIN_VALUE);
    this.decay = decay;
    this.m = new float[parameters];
    this.v = new float[parameters];
  }

  @Override
  public void begin(double learningRate) {
    t++;
    shrink = learningRate * decay * decayFactor;
    rate = (float) (learningRate / (1 - Math.pow(beta1, (double) t)));
    scale = (float) (1 / Math.sqrt(1 - Math.pow(beta2, (double) t)));
  }

  @Override
  void decay(Parameters parameters, int from, int to) {
    if (decay != 0) {
      Penalty.shrinkWeights(parameters, shrink, from, to);
    }
  }

  @Override
  void update(float[] w, float[] g, int from, int to, float rateFactor) {
    float b1 = (float) beta1;
    float b2 = (float) beta2;
    float c1 = (float) (1 - beta1);
    float c2 = (float) (1 - beta2);
    float r = rate * rateFactor;
    float s = scale;
    for (int i = from; i < to; i++) {
      m[i] = b1 * m[i] + c1 * g[i];
      v[i] = b2 * v[i] + c2 * g[i] * g[i];
      w[i] -= r * m[i] / ((float) Math.sqrt(v[i]) * s + epsilon);
    }
  }

  @Override
  public void exchange(State state) {
    t = state.integer(t, 0, Long.MAX_VALUE);
    state.floats(m);
    state.floats(v);
  }
}
