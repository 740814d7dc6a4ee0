package dev.backprop.engine.figures;

/// What a model says of the class of one row, from its logits and in double precision. One thread's
/// scratch, written anew for each row.
///
///     many classes  ln p_c = β z_c - ln Σ exp(β z_k)
///     two classes   ln p_1 = -ln(1 + exp(-β z)), ln p_0 = -ln(1 + exp(β z))
///
/// β is one over the temperature.
public final class ClassAnswer {

  private final double[] logProbabilities;
  private final double[] probabilities;

  /// @param classes at least two; two have one logit
  public ClassAnswer(int classes) {
    logProbabilities = new double[classes];
    probabilities = new double[classes];
  }

  public int classes() {
    return probabilities.length;
  }

  /// Logits of a row.
  public static int logits(int classes) {
    return classes == 2 ? 1 : classes;
  }

  /// Reads a row.
  ///
  /// @param logits finite
  /// @param first place of the row's logits
  /// @param beta above 0
  public void set(float[] logits, int first, double beta) {
    if (probabilities.length == 2) {
      double z = beta * logits[first];
      double rest = Math.log1p(Math.exp(-Math.abs(z)));
      put(0, Math.min(-z, 0) - rest);
      put(1, Math.min(z, 0) - rest);
      return;
    }
    double max = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < probabilities.length; c++) {
      max = Math.max(max, logits[first + c]);
    }
    double sum = 0;
    for (int c = 0; c < probabilities.length; c++) {
      logProbabilities[c] = beta * (logits[first + c] - max);
      sum += Math.exp(logProbabilities[c]);
    }
    double log = Math.log(sum);
    for (int c = 0; c < probabilities.length; c++) {
      put(c, logProbabilities[c] - log);
    }
  }

  private void put(int c, double logProbability) {
    logProbabilities[c] = logProbability;
    probabilities[c] = Math.exp(logProbability);
  }

  /// Of each class; lasts until the next row.
  public double[] probabilities() {
    return probabilities;
  }

  public double probability(int c) {
    return probabilities[c];
  }

  public double logProbability(int c) {
    return logProbabilities[c];
  }

  /// The class of the largest probability, of equal ones the first; of two classes the second.
  public int likeliest() {
    if (probabilities.length == 2) {
      return logProbabilities[1] >= logProbabilities[0] ? 1 : 0;
    }
    int best = 0;
    for (int c = 1; c < probabilities.length; c++) {
      best = logProbabilities[c] > logProbabilities[best] ? c : best;
    }
    return best;
  }

  /// The class that is answered.
  ///
  /// @param threshold counts if there are two classes
  public int answered(Threshold threshold) {
    return probabilities.length == 2
        ? threshold.answer(probabilities[threshold.positive()])
        : likeliest();
  }

  /// The squared error of the probabilities (Brier 1950): Σ_c (p_c - [c is the class])², from 0 to
  /// 2.
  public double brier(int actual) {
    double sum = 0;
    for (int c = 0; c < probabilities.length; c++) {
      double error = probabilities[c] - (c == actual ? 1 : 0);
      sum += error * error;
    }
    return sum;
  }
}
