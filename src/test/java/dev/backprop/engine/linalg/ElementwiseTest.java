package dev.backprop.engine.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/// The errors that [Elementwise] states, against double precision.
class ElementwiseTest {

  /// Every so-manyth float by its bits, a prime: 1,000,000 of both signs and every exponent.
  private static final int STRIDE = 4093;

  private static final float[] EXTREMES = {
    Float.NEGATIVE_INFINITY,
    -Float.MAX_VALUE,
    -1e10f,
    -Float.MIN_VALUE,
    -0f,
    0,
    Float.MIN_VALUE,
    1e10f,
    Float.MAX_VALUE,
    Float.POSITIVE_INFINITY
  };

  @Test
  void tanhIsAsExactAsItSays() {
    assertThat(absoluteError(x -> Elementwise.tanh((float) x), Math::tanh, x -> true))
        .isLessThanOrEqualTo(5e-7);
    assertThat(relativeError(x -> Elementwise.tanh((float) x), Math::tanh, ElementwiseTest::near))
        .isLessThanOrEqualTo(5e-7);
  }

  @Test
  void sigmoidIsAsExactAsItSays() {
    assertThat(
            absoluteError(
                x -> Elementwise.sigmoid((float) x), ElementwiseTest::logistic, x -> true))
        .isLessThanOrEqualTo(2.5e-7);
  }

  @Test
  void expm1IsAsExactAsItSays() {
    assertThat(absoluteError(x -> Elementwise.expm1OfNegative((float) x), Math::expm1, x -> x <= 0))
        .isLessThanOrEqualTo(5e-7);
    assertThat(
            relativeError(
                x -> Elementwise.expm1OfNegative((float) x), Math::expm1, x -> x <= 0 && near(x)))
        .isLessThanOrEqualTo(1e-6);
  }

  @Test
  void expIsAsExactAsItSays() {
    assertThat(relativeError(Elementwise::exp, Math::exp, x -> Math.abs(x) <= 115))
        .isLessThanOrEqualTo(6e-8);
  }

  @Test
  void logisticIsAsExactAsItSays() {
    assertThat(relativeError(Elementwise::logistic, ElementwiseTest::logistic, x -> x > -115))
        .isLessThanOrEqualTo(1e-7);
  }

  @Test
  void softplusIsAsExactAsItSays() {
    assertThat(
            relativeError(
                Elementwise::softplus,
                x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
                x -> x > -115))
        .isLessThanOrEqualTo(2e-7);
  }

  @Test
  void log1pIsAsExactAsItSays() {
    assertThat(relativeError(Elementwise::log1pOfFraction, Math::log1p, x -> x >= 0 && x <= 1))
        .isLessThanOrEqualTo(2e-8);
  }

  @Test
  void millsRatioIsAsExactAsItSays() {
    assertThat(relativeError(Elementwise::millsRatio, ElementwiseTest::millsRatio, x -> x >= 0))
        .isLessThanOrEqualTo(4e-8);
    assertThat(Elementwise.millsRatio(0) / Math.sqrt(Math.PI / 2)).isCloseTo(1, within(4e-8));
  }

