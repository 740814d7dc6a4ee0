package dev.backprop.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.LossSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class LossFunctionTest {

  private static final LossFunction SIGMOID =
      new LossFunction(new Activation.Sigmoid(), new LossSpec.CrossEntropy());
  private static final LossFunction SOFTMAX =
      new LossFunction(new Activation.Softmax(), new LossSpec.CrossEntropy());

  /// What comes out of one batch: outputs, sum of the losses, dJ/dz.
  private record Result(Matrix a, double sum, Matrix dz) {
    static Result of(LossFunction loss, Matrix z, Matrix y) {
      Matrix a = Matrix.allocate(z.rows(), z.columns());
      Matrix dz = Matrix.allocate(z.rows(), z.columns());
      loss.outputs(z, a);
      loss.delta(z, a, y, z.rows(), dz);
      return new Result(a, loss.sum(z, a, y), dz);
    }
  }

  private static Matrix row(float... values) {
    return new Matrix(values, 0, 1, values.length);
  }

  @Test
  void saturatedSigmoidsThatAreWrongCostTheirLogitAndKeepTheirError() {
    Result result = Result.of(SIGMOID, row(100, -100), row(0, 1));
    assertThat(result.sum).isCloseTo(200, within(1e-5));
    assertThat(result.dz.values()).containsExactly(1, -1);
  }

  @Test
  void saturatedSigmoidsThatAreRightCostNothing() {
    Result result = Result.of(SIGMOID, row(100, -100), row(1, 0));
    assertThat(result.sum).isBetween(0.0, 1e-40);
    assertThat(result.dz.values()[0]).isZero();
    assertThat(result.dz.values()[1]).isBetween(0f, 1e-40f);
  }

  @Test
  void saturatedSoftmaxThatIsWrongCostsTheDifferenceOfTheLogits() {
    Result result = Result.of(SOFTMAX, row(100, -100, 0), row(0, 1, 0));
    assertThat(result.sum).isCloseTo(200, within(1e-5));
    assertThat(result.dz.values()).containsExactly(new float[] {1, -1, 0}, within(1e-30f));
  }

  @Test
  void saturatedSoftmaxThatIsRightCostsNothing() {
    Result result = Result.of(SOFTMAX, row(100, -100, 0), row(1, 0, 0));
    assertThat(result.sum).isBetween(0.0, 1e-40);
    assertThat(result.dz.values()).containsExactly(new float[] {0, 0, 0}, within(1e-30f));
  }

  @Test
  void logitsBeyondTheRangeOfExpStayFinite() {
    Result softmax = Result.of(SOFTMAX, row(3e30f, -3e30f), row(0, 1));
    assertThat(softmax.sum).isCloseTo(6e30, within(1e24));
    assertThat(softmax.dz.values()).containsExactly(new float[] {1, -1}, within(1e-30f));
    Result sigmoid = Result.of(SIGMOID, row(-3e30f), row(1));
    assertThat(sigmoid.sum).isCloseTo(3e30, within(1e24));
    assertThat(sigmoid.dz.values()).containsExactly(-1);
  }

  @Test
  void logitsThatOverflowCountWhereTheyAreTheTargets() {
    float overflown = Float.NEGATIVE_INFINITY;
    assertThat(Result.of(SOFTMAX, row(overflown, 1, 1), row(0, 1, 0)).sum)
        .isCloseTo(Math.log(2), within(1e-7));
    assertThat(Result.of(SOFTMAX, row(overflown, 1, 1), row(1, 0, 0)).sum).isInfinite();
  }

  @Test
  void softmaxDoesNotChangeWhenAllLogitsMove() {
    Result here = Result.of(SOFTMAX, row(1, 2, 3), row(0, 0, 1));
    Result there = Result.of(SOFTMAX, row(1001, 1002, 1003), row(0, 0, 1));
    assertThat(there.a.values()).containsExactly(here.a.values());
    // ln(1 + e^-1 + e^-2)
    assertThat(here.sum).isCloseTo(0.4076059644443804, within(1e-7));
    assertThat(there.sum).isCloseTo(here.sum, within(1e-7));
  }

  /// The largest logit first, last and twice.
  @Test
  void theLargestLogitMayStandAnywhere() {
    double tied = Math.log(2 + Math.exp(-2));
    assertThat(Result.of(SOFTMAX, row(3, 1, 3), row(1, 0, 0)).sum).isCloseTo(tied, within(1e-6));
    assertThat(Result.of(SOFTMAX, row(1, 3, 3), row(0, 0, 1)).sum).isCloseTo(tied, within(1e-6));
    assertThat(Result.of(SOFTMAX, row(7), row(1)).sum).isZero();
  }

  @Test
  void smallProbabilitiesKeepTheirDigits() {
    Result sigmoid = Result.of(SIGMOID, row(-50), row(0));
    assertThat(sigmoid.a.values()[0] / Math.exp(-50)).isCloseTo(1, within(1e-6));
    Result softmax = Result.of(SOFTMAX, row(-50, 0), row(0, 1));
    assertThat(softmax.a.values()[0] / Math.exp(-50)).isCloseTo(1, within(1e-6));
  }

  /// Two examples: errors 1, -3 and 0, 0.5.
  @Test
  void sumsOverExamplesAndMeansOverOutputs() {
    Matrix z = new Matrix(new float[] {2, -1, 5, 1}, 0, 2, 2);
    Matrix y = new Matrix(new float[] {1, 2, 5, 0.5f}, 0, 2, 2);
    Activation identity = new Activation.Identity();

    // [(1 + 9) + (0 + 0.25)] / 2 outputs; 2 e / (2 outputs · 2 examples)
    Result squared = Result.of(new LossFunction(identity, new LossSpec.SquaredError()), z, y);
    assertThat(squared.sum).isEqualTo(5.125);
    assertThat(squared.dz.values()).containsExactly(0.5f, -1.5f, 0, 0.25f);

    // [(1 + 9) + (0 + 0.25)] / 2; e / 2 examples
    Result quadratic = Result.of(new LossFunction(identity, new LossSpec.Quadratic()), z, y);
    assertThat(quadratic.sum).isEqualTo(5.125);
    assertThat(quadratic.dz.values()).containsExactly(0.5f, -1.5f, 0, 0.25f);

    // [(1 + 3) + (0 + 0.5)] / 2 outputs; sign(e) / (2 · 2)
    Result absolute = Result.of(new LossFunction(identity, new LossSpec.AbsoluteError()), z, y);
    assertThat(absolute.sum).isEqualTo(2.25);
    assertThat(absolute.dz.values()).containsExactly(0.25f, -0.25f, 0, 0.25f);

    // delta 2: [1/2 + 2 (3 - 1) + 0 + 0.125] / 2 outputs; clamped e / (2 · 2)
    Result huber = Result.of(new LossFunction(identity, new LossSpec.Huber(2)), z, y);
    assertThat(huber.sum).isEqualTo(2.3125);
    assertThat(huber.dz.values()).containsExactly(0.25f, -0.5f, 0, 0.125f);
  }

  /// Of three outputs: there the mean of squares and half their sum differ.
  @Test
  void quadraticIsHalfTheSumAndNotTheMean() {
    Activation identity = new Activation.Identity();
    Matrix z = row(1, 1, 2);
    Matrix y = row(0, 0, 0);
    assertThat(Result.of(new LossFunction(identity, new LossSpec.Quadratic()), z, y).sum)
        .isEqualTo(3);
    assertThat(Result.of(new LossFunction(identity, new LossSpec.SquaredError()), z, y).sum)
        .isEqualTo(2);
  }

  /// Once p is 1 in float, once it is 0: gammas below 1 have an infinite slope there.
  @Test
  void saturatedFocalLossesStayFinite() {
    for (double gamma : new double[] {0, 0.5, 2}) {
      LossFunction sigmoid = new LossFunction(new Activation.Sigmoid(), new LossSpec.Focal(gamma));
      Result right = Result.of(sigmoid, row(90, -90), row(1, 0));
      assertThat(right.sum).isBetween(0.0, 1e-38);
      assertThat(right.dz.values()).containsExactly(new float[] {0, 0}, within(1e-30f));
      Result wrong = Result.of(sigmoid, row(90, -90), row(0, 1));
      assertThat(wrong.sum).isCloseTo(180, within(1e-4));
      assertThat(wrong.dz.values()).containsExactly(new float[] {1, -1}, within(1e-6f));

      LossFunction softmax = new LossFunction(new Activation.Softmax(), new LossSpec.Focal(gamma));
      right = Result.of(softmax, row(300, -300, 0), row(1, 0, 0));
      assertThat(right.sum).isBetween(0.0, 1e-38);
      assertThat(right.dz.values()).containsExactly(new float[] {0, 0, 0}, within(1e-30f));
      wrong = Result.of(softmax, row(300, -300, 0), row(0, 1, 0));
      assertThat(wrong.sum).isCloseTo(600, within(1e-4));
      assertThat(wrong.dz.values()).containsExactly(new float[] {1, -1, 0}, within(1e-6f));
    }
  }

  /// p = 3/4: -(1/4)² ln(3/4), and for a wrong one -(3/4)² ln(1/4).
  @Test
  void focalLossWeighsDownWhatIsRight() {
    float z = (float) Math.log(3);
    LossFunction focal = new LossFunction(new Activation.Sigmoid(), new LossSpec.Focal(2));
    assertThat(Result.of(focal, row(z), row(1)).sum).isCloseTo(-Math.log(0.75) / 16, within(1e-7));
    assertThat(Result.of(focal, row(z), row(0)).sum)
        .isCloseTo(-Math.log(0.25) * 9 / 16, within(1e-7));
  }

  /// Errors 1, -3: tau 0.2 costs 0.8 · 1 and 0.2 · 3, mean of two outputs.
  @Test
  void quantilesWeighTheSidesOfTheTarget() {
    LossFunction loss = new LossFunction(new Activation.Identity(), new LossSpec.Quantile(0.2));
    Result result = Result.of(loss, row(2, -1), row(1, 2));
    assertThat(result.sum).isCloseTo(0.7, within(1e-12));
    assertThat(result.dz.values()).containsExactly(new float[] {0.4f, -0.1f}, within(1e-7f));
    assertThat(Result.of(loss, row(2, -1), row(2, -1)).dz.values()).containsOnly(0);
  }

  /// Errors 1, -3 with taus 0.2 and 0.9: 0.8 · 1 and 0.9 · 3, mean of two outputs.
  @Test
  void everyQuantileHasItsOwnTau() {
    LossSpec.Quantile quantile = new LossSpec.Quantile(null, List.of(0.2, 0.9));
    LossFunction loss = new LossFunction(new Activation.Identity(), quantile);
    Result result = Result.of(loss, row(2, -1), row(1, 2));
    assertThat(result.sum).isCloseTo(1.75, within(1e-12));
    assertThat(result.dz.values()).containsExactly(new float[] {0.4f, -0.45f}, within(1e-7f));
  }

  /// exp(0) - 2 · 0 and exp(ln 4) - 3 ln 4, mean of two outputs; a - y.
  @Test
  void poissonComparesRatesWithCounts() {
    LossFunction loss = new LossFunction(new Activation.Exponential(), new LossSpec.Poisson());
    Result result = Result.of(loss, row(0, (float) Math.log(4)), row(2, 3));
    assertThat(result.a.values()).containsExactly(new float[] {1, 4}, within(1e-6f));
    assertThat(result.sum).isCloseTo((5 - 3 * Math.log(4)) / 2, within(1e-6));
    assertThat(result.dz.values()).containsExactly(new float[] {-0.5f, 0.5f}, within(1e-6f));
  }

  /// Targets 0.9 and 0.1 for a sigmoid, 0.8 + 0.2/4 and 0.2/4 among four classes.
  @Test
  void smoothingMovesTargetsTowardsAllAlike() {
    LossFunction sigmoid =
        new LossFunction(new Activation.Sigmoid(), new LossSpec.CrossEntropy(0.2));
    assertThat(Result.of(sigmoid, row(0, 0), row(1, 0)).dz.values())
        .containsExactly(new float[] {-0.4f, 0.4f}, within(1e-6f));
    LossFunction softmax =
        new LossFunction(new Activation.Softmax(), new LossSpec.CrossEntropy(0.2));
    Result result = Result.of(softmax, row(0, 0, 0, 0), row(0, 1, 0, 0));
    assertThat(result.dz.values())
        .containsExactly(new float[] {0.2f, -0.6f, 0.2f, 0.2f}, within(1e-6f));
    assertThat(result.sum).isCloseTo(Math.log(4), within(1e-6));
  }
}
