package dev.backprop.engine.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ConformalTest {

  private static final BigDecimal INTERVAL = new BigDecimal("0.9");

  private static NumberAnswer at(double value) {
    return new NumberAnswer(value, Double.NaN, value - 1, value + 1);
  }

  /// Errors of 1 … m, and ten times as large ones of a second number.
  private static Conformal.Intervals intervals(int m, boolean quantiles) {
    double[] y = new double[m];
    double[] other = new double[m];
    List<NumberAnswer> answers = new ArrayList<>();
    for (int i = 0; i < m; i++) {
      y[i] = 100 + i + 1;
      other[i] = 100 - 10 * (i + 1);
      answers.add(at(100));
    }
    return Conformal.Intervals.of(List.of(y, other), List.of(answers, answers), quantiles, 1);
  }

  @Test
  void givesAnIntervalForEachNumber() {
    Conformal.Intervals nine = intervals(9, false);
    assertThat(nine.rows()).isEqualTo(9);
    assertThat(nine.bounds(INTERVAL, 0, at(5))).isEqualTo(new Bounds(5 - 9, 5 + 9));
    assertThat(nine.bounds(INTERVAL, 1, at(5))).isEqualTo(new Bounds(5 - 90, 5 + 90));
    assertThat(intervals(9, true).bounds(INTERVAL, 0, at(5)))
        .isEqualTo(new Bounds(5 - 1 - 8, 5 + 1 + 8));
  }

  @Test
  void refusesAnIntervalThatNeedsMoreRows() {
    assertThatThrownBy(() -> intervals(8, false).bounds(INTERVAL, 0, at(5)))
        .hasMessage("an interval of 0.9 needs 9 rows, were 8");
  }

  @Test
  void makesSetsOfCalibratedProbabilities() {
    CalibrationRows rows = new CalibrationRows(3, 90);
    for (int i = 0; i < 90; i++) {
      // A third of the rows is of the second likeliest class.
      float[] z = {0, 0, 0};
      z[i % 3] = 4;
      z[(i + 1) % 3] = 2;
      rows.add(z, 0, i % 9 < 6 ? i % 3 : (i + 1) % 3, 1);
    }
    Calibration calibration = Objects.requireNonNull(rows.calibrate());
    assertThat(calibration.temperature()).isGreaterThan(1);
    Conformal.Sets sets = Conformal.Sets.of(rows, calibration);
    ClassAnswer answer = new ClassAnswer(3);
    answer.set(new float[] {2, 0, 4}, 0, calibration.beta());
    assertThat(sets.rows()).isEqualTo(90);
    assertThat(sets.set(INTERVAL, answer.probabilities())).containsExactly(2, 0);
    // The likeliest alone covers two thirds.
    assertThat(sets.set(new BigDecimal("0.6"), answer.probabilities())).containsExactly(2);
    answer.set(new float[] {-9, 0, 40}, 0, calibration.beta());
    assertThat(sets.set(INTERVAL, answer.probabilities())).containsExactly(2);
  }

  @Test
  void hasFiniteBoundsBesideTheLargestNumbers() {
    double[] y = new double[9];
    List<NumberAnswer> answers = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      y[i] = -1e308;
      answers.add(at(1e308));
    }
    Conformal.Intervals intervals = Conformal.Intervals.of(List.of(y), List.of(answers), false, 1);
    assertThat(intervals.bounds(INTERVAL, 0, at(1e308)))
        .isEqualTo(new Bounds(1e308 - Double.MAX_VALUE, Double.MAX_VALUE));
  }
}
