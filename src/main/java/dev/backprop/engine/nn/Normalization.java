package dev.backprop.engine.nn;

/// What a layer that normalizes keeps of one batch, in double precision, for q units:
///
///     μ, 1/σ   mean and inverse deviation, of each example or of each unit
///     γ, β     (q) gain and bias, copied from the parameters
///     s, t     (q) Σ dA and Σ dA * X̂ over the examples: the gradients of β and γ
///
/// Doubles cost little beside floats in memory, and a loop that writes floats and reads only
/// doubles at another index runs on vectors. One that reads floats there does not: the compiler
/// can't know that these are not the floats being written.
@SuppressWarnings("ArrayRecordComponent") // scratch; never compared
record Normalization(
    double[] mean, double[] inverse, double[] gain, double[] bias, double[] s, double[] t) {

  /// Scratch for prediction.
  ///
  /// @param statistics means that there are, and deviations
  static Normalization forPrediction(int statistics, int units) {
    return new Normalization(
        new double[statistics],
        new double[statistics],
        new double[units],
        new double[units],
        new double[0],
        new double[0]);
  }

  /// Scratch for training.
  ///
  /// @param statistics means that there are, and deviations
  static Normalization forTraining(int statistics, int units) {
    return new Normalization(
        new double[statistics],
        new double[statistics],
        new double[units],
        new double[units],
        new double[units],
        new double[units]);
  }

  /// Bytes of the arrays.
  static long bytes(long statistics, long units, boolean training) {
    return Double.BYTES * (2 * statistics + (training ? 4 : 2) * units);
  }

  /// γ and β as they are now.
  void load(Parameters theta, int gainView) {
    widen(theta, gainView, gain);
    widen(theta, gainView + 1, bias);
  }

  private static void widen(Parameters theta, int view, double[] to) {
    float[] values = theta.values();
    int offset = theta.views().get(view).offset();
    for (int j = 0; j < to.length; j++) {
      to[j] = values[offset + j];
    }
  }

  /// dγ = t, dβ = s.
  void store(Parameters gradient, int gainView) {
    narrow(t, gradient, gainView);
    narrow(s, gradient, gainView + 1);
  }

  private static void narrow(double[] from, Parameters gradient, int view) {
    float[] values = gradient.values();
    int offset = gradient.views().get(view).offset();
    for (int j = 0; j < from.length; j++) {
      values[offset + j] = (float) from[j];
    }
  }
}
