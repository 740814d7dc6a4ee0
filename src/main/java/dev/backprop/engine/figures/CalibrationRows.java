package dev.backprop.engine.figures;

import org.jspecify.annotations.Nullable;

/// Logits and classes of rows that took no part in what they are to calibrate. A row takes 12
/// bytes, and 4 for each logit.
public final class CalibrationRows {

  /// ln β is looked for between -16 and 16. Each step halves what is left: 30 of them leave 3e-8.
  private static final double FURTHEST = 16;

  private static final int STEPS = 30;

  private final int classes;
  private final float[] logits;
  private final int[] actual;
  private final double[] weights;
  private double weightSum;
  private boolean finite = true;
  private int rows;

  /// @param classes at least two; two have one logit
  /// @param rows at most
  public CalibrationRows(int classes, int rows) {
    this.classes = classes;
    logits = new float[Math.multiplyExact(rows, ClassAnswer.logits(classes))];
    actual = new int[rows];
    weights = new double[rows];
  }

  /// Bytes of the arrays of such an object.
  public static long bytes(long classes, long rows) {
    long logits = classes == 2 ? 1 : classes;
    return rows * (logits * Float.BYTES + Integer.BYTES + Double.BYTES);
  }

  /// @param from has the logits of the row: of an ensemble those of the mean probabilities
  /// @param first their place
  /// @param actual class of the row
  public void add(float[] from, int first, int actual, double weight) {
    int width = ClassAnswer.logits(classes);
    System.arraycopy(from, first, logits, rows * width, width);
    for (int j = 0; j < width; j++) {
      finite &= Float.isFinite(from[first + j]);
    }
    this.actual[rows] = actual;
    weights[rows++] = weight;
    weightSum += weight;
  }

  /// Rows so far.
  public int size() {
    return rows;
  }

  int actual(int row) {
    return actual[row];
  }

  void read(int row, double beta, ClassAnswer answer) {
    answer.set(logits, row * ClassAnswer.logits(classes), beta);
  }

  ClassAnswer answer() {
    return new ClassAnswer(classes);
  }

  /// Finds the temperature (Guo, Pleiss, Sun and Weinberger 2017) and tells what it does to these
  /// rows.
  ///
  /// @return null if there is no row of a weight above 0, or if a logit is not finite
  public @Nullable Calibration calibrate() {
    if (!finite || !(weightSum > 0)) {
      return null;
    }
    Calibration.Quality before = quality(1);
    double beta = beta();
    Calibration.Quality after = quality(beta);
    // The target is drawn towards an even one; where that would cost these rows something, the
    // network's own probabilities stay.
    return after.logLoss() < before.logLoss()
        ? new Calibration(rows, 1 / beta, before, after)
        : new Calibration(rows, 1, before, before);
  }

  /// The same calibration, told of these rows.
  public Calibration measure(Calibration found) {
    return finite && weightSum > 0
        ? new Calibration(rows, found.temperature(), quality(1), quality(found.beta()))
        : found;
  }

  /// The β that minimises the mean of -Σ_c t_c ln p_c(β), by bisection: its derivative rises in β.
  ///
  ///     g(β) = mean of Σ_c z_c (p_c(β) - t_c)
  ///     t_c  = (1 - ε) [c is the class] + ε / classes,  ε = 1 / (rows + 1)
  ///
  /// ε is as if one more row were of all classes alike (Platt 1999 does so for two). Without it, β
  /// grows without bound if all rows are right, and one wrong answer later costs without bound.
  double beta() {
    double low = -FURTHEST;
    double high = FURTHEST;
    ClassAnswer answer = answer();
    for (int step = 0; step < STEPS; step++) {
      double middle = (low + high) / 2;
      if (gradient(Math.exp(middle), answer) > 0) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return Math.exp((low + high) / 2);
  }

  private double gradient(double beta, ClassAnswer answer) {
    double epsilon = 1.0 / (rows + 1);
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      read(i, beta, answer);
      if (classes == 2) {
        double target = (1 - epsilon) * actual[i] + epsilon / 2;
        sum += weights[i] * logits[i] * (answer.probability(1) - target);
      } else {
        sum += weights[i] * manyClasses(i, answer, epsilon);
      }
    }
    return sum;
  }

  private double manyClasses(int row, ClassAnswer answer, double epsilon) {
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      double target = (c == actual[row] ? 1 - epsilon : 0) + epsilon / classes;
      sum += logits[row * classes + c] * (answer.probability(c) - target);
    }
    return sum;
  }

  private Calibration.Quality quality(double beta) {
    ClassAnswer answer = answer();
    CalibrationBins bins = new CalibrationBins();
    double logLoss = 0;
    double brier = 0;
    for (int i = 0; i < rows; i++) {
      read(i, beta, answer);
      int top = answer.likeliest();
      bins.add(answer.probability(top), top == actual[i], weights[i]);
      logLoss -= weights[i] * answer.logProbability(actual[i]);
      brier += weights[i] * answer.brier(actual[i]);
    }
    return new Calibration.Quality(logLoss / weightSum, bins.error(), brier / weightSum);
  }
}
