package dev.backprop.engine.optim;

import dev.backprop.engine.spec.OptimizerSpec;

/// Adam with Nesterov momentum (Dozat 2016), in the form of PyTorch's `NAdam`, at step t:
///
///     mu(t) = beta1·(1 - 0.96^(t·momentumDecay)/2)      M(t) = mu(1)·…·mu(t)
///     m <- beta1·m + (1 - beta1)·g      v <- beta2·v + (1 - beta2)·g²
///     u = g·(1 - mu(t))/(1 - M(t)) + m·mu(t+1)/(1 - M(t+1))
///     w <- w - rate · u / (√(v/(1 - beta2^t)) + epsilon)
final class Nadam extends Optimizer {

  private final OptimizerSpec.Nadam spec;
  private final float epsilon;
  private final float[] m;
  private final float[] v;
  private double product = 1;
  private long t;
  private float ofGradient;
  private float ofMomentum;
  private float scale;

  Nadam(OptimizerSpec.Nadam spec, Penalty penalty, int parameters) {
    super(penalty);
    this.spec = spec;
    // Not 0 if the spec's is not: 0/0 would not be a number.
    this.epsilon = Math.max((float) spec.epsilon(), Float.MIN_VALUE);
    this.m = new float[parameters];
    this.v = new float[parameters];
  }

  @Override
  public void begin(double learningRate) {
    t++;
    double now = mu(t);
    double next = mu(t + 1);
    product *= now;
    ofGradient = (float) (learningRate * (1 - now) / (1 - product));
    ofMomentum = (float) (learningRate * next / (1 - product * next));
    scale = (float) (1 / Math.sqrt(1 - Math.pow(spec.beta2(), (double) t)));
  }

  private double mu(long t) {
    return spec.beta1() * (1 - 0.5 * Math.pow(0.96, t * spec.momentumDecay()));
  }

  @Override
  void update(float[] w, float[] g, int from, int to, float rateFactor) {
    float b1 = (float) spec.beta1();
    float b2 = (float) spec.beta2();
    float c1 = (float) (1 - spec.beta1());
    float c2 = (float) (1 - spec.beta2());
    float a = ofGradient * rateFactor;
    float b = ofMomentum * rateFactor;
    float s = scale;
    for (int i = from; i < to; i++) {
      m[i] = b1 * m[i] + c1 * g[i];
      v[i] = b2 * v[i] + c2 * g[i] * g[i];
      float u = a * g[i] + b * m[i];
      w[i] -= u / ((float) Math.sqrt(v[i]) * s + epsilon);
    }
  }

  @Override
  public void exchange(State state) {
    t = state.integer(t, 0, Long.MAX_VALUE);
    product = state.number(product);
    state.floats(m);
    state.floats(v);
  }
}
