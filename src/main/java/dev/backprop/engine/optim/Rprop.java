package dev.backprop.engine.optim;

import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.spec.OptimizerSpec;
import java.util.Arrays;

/// Resilient backpropagation without weight backtracking: iRprop- (Igel and Hüsken 2000), the form
/// of PyTorch. Of gradients only the signs count:
///
///     s = sign(g)·sign(before)
///     d <- d · (grow where s = 1, shrink where s = -1), held between the minimum and the maximum
///     g <- 0 if s = -1
///     w <- w - sign(g)·d          before <- g
final class Rprop extends Optimizer {

  private final OptimizerSpec.Rprop spec;
  private final float[] before;
  private final float[] d;

  Rprop(OptimizerSpec.Rprop spec, Penalty penalty, Parameters layout) {
    super(penalty);
    this.spec = spec;
    this.before = new float[layout.size()];
    this.d = new float[layout.size()];
    for (Parameters.View view : layout.views()) {
      double start = spec.learningRate() * view.rateFactor();
      Arrays.fill(d, view.offset(), view.end(), (float) start);
    }
  }

  /// @param rateFactor the step sizes have begun with it; 0 holds the parameters
  @Override
  void update(float[] w, float[] g, int from, int to, float rateFactor) {
    if (rateFactor == 0) {
      return;
    }
    float gain = (float) (spec.grow() - 1);
    float loss = (float) (1 - spec.shrink());
    float min = (float) spec.minimumStep();
    float max = (float) spec.maximumStep();
    for (int i = from; i < to; i++) {
      float sign = Math.signum(g[i]);
      float s = sign * before[i];
      float factor = 1 + gain * Math.max(0, s) + loss * Math.min(0, s);
      d[i] = Math.min(max, Math.max(min, d[i] * factor));
      before[i] = sign * (1 + Math.min(0, s));
      w[i] -= before[i] * d[i];
    }
  }

  @Override
  public void exchange(State state) {
    state.floats(before);
    state.floats(d);
  }
}
