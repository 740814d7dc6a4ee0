package dev.backprop.engine.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntervalSizeTest {

  private static final List<Double> NONE = List.of();

  /// The error is a tenth of the answer.
  private static IntervalSize growing(boolean spreads) {
    double[] y = new double[1_000];
    List<NumberAnswer> answers = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      // Members are apart by 1, and 3 in each third row, where errors are three times as large.
      double spread = i % 3 == 0 ? 3 : 1;
      double times = spreads ? spread : 1;
      y[i] = i + (i % 2 == 0 ? 0.1 : -0.1) * i * times;
      answers.add(new NumberAnswer(i, spreads ? spread : Double.NaN));
    }
    return IntervalSize.fit(y, answers);
  }

  private static NumberAnswer at(double value) {
    return new NumberAnswer(value, Double.NaN);
  }

  @Test
  void isTheErrorOfSuchAnswers() {
    IntervalSize size = growing(false);
    assertThat(size.answers()).hasSize(10);
    assertThat(size.spreads()).isEmpty();
    assertThat(size.of(at(500))).isCloseTo(50, within(1e-9));
    assertThat(size.of(at(800))).isCloseTo(80, within(1e-9));
    // Level beyond the outer places, which are 49.5 and 949.5.
    assertThat(size.of(at(-1e9))).isCloseTo(4.95, within(1e-9));
    assertThat(size.of(at(1e9))).isCloseTo(94.95, within(1e-9));
  }

  @Test
  void isLargerWhereMembersDisagree() {
    IntervalSize size = growing(true);
    double alike = size.of(new NumberAnswer(500, 1));
    double apart = size.of(new NumberAnswer(500, 3));
    assertThat(alike).isCloseTo(50, within(4.0));
    assertThat(apart).isCloseTo(150, within(12.0));
  }

  @Test
  void isOneOfFewRowsAndOfRowsWithoutErrors() {
    double[] y = new double[199];
    List<NumberAnswer> answers = new ArrayList<>();
    for (int i = 0; i < 199; i++) {
      y[i] = i;
      answers.add(at(i + 1));
    }
    assertThat(IntervalSize.fit(y, answers)).isEqualTo(IntervalSize.ONE);
    double[] right = new double[200];
    List<NumberAnswer> same = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      right[i] = i;
      same.add(at(i));
    }
    assertThat(IntervalSize.fit(right, same)).isEqualTo(IntervalSize.ONE);
    assertThat(IntervalSize.ONE.of(at(5))).isEqualTo(1);
  }

  @Test
  void isAboveZeroWhereErrorsAreNone() {
    double[] y = new double[200];
    List<NumberAnswer> answers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      y[i] = i < 100 ? i : i + 1;
      answers.add(at(i));
    }
    // A hundredth of the mean error of a half.
    assertThat(IntervalSize.fit(y, answers).of(at(0))).isCloseTo(0.005, within(1e-12));
  }

  @Test
  void isOfOnePlaceIfAllAnswersAreAlike() {
    double[] y = new double[200];
    List<NumberAnswer> answers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      y[i] = i % 2;
      answers.add(at(0.25));
    }
    IntervalSize size = IntervalSize.fit(y, answers);
    assertThat(size.answers()).hasSize(1);
    assertThat(size.of(at(7))).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void ofAnswersAndQuantilesGivesBounds() {
    IntervalScore absolute = IntervalScore.OfAnswer.absolute();
    assertThat(absolute.score(7, at(5))).isEqualTo(2);
    assertThat(absolute.bounds(2, at(5))).isEqualTo(new Bounds(3, 7));
    IntervalScore quantiles = new IntervalScore.OfQuantiles();
    NumberAnswer answer = new NumberAnswer(5, Double.NaN, 4, 8);
    assertThat(quantiles.score(9, answer)).isEqualTo(1);
    assertThat(quantiles.score(2, answer)).isEqualTo(2);
    assertThat(quantiles.score(5, answer)).isEqualTo(-1);
    assertThat(quantiles.bounds(1, answer)).isEqualTo(new Bounds(3, 9));
    assertThat(quantiles.bounds(-1, answer)).isEqualTo(new Bounds(5, 7));
    assertThat(quantiles.bounds(-3, answer)).isEqualTo(new Bounds(5, 5));
    assertThat(new Bounds(3, 9).within(4, 8)).isEqualTo(new Bounds(4, 8));
    assertThat(new Bounds(3, 9).within(10, 12)).isEqualTo(new Bounds(10, 10));
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new IntervalSize(List.of(1.0), List.of(0.0), NONE, NONE, NONE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new IntervalSize(List.of(1.0), NONE, NONE, NONE, NONE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new IntervalSize(List.of(2.0, 1.0), List.of(1.0, 1.0), NONE, NONE, NONE))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
