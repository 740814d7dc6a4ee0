package dev.backprop.engine.optim;

import dev.backprop.engine.spec.OptimizerSpec;
import java.util.Arrays;

/// AdaGrad (Duchi et al. 2011):
///
///     v <- v + g²                          v starts at the initial accumulator
///     w <- w - rate · g / (√v + epsilon)
final class AdaGrad extends Optimizer {

  private final float epsilon;
  private final float[] v;

  AdaGrad(OptimizerSpec.AdaGrad spec, Penalty penalty, int parameters) {
    super(penalty);
    // Not 0 if the spec's is not: 0/0 would not be a number.
    this.epsilon = Math.max((float) spec.epsilon(), Float.MIN_VALUE);
    this.v = new float[parameters];
    Arrays.fill(v, (float) spec.initialAccumulator());
  }

  @Override
  void update(float[] w, float[] g, int from, int to, float rateFactor) {
    float r = rate * rateFactor;
    for (int i = from; i < to; i++) {
      v[i] += g[i] * g[i];
      w[i] -= r * g[i] / ((float) Math.sqrt(v[i]) + epsilon);
    }
  }

  @Override
  public void exchange(State state) {
    state.floats(v);
  }
}
