package dev.backprop.engine.optim;

/// The last m steps of L-BFGS with the change of the gradient over each, and what they make of a
/// gradient: the two-loop recursion (Nocedal and Wright 2006, algorithm 7.4).
///
///     s_i (n)   step w(i+1) - w(i)
///     y_i (n)   change of the gradient, g(i+1) - g(i)
///     rho_i     1 / (y_i·s_i)
///     H0        (s·y / y·y) I of the newest pair, equation 7.20
///
/// Beside the parameters, this is all that the next step depends on.
final class LbfgsHistory {

  /// A cosine of the angle between s and y below it is rounding: 2⁻²³, the precision of floats.
  private static final double MIN_COSINE = 0x1p-23;

  private final float[][] s;
  private final float[][] y;
  private final double[] rho;

  /// s·y / y·y of the newest pair.
  private double scale;

  private int size;
  private int newest = -1;

  private final double[] a;
  private final Vectors vectors;

  /// @param m pairs that are kept, at least 1
  /// @param n parameters
  LbfgsHistory(int m, int n, Vectors vectors) {
    s = new float[m][n];
    y = new float[m][n];
    rho = new double[m];
    a = new double[m];
    this.vectors = vectors;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void clear() {
    size = 0;
  }

  /// Keeps the step from w0 to w in place of the oldest one; but none along which the gradient has
  /// not grown, for there the function is not convex.
  void add(float[] w0, float[] w, float[] g0, float[] g) {
    int next = (newest + 1) % s.length;
    // If there is room for one only by giving the oldest up, that is given up in any case.
    vectors.combine(s[next], w, -1, w0);
    vectors.combine(y[next], g, -1, g0);
    size = Math.min(size, s.length - 1);
    double sy = vectors.dot(s[next], y[next]);
    double yy = vectors.dot(y[next], y[next]);
    double ss = vectors.dot(s[next], s[next]);
    if (sy > MIN_COSINE * Math.sqrt(ss) * Math.sqrt(yy)) {
      rho[next] = 1 / sy;
      scale = sy / yy;
      newest = next;
      size++;
    }
  }

  /// How many pairs there are.
  int size() {
    return size;
  }

  /// Undoes a [#clear].
  ///
  /// @param pairs as many as there were before it
  void restore(int pairs) {
    size = pairs;
  }

  /// Takes out or puts back the pairs, the newest first.
  void exchange(State state) {
    size = state.integer(size, 0, s.length);
    newest = state.integer(newest, size == 0 ? -1 : 0, s.length - 1);
    scale = state.number(scale);
    for (int k = 0; k < size; k++) {
      int i = Math.floorMod(newest - k, s.length);
      rho[i] = state.number(rho[i]);
      state.floats(s[i]);
      state.floats(y[i]);
    }
  }

  /// d = -H g.
  void direction(float[] g, float[] d) {
    vectors.scale(d, -1, g);
    for (int k = 0; k < size; k++) {
      int i = Math.floorMod(newest - k, s.length);
      a[i] = rho[i] * vectors.dot(s[i], d);
      vectors.combine(d, d, -a[i], y[i]);
    }
    if (size > 0) {
      vectors.scale(d, scale, d);
    }
    for (int k = size - 1; k >= 0; k--) {
      int i = Math.floorMod(newest - k, s.length);
      double b = rho[i] * vectors.dot(y[i], d);
      vectors.combine(d, d, a[i] - b, s[i]);
    }
  }
}
