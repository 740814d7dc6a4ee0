package dev.backprop.engine.optim;

import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.spec.AveragingSpec;

/// The exponential moving average v of parameters w, in the form of TensorFlow's
/// `ExponentialMovingAverage` with its `num_updates`: at step t, from 1 on,
///
///     d = min(decay, (1 + t)/(10 + t))
///     v <- v - (1 - d)(v - w)
///
/// v starts as w does. The smaller d of the first steps lets it forget that: after t of them, the
/// start weighs Π (1 + i)/(10 + i), less than 10⁻⁶ from t = 20 on. Running statistics, which are
/// averages already, are taken over as they are.
public final class WeightAverage {

  private final double decay;
  private final float[] w;
  private final float[] v;
  private final int learned;
  private long t;
  private float gain;

  /// @param v the average, which starts as a copy of `w`
  public WeightAverage(AveragingSpec spec, Parameters w, Parameters v) {
    this.decay =
        switch (spec) {
          case AveragingSpec.Ema ema -> ema.decay();
        };
    this.w = w.values();
    this.v = v.values();
    this.learned = w.size();
  }

  /// Begins a step, whose mini-batch has moved the running statistics.
  public void begin() {
    System.arraycopy(w, learned, v, learned, w.length - learned);
    t++;
    gain = (float) (1 - Math.min(decay, (1.0 + t) / (10.0 + t)));
  }

  /// Takes out or puts back how many steps there were; the average itself is its owner's.
  public void exchange(State state) {
    t = state.integer(t, 0, Long.MAX_VALUE);
  }

  /// The step that has begun, for the parameters `from … to - 1`, which have been updated.
  public void update(int from, int to) {
    float c = gain;
    for (int i = from; i < to; i++) {
      v[i] -= c * (v[i] - w[i]);
    }
  }
}
