package dev.backprop.engine.figures;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Sums over rows of classes, each counting by its weight, and the figures that follow from them
/// alone. So many numbers, however many rows come. The figures are those of scikit-learn's
/// functions with `sample_weight`.
final class ClassSums {

  private final double[] actual;
  private final double[] answered;
  private final double[] right;
  private double weight;
  private double logLoss;
  private double brier;

  ClassSums(int classes) {
    actual = new double[classes];
    answered = new double[classes];
    right = new double[classes];
  }

  void clear() {
    Arrays.fill(actual, 0);
    Arrays.fill(answered, 0);
    Arrays.fill(right, 0);
    weight = 0;
    logLoss = 0;
    brier = 0;
  }

  /// @param actual class of the row
  /// @param answered class that the model answers
  /// @param logLoss -ln p of the actual class
  /// @param brier see [ClassAnswer#brier(int)]
  void add(int actual, int answered, double logLoss, double brier, double weight) {
    if (weight == 0) {
      return;
    }
    this.actual[actual] += weight;
    this.answered[answered] += weight;
    right[actual] += actual == answered ? weight : 0;
    this.weight += weight;
    this.logLoss += weight * logLoss;
    this.brier += weight * brier;
  }

  double accuracy() {
    return Arrays.stream(right).sum() / weight;
  }

  double logLoss() {
    return logLoss / weight;
  }

  double brier() {
    return brier / weight;
  }

  /// The share of rows of a class.
  double share(int c) {
    return actual[c] / weight;
  }

  /// The harmonic mean of a class's precision and recall, 2 right / (actual + answered); null if it
  /// neither occurs nor is answered.
  @Nullable Double f1(int c) {
    return Figure.ratio(2 * right[c], actual[c] + answered[c]);
  }

  /// The mean of [#f1(int)] over the classes that have it, each counting the same.
  @Nullable Double macroF1() {
    double sum = 0;
    int defined = 0;
    for (int c = 0; c < actual.length; c++) {
      Double f1 = f1(c);
      sum += f1 == null ? 0 : f1;
      defined += f1 == null ? 0 : 1;
    }
    return Figure.ratio(sum, defined);
  }

  /// The mean recall of the classes that occur, each counting the same.
  @Nullable Double balancedAccuracy() {
    double sum = 0;
    int occurring = 0;
    for (int c = 0; c < actual.length; c++) {
      sum += actual[c] == 0 ? 0 : right[c] / actual[c];
      occurring += actual[c] == 0 ? 0 : 1;
    }
    return Figure.ratio(sum, occurring);
  }

  /// The correlation of actual and answered classes (Matthews 1975; for many classes Gorodkin
  /// 2004), with a and b the shares of each class among actual and answered ones:
  ///
  ///     (accuracy - Σ a b) / √((1 - Σ a²) (1 - Σ b²))
  ///
  /// 0 if one class is always answered; null if only one occurs.
  @Nullable Double mcc() {
    double both = 0;
    double actually = 0;
    double answers = 0;
    int occurring = 0;
    int given = 0;
    for (int c = 0; c < actual.length; c++) {
      double a = actual[c] / weight;
      double b = answered[c] / weight;
      both += a * b;
      actually += a * a;
      answers += b * b;
      occurring += actual[c] == 0 ? 0 : 1;
      given += answered[c] == 0 ? 0 : 1;
    }
    if (occurring < 2) {
      return null;
    }
    if (given < 2) {
      return 0.0;
    }
    return Figure.defined((accuracy() - both) / Math.sqrt((1 - actually) * (1 - answers)));
  }

  /// What a model without inputs would come to on these rows: the frequencies of the training rows
  /// as probabilities, and the class that they decide for.
  ///
  /// @param frequencies of the classes, together 1
  /// @param threshold counts if there are two classes
  ClassSums ofBaseline(double[] frequencies, Threshold threshold) {
    int answer = 0;
    for (int c = 1; c < frequencies.length; c++) {
      answer = frequencies[c] > frequencies[answer] ? c : answer;
    }
    if (frequencies.length == 2) {
      answer = threshold.answer(frequencies[threshold.positive()]);
    }
    double squares = Arrays.stream(frequencies).map(p -> p * p).sum();
    ClassSums sums = new ClassSums(frequencies.length);
    for (int c = 0; c < frequencies.length; c++) {
      double p = frequencies[c];
      sums.add(c, answer, -Math.log(p), squares - 2 * p + 1, actual[c]);
    }
    return sums;
  }
}