  @Test
  void normalDensityIsAsExactAsItSays() {
    assertThat(
            relativeError(
                Elementwise::normalDensity,
                x -> Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI),
                x -> Math.abs(x) < 15))
        .isLessThanOrEqualTo(1e-7);
  }

  @Test
  void cosineAndSineOfTurnsAreAsExactAsTheySay() {
    assertThat(
            absoluteError(
                x -> Elementwise.cosineOfTurns((float) x),
                x -> Math.cos(2 * Math.PI * Math.IEEEremainder(x, 1)),
                x -> Math.abs(x) < 0x1p22))
        .isLessThanOrEqualTo(3e-7);
    assertThat(
            absoluteError(
                x -> Elementwise.sineOfTurns((float) x),
                x -> Math.sin(2 * Math.PI * x),
                x -> Math.abs(x) <= 1))
        .isLessThanOrEqualTo(5e-7);
    for (int k = -8; k <= 8; k++) { // Quarters of a turn.
      assertThat(Elementwise.cosineOfTurns(k / 4f))
          .isCloseTo((float) Math.cos(Math.PI / 2 * k), within(3e-7f));
    }
  }

  @Test
  void stepIsOneAboveZeroOnly() {
    assertThat(Elementwise.step(Float.MIN_VALUE)).isEqualTo(1);
    assertThat(Elementwise.step(Float.POSITIVE_INFINITY)).isEqualTo(1);
    assertThat(Elementwise.step(0)).isZero();
    assertThat(Elementwise.step(-0f)).isZero();
    assertThat(Elementwise.step(-3)).isZero();
  }

  @Test
  void farOutTheFunctionsSaturate() {
    assertThat(Elementwise.tanh(Float.POSITIVE_INFINITY)).isEqualTo(1);
    assertThat(Elementwise.tanh(-Float.MAX_VALUE)).isEqualTo(-1);
    assertThat(Elementwise.sigmoid(Float.POSITIVE_INFINITY)).isEqualTo(1);
    assertThat(Elementwise.sigmoid(Float.NEGATIVE_INFINITY)).isZero();
    assertThat(Elementwise.expm1OfNegative(Float.NEGATIVE_INFINITY)).isEqualTo(-1);
    assertThat(Elementwise.exp(1e300)).isEqualTo(Elementwise.exp(115));
    assertThat(Elementwise.exp(Double.NEGATIVE_INFINITY)).isEqualTo(Elementwise.exp(-115));
    assertThat(Elementwise.logistic(Double.POSITIVE_INFINITY)).isEqualTo(1);
    assertThat(Elementwise.logistic(Double.NEGATIVE_INFINITY)).isBetween(0.0, 1.2e-50);
    assertThat(Elementwise.softplus(1e30)).isEqualTo(1e30);
    assertThat(Elementwise.softplus(-1e30)).isBetween(0.0, 1.2e-50);
    assertThat(Elementwise.millsRatio(Double.POSITIVE_INFINITY)).isZero();
    assertThat(Elementwise.normalDensity(Double.POSITIVE_INFINITY)).isBetween(0.0, 1.2e-50);
  }

  @Test
  void extremesGiveProbabilitiesAndNeverLeaveTheRange() {
    for (float x : EXTREMES) {
      assertThat(Elementwise.tanh(x)).isBetween(-1f, 1f);
      assertThat(Elementwise.sigmoid(x)).isBetween(0f, 1f);
      assertThat(Elementwise.expm1OfNegative(Math.min(0, x))).isBetween(-1f, 0f);
      assertThat(Elementwise.exp(x)).isBetween(1e-50, 1e50);
      assertThat(Elementwise.logistic(x)).isBetween(0.0, 1.0);
      assertThat(Elementwise.millsRatio(Math.abs(x))).isBetween(0.0, 1.2534);
      assertThat(Elementwise.normalDensity(x)).isBetween(0.0, 0.4);
      if (Float.isFinite(x)) {
        assertThat(Elementwise.cosineOfTurns(x)).isBetween(-1.000001f, 1.000001f);
        assertThat(Elementwise.sineOfTurns(x)).isBetween(-1.000001f, 1.000001f);
      }
    }
  }

  @Test
  void notANumberStaysSo() {
    assertThat(Elementwise.tanh(Float.NaN)).isNaN();
    assertThat(Elementwise.sigmoid(Float.NaN)).isNaN();
    assertThat(Elementwise.expm1OfNegative(Float.NaN)).isNaN();
    assertThat(Elementwise.exp(Double.NaN)).isNaN();
    assertThat(Elementwise.logistic(Double.NaN)).isNaN();
    assertThat(Elementwise.softplus(Double.NaN)).isNaN();
    assertThat(Elementwise.log1pOfFraction(Double.NaN)).isNaN();
    assertThat(Elementwise.millsRatio(Double.NaN)).isNaN();
    assertThat(Elementwise.normalDensity(Double.NaN)).isNaN();
    assertThat(Elementwise.step(Float.NaN)).isNaN();
    assertThat(Elementwise.cosineOfTurns(Float.NaN)).isNaN();
    assertThat(Elementwise.sineOfTurns(Float.POSITIVE_INFINITY)).isNaN();
  }

  /// The oracle of this test: erfc(1/2), erfc(1) and erfc(3) of Abramowitz and Stegun, table 7.1,
  /// and erfc(10) times √π exp(x²) / 2 are Mills' ratio at √2 x, over √2.
  @Test
  void theRatioToCompareWithIsRight() {
    assertThat(erfc(0.5)).isCloseTo(0.4795001221869535, within(1e-15));
    assertThat(erfc(1)).isCloseTo(0.1572992070502851, within(1e-15));
    assertThat(erfc(3) / 2.209049699858544e-5).isCloseTo(1, within(1e-13));
    assertThat(erfc(10) / 2.088487583762545e-45).isCloseTo(1, within(1e-13));
  }

  private static double erfc(double x) {
    return millsRatio(Math.sqrt(2) * x) * Math.exp(-x * x) * Math.sqrt(2 / Math.PI);
  }

  private static boolean near(double x) {
    return Math.abs(x) >= 1e-30 && Math.abs(x) <= 1;
  }

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /// Below 2.5 by the series of Φ, above by the continued fraction (Abramowitz and Stegun 26.2.11
  /// and 26.2.14).
  private static double millsRatio(double x) {
    if (x < 2.5) {
      double sum = 0;
      double term = x;
      for (int k = 1; term > 1e-20 * sum; k++) {
        sum += term;
        term *= x * x / (2 * k + 1);
      }
      return Math.sqrt(Math.PI / 2) * Math.exp(x * x / 2) - sum;
    }
    double fraction = x;
    for (int k = 400; k > 0; k--) {
      fraction = x + k / fraction;
    }
    return 1 / fraction;
  }

  private static double absoluteError(
      DoubleUnaryOperator f, DoubleUnaryOperator exact, DoublePredicate domain) {
    double worst = 0;
    for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; bits += STRIDE) {
      float x = Float.intBitsToFloat((int) bits);
      if (!Float.isNaN(x) && domain.test(x)) {
        worst = Math.max(worst, Math.abs(f.applyAsDouble(x) - exact.applyAsDouble(x)));
      }
    }
    return worst;
  }

  private static double relativeError(
      DoubleUnaryOperator f, DoubleUnaryOperator exact, DoublePredicate domain) {
    return absoluteError(
        x -> f.applyAsDouble(x) / exact.applyAsDouble(x),
        x -> 1,
        x -> domain.test(x) && x != 0 && Math.abs(x) >= Float.MIN_NORMAL && !Double.isInfinite(x));
  }
}
