package dev.backprop.engine.figures;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.Answers;
import dev.backprop.engine.spec.InvalidSpecException;

/// How a model's probabilities were set right: its logits are divided by one number. The order of
/// classes, and what is answered at a threshold of a half, stay.
///
/// @param rows that `before` and `after` are of. The temperature was found on them too, unless
///   others ended the training or chose: then on those
/// @param temperature what logits are divided by, above 0; above 1 the probabilities were too sure
/// @param before with the model's own probabilities
/// @param after of the same rows, with those that are answered
public record Calibration(int rows, double temperature, Quality before, Quality after) {

  /// How good probabilities are.
  ///
  /// @param logLoss mean of -ln p(class)
  /// @param ece expected calibration error: how far the probability of the likeliest class is from
  ///   the share of rows in which it is right, over 15 bins of equal width
  /// @param brier mean over rows of the squared errors of the probabilities, summed over the
  ///   classes
  public record Quality(double logLoss, double ece, double brier) {}

  public Calibration {
    if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new InvalidSpecException(
          "/temperature", "must be above 0 and finite, was " + temperature);
    }
  }

  /// What logits are multiplied by.
  public double beta() {
    return 1 / temperature;
  }

  /// Sets the probabilities of some rows right, and their logits with them, so that every loss and
  /// figure of these answers is that of the new probabilities. Each row by itself: equal rows keep
  /// equal bits. At a temperature of 1 the bits stay.
  ///
  /// @param answers of a softmax, or of one sigmoid
  public void apply(Answers answers) {
    if (temperature == 1) {
      return;
    }
    Matrix z = answers.logits();
    Matrix a = answers.outputs();
    int q = z.columns();
    ClassAnswer answer = new ClassAnswer(Math.max(2, q));
    for (int i = 0; i < z.rows(); i++) {
      answer.set(z.values(), z.offset() + i * q, beta());
      int first = a.offset() + i * q;
      for (int j = 0; j < q; j++) {
        a.values()[first + j] = (float) answer.probability(q == 1 ? 1 : j);
        z.values()[z.offset() + i * q + j] *= (float) beta();
      }
    }
  }
}
