package dev.backprop.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WolfeLineSearchTest {

  private static final int MAX_EVALUATIONS = 25;

  /// A function with its derivative, that counts.
  private static final class Function implements WolfeLineSearch.Line {
    private final DoubleUnaryOperator value;
    private final DoubleUnaryOperator slope;
    private double t;
    private int evaluations;

    Function(DoubleUnaryOperator value, DoubleUnaryOperator slope) {
      this.value = value;
      this.slope = slope;
    }

    @Override
    public void move(double to) {
      t = to;
      evaluations++;
    }

    @Override
    public double value() {
      return value.applyAsDouble(t);
    }

    @Override
    public double slope() {
      return slope.applyAsDouble(t);
    }

    double search(double first) {
      return new WolfeLineSearch(this, MAX_EVALUATIONS)
          .search(value.applyAsDouble(0), slope.applyAsDouble(0), first);
    }
  }

  /// Both conditions, with the constants of the book.
  private static void check(Function f, double first) {
    double t = f.search(first);
    double value = f.value.applyAsDouble(0);
    double slope = f.slope.applyAsDouble(0);
    assertThat(t).as("from %s", first).isPositive();
    assertThat(f.t).isEqualTo(t);
    assertThat(f.evaluations).isLessThanOrEqualTo(MAX_EVALUATIONS);
    assertThat(f.value()).isLessThanOrEqualTo(value + 1e-4 * t * slope);
    assertThat(Math.abs(f.slope())).isLessThanOrEqualTo(0.9 * Math.abs(slope));
  }

  /// The test functions 5.1 to 5.4 of Moré and Thuente 1994, from their starts, short and long. The
  /// second is flat at 0: it starts at 0.01 here. The others begin steep.
  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 1e-1, 1e1, 1e3})
  void meetsTheStrongWolfeConditions(double first) {
    check(new Function(t -> -t / (t * t + 2), t -> (t * t - 2) / Math.pow(t * t + 2, 2)), first);
    check(
        new Function(
            t -> Math.pow(t + 0.014, 5) - 2 * Math.pow(t + 0.014, 4),
            t -> 5 * Math.pow(t + 0.014, 4) - 8 * Math.pow(t + 0.014, 3)),
        first);
    double wave = 39 * Math.PI / 2;
    check(
        new Function(
            t ->
                (t <= 0.99 ? 1 - t : t >= 1.01 ? t - 1 : (t - 1) * (t - 1) / 0.02 + 0.005)
                    + 2 * 0.99 / (39 * Math.PI) * Math.sin(wave * t),
            t -> (t <= 0.99 ? -1 : t >= 1.01 ? 1 : (t - 1) / 0.01) + 0.99 * Math.cos(wave * t)),
        first);
    double g1 = Math.sqrt(1 + 0.001 * 0.001) - 0.001;
    check(
        new Function(
            t ->
                g1 * Math.sqrt((1 - t) * (1 - t) + 0.001 * 0.001)
                    + g1 * Math.sqrt(t * t + 0.001 * 0.001),
            t ->
                g1 * (t - 1) / Math.sqrt((1 - t) * (1 - t) + 0.001 * 0.001)
                    + g1 * t / Math.sqrt(t * t + 0.001 * 0.001)),
        first);
  }

  @Test
  void takesTheFirstLengthThatWillDo() {
    Function parabola = new Function(t -> (t - 1.5) * (t - 1.5), t -> 2 * (t - 1.5));
    assertThat(parabola.search(1)).isEqualTo(1);
    assertThat(parabola.evaluations).isEqualTo(1);
  }

  /// The cubic through two points of a parabola is the parabola.
  @Test
  void findsTheMinimumOfAParabolaAtOnce() {
    Function far = new Function(t -> (t - 5) * (t - 5), t -> 2 * (t - 5));
    assertThat(far.search(0.1)).isCloseTo(1, within(1e-12)); // ten times as long at most
    assertThat(far.search(20)).isCloseTo(5, within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void comesBackFromWhereTheFunctionIsNotFinite(double value) {
    Function f = new Function(t -> t > 0.3 ? value : (t - 0.2) * (t - 0.2), t -> 2 * (t - 0.2));
    check(f, 1);
    check(f, 1e4);
  }

  @Test
  void aSlopeThatIsNotFiniteIsTooFarToo() {
    check(new Function(t -> (t - 0.2) * (t - 0.2), t -> t > 0.3 ? Double.NaN : 2 * (t - 0.2)), 1);
  }

  /// The slope at 0 lies.
  @Test
  void givesUpAfterSoManyEvaluationsWhereNothingDecreases() {
    Function rising = new Function(t -> t, t -> t == 0 ? -1 : 1);
    assertThat(rising.search(1)).isZero();
    assertThat(rising.evaluations).isEqualTo(MAX_EVALUATIONS);
  }

  @Test
  void saysWhetherAnyLengthWasFinite() {
    Function nowhere = new Function(t -> t == 0 ? 1 : Double.NaN, t -> -1);
    WolfeLineSearch search = new WolfeLineSearch(nowhere, 4);
    assertThat(search.search(1, -1, 1)).isZero();
    assertThat(search.anyFinite()).isFalse();
    assertThat(nowhere.evaluations).isEqualTo(4);
    Function rising = new Function(t -> t, t -> t == 0 ? -1 : 1);
    search = new WolfeLineSearch(rising, 4);
    assertThat(search.search(0, -1, 1)).isZero();
    assertThat(search.anyFinite()).isTrue();
  }

  /// Too few evaluations for the second condition.
  @Test
  void goesBackToTheBestLengthThatDecreases() {
    Function wall = new Function(t -> t > 0.8 ? Double.NaN : -t, t -> -1);
    assertThat(new WolfeLineSearch(wall, 6).search(0, -1, 1)).isEqualTo(0.78125);
    assertThat(wall.t).isEqualTo(0.78125);
    Function endless = new Function(t -> -t, t -> -1);
    assertThat(new WolfeLineSearch(endless, 3).search(0, -1, 1)).isEqualTo(100);
    assertThat(endless.t).isEqualTo(100);
  }

  /// 1 + d, rounded to floats, is 1 for all d of the parabola.
  @Test
  void trustsSlopesWhereTheDecreaseDrownsInRounding() {
    double size = 1e-9;
    Function rounded =
        new Function(t -> (float) (1 + size * (t - 1) * (t - 1)), t -> 2 * size * (t - 1));
    assertThat(rounded.search(1)).isEqualTo(1);
    assertThat(rounded.search(30)).isBetween(0.1, 1.9);
  }
}
