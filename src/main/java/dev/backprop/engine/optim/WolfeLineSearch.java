package dev.backprop.engine.optim;

/// Looks for a step length t along a descent direction that meets the strong Wolfe conditions. Here
/// φ(t) is the function t steps along it (Nocedal and Wright 2006, section 3.5, algorithms 3.5 and
/// 3.6, conditions 3.7 with their c1 and c2):
///
///     φ(t) <= φ(0) + c1 t φ'(0)        a sufficient decrease
///     |φ'(t)| <= c2 |φ'(0)|            a sufficient flattening
///
/// Trial lengths are the minima of cubics through two points and their slopes (equation 3.59), held
/// off the ends of the bracket as in minFunc (Schmidt 2005) and PyTorch.
///
/// Near a minimum the decrease drowns in rounding errors of φ long before the slope does. If φ(t)
/// is within those of φ(0), the slopes therefore judge the decrease: φ'(t) <= (2 c1 - 1) φ'(0).
/// This approximate Wolfe condition is the same for quadratics (Hager and Zhang 2005, equation 4.1,
/// with their ε).
///
/// If φ or φ' is not finite, t is too long, and halved.
final class WolfeLineSearch {

  /// The function along the direction.
  interface Line {

    /// Evaluates it at t.
    void move(double t);

    /// φ(t).
    double value();

    /// φ'(t).
    double slope();
  }

  private static final double C1 = 1e-4;
  private static final double C2 = 0.9;

  /// How far φ may be off, relative to φ(0).
  private static final double ROUNDING = 1e-6;

  /// A point of the line.
  private static final class Point {
    private double t;
    private double value;
    private double slope;

    void set(double t, double value, double slope) {
      this.t = t;
      this.value = value;
      this.slope = slope;
    }

    void set(Point p) {
      set(p.t, p.value, p.slope);
    }

    boolean isFinite() {
      return Double.isFinite(value) && Double.isFinite(slope);
    }
  }

  private final Line line;
  private final int maxEvaluations;

  private final Point start = new Point();
  private final Point trial = new Point();

  /// The longest or best so far that meets the first condition.
  private final Point low = new Point();

  private final Point high = new Point();
  private int evaluations;
  private boolean anyFinite;

  /// @param maxEvaluations of the function in one search, at least 1
  WolfeLineSearch(Line line, int maxEvaluations) {
    this.line = line;
    this.maxEvaluations = maxEvaluations;
  }

  /// Whether the last search met a length at which the function is finite.
  boolean anyFinite() {
    return anyFinite;
  }

  /// Algorithm 3.5.
  ///
  /// @param value φ(0)
  /// @param slope φ'(0), below 0
  /// @param first the length to try first
  /// @return a length that meets both conditions; if none was found, the best one that meets the
  ///   first; 0 if there is none either. The line stands there, unless that is 0
  double search(double value, double slope, double first) {
    start.set(0, value, slope);
    low.set(start);
    evaluations = 0;
    anyFinite = false;
    double t = first;
    while (evaluations < maxEvaluations) {
      evaluate(t);
      if (!trial.isFinite() || isTooHigh()) {
        high.set(trial);
        return zoom();
      }
      if (isFlat()) {
        return t;
      }
      if (trial.slope >= 0) {
        high.set(low);
        low.set(trial);
        return zoom();
      }
      double next = cubicMinimum(low, trial, t + 0.01 * (t - low.t), 10 * t);
      low.set(trial);
      t = next;
    }
    return end();
  }

  /// Algorithm 3.6: between the lowest point so far, whose slope points to the other one, and that.
  private double zoom() {
    boolean closeBefore = false;
    while (evaluations < maxEvaluations) {
      double left = Math.min(low.t, high.t);
      double right = Math.max(low.t, high.t);
      double t = (left + right) / 2;
      if (high.isFinite()) {
        t = cubicMinimum(low, high, left, right);
        double margin = 0.1 * (right - left);
        boolean close = Math.min(right - t, t - left) < margin;
        if (close && (closeBefore || t >= right || t <= left)) {
          t = right - t < t - left ? right - margin : left + margin;
          close = false;
        }
        closeBefore = close;
      }
      if (!(t > left && t < right)) {
        return end(); // there is no number between them
      }
      evaluate(t);
      if (!trial.isFinite() || isTooHigh()) {
        high.set(trial);
        continue;
      }
      if (isFlat()) {
        return t;
      }
      if (trial.slope * (high.t - low.t) >= 0) {
        high.set(low);
      }
      low.set(trial);
    }
    return end();
  }

  /// Nothing meets both conditions: back to what meets the first.
  private double end() {
    if (low.t > 0 && low.t != trial.t) {
      line.move(low.t);
    }
    return low.t;
  }

  private void evaluate(double t) {
    line.move(t);
    trial.set(t, line.value(), line.slope());
    evaluations++;
    anyFinite |= trial.isFinite();
  }

  /// Whether the trial has not decreased enough, or is above the lowest point.
  private boolean isTooHigh() {
    double rounding = ROUNDING * Math.abs(start.value);
    boolean decreased =
        trial.value < start.value && trial.value <= start.value + C1 * trial.t * start.slope;
    boolean decreasedByItsSlope =
        Math.abs(trial.value - start.value) <= rounding
            && trial.slope <= (2 * C1 - 1) * start.slope;
    boolean risen = low.t > 0 && trial.value >= low.value + rounding;
    return risen || !(decreased || decreasedByItsSlope);
  }

  private boolean isFlat() {
    return Math.abs(trial.slope) <= -C2 * start.slope;
  }

  /// Equation 3.59: the minimum of the cubic through both points and their slopes, held between
  /// these lengths; the middle of them if it has none.
  private static double cubicMinimum(Point a, Point b, double min, double max) {
    double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.t - b.t);
    double square = d1 * d1 - a.slope * b.slope;
    if (!(square >= 0)) {
      return (min + max) / 2;
    }
    double d2 = Math.signum(b.t - a.t) * Math.sqrt(square);
    double t = b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2));
    return Double.isNaN(t) ? (min + max) / 2 : Math.clamp(t, min, max);
  }
}
