package dev.backprop.engine.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.Answers;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// The temperatures are scipy's L-BFGS-B and a grid of steps of 1e-6 in ln β, of the same rows:
///
///     T = (1 - e) * np.eye(C)[Y] + e / C          # e = 1 / (rows + 1)
///     def f(u): lp = log_softmax(exp(u) * L); return -(w[:, None] * T * lp).sum() / w.sum()
///     minimize(f, [log(1 / 1.5)], method='L-BFGS-B', options=dict(ftol=1e-15, gtol=1e-12))
class CalibrationTest {

  private static final int ROWS = 400;

  /// L = 3 np.sin(np.stack([1.1 i, 1.7 i + 1, 2.3 i + 2], 1)); six rows of ten are of the likeliest
  /// class, the others of class i % 3.
  private static CalibrationRows three() {
    CalibrationRows rows = new CalibrationRows(3, ROWS);
    for (int i = 0; i < ROWS; i++) {
      float[] z = {
        (float) (3 * Math.sin(i * 1.1)),
        (float) (3 * Math.sin(i * 1.7 + 1)),
        (float) (3 * Math.sin(i * 2.3 + 2))
      };
      int likeliest = z[0] >= z[1] && z[0] >= z[2] ? 0 : z[1] >= z[2] ? 1 : 2;
      rows.add(z, 0, i * 7 % 10 < 6 ? likeliest : i % 3, 1);
    }
    return rows;
  }

  /// The first of these logits; eight rows of ten are of its sign's class.
  private static CalibrationRows two() {
    CalibrationRows rows = new CalibrationRows(2, ROWS);
    for (int i = 0; i < ROWS; i++) {
      float z = (float) (3 * Math.sin(i * 1.1));
      rows.add(new float[] {z}, 0, i * 7 % 10 < 8 ? (z > 0 ? 1 : 0) : i % 2, 1);
    }
    return rows;
  }

  @Test
  void agreesWithAGridAndWithLbfgs() {
    assertThat(three().beta()).isCloseTo(0.630834, within(1e-4));
    assertThat(two().beta()).isCloseTo(1.079436, within(1e-4));
  }

  @Test
  void agreesWithLbfgsOfWeightedRows() {
    float[] logits = {
      2, 0, -1, 0, 1, 0.5f, 1, 1.5f, 0, -1, 0, 2, 0.5f, 0.2f, 0.1f, //
      0, 3, 0, 1, 0, 1.2f, 2, 1, 0, 0, 0, 1, 0.3f, 0.6f, 0.2f
    };
    int[] actual = {0, 1, 0, 2, 1, 1, 0, 0, 2, 2};
    double[] weights = {1, 2, 1, 1, .5, 1, 3, 1, 1, 2};
    CalibrationRows plain = new CalibrationRows(3, 10);
    CalibrationRows weighted = new CalibrationRows(3, 10);
    for (int i = 0; i < 10; i++) {
      plain.add(logits, 3 * i, actual[i], 1);
      weighted.add(logits, 3 * i, actual[i], weights[i]);
    }
    assertThat(plain.beta()).isCloseTo(1.418388, within(1e-4));
    assertThat(weighted.beta()).isCloseTo(1.430348, within(1e-4));
    Calibration calibration = Objects.requireNonNull(plain.calibrate());
    assertThat(calibration.temperature()).isCloseTo(1 / 1.418388, within(1e-4));
    // log_loss(Y, P), and ece and brier as for the figures of classes
    assertThat(calibration.before().logLoss()).isCloseTo(0.658964454, within(1e-6));
    assertThat(calibration.before().ece()).isCloseTo(0.171168139, within(1e-6));
    assertThat(calibration.before().brier()).isCloseTo(0.380974746, within(1e-6));
    assertThat(calibration.after().logLoss()).isCloseTo(0.609524799, within(1e-6));
    assertThat(calibration.after().ece()).isCloseTo(0.318220358, within(1e-6));
    assertThat(calibration.after().brier()).isCloseTo(0.367790095, within(1e-6));
    assertThat(calibration.rows()).isEqualTo(10);
  }

  @Test
  void doesWhatItSays() {
    CalibrationRows rows = three();
    Calibration calibration = Objects.requireNonNull(rows.calibrate());
    assertThat(calibration.after().logLoss()).isLessThan(calibration.before().logLoss());
    ClassAnswer answer = rows.answer();
    double logLoss = 0;
    for (int i = 0; i < ROWS; i++) {
      rows.read(i, calibration.beta(), answer);
      logLoss -= answer.logProbability(rows.actual(i)) / ROWS;
    }
    assertThat(logLoss).isCloseTo(calibration.after().logLoss(), within(1e-12));
  }

  /// Logits that are three times too large are divided by three.
  @Test
  void findsTheScaleOfLogits() {
    CalibrationRows plain = two();
    CalibrationRows larger = new CalibrationRows(2, ROWS);
    for (int i = 0; i < ROWS; i++) {
      float z = (float) (3 * Math.sin(i * 1.1));
      larger.add(new float[] {3 * z}, 0, plain.actual(i), 1);
    }
    assertThat(larger.beta()).isCloseTo(plain.beta() / 3, within(1e-4));
  }

  @Test
  void staysFiniteIfAllRowsAreRight() {
    CalibrationRows rows = new CalibrationRows(2, 100);
    for (int i = 0; i < 100; i++) {
      rows.add(new float[] {i % 2 == 0 ? -2 : 2}, 0, i % 2, 1);
    }
    Calibration calibration = Objects.requireNonNull(rows.calibrate());
    // As sure as 100 right rows are, and one of which nothing is known: p = 1 - 1 / 202.
    assertThat(calibration.temperature()).isCloseTo(2 / Math.log(201), within(1e-6));
    assertThat(calibration.after().logLoss()).isCloseTo(-Math.log(1 - 1 / 202.0), within(1e-9));
  }

  @Test
  void leavesProbabilitiesThatAreSurerThanRowsCanTell() {
    CalibrationRows rows = new CalibrationRows(2, 100);
    for (int i = 0; i < 100; i++) {
      rows.add(new float[] {i % 2 == 0 ? -20 : 20}, 0, i % 2, 1);
    }
    Calibration calibration = Objects.requireNonNull(rows.calibrate());
    assertThat(calibration.temperature()).isEqualTo(1);
    assertThat(calibration.after()).isEqualTo(calibration.before());
  }

  @Test
  void isNoneWithoutRowsOrOfLogitsThatAreNotFinite() {
    assertThat(new CalibrationRows(2, 5).calibrate()).isNull();
    CalibrationRows weightless = new CalibrationRows(2, 1);
    weightless.add(new float[] {1}, 0, 1, 0);
    assertThat(weightless.calibrate()).isNull();
    CalibrationRows infinite = new CalibrationRows(3, 1);
    infinite.add(new float[] {1, Float.NEGATIVE_INFINITY, 2}, 0, 1, 1);
    assertThat(infinite.calibrate()).isNull();
  }

  @Test
  void refusesATemperatureThatCannotBe() {
    Calibration.Quality quality = new Calibration.Quality(1, 0, 0);
    assertThatThrownBy(() -> new Calibration(1, 0, quality, quality))
        .hasMessageContaining("was 0.0");
    assertThatThrownBy(() -> new Calibration(1, Double.NaN, quality, quality))
        .hasMessageContaining("NaN");
  }

  private static Answers answers(int q, float... logits) {
    int n = logits.length / q;
    Matrix a = Matrix.allocate(n, q);
    return new Answers(new Matrix(logits, 0, n, q), a, Matrix.allocate(n, q), 1);
  }

  @Test
  void setsAnswersRight() {
    Calibration.Quality quality = new Calibration.Quality(1, 0, 0);
    Calibration halved = new Calibration(1, 2, quality, quality);
    Answers two = answers(1, 2, -4);
    halved.apply(two);
    assertThat(two.logits().values()).containsExactly(1, -2);
    // 1 / (1 + e^-1), 1 / (1 + e^2)
    assertThat(two.outputs().values()).containsExactly(0.7310586f, 0.11920292f);
    Answers three = answers(3, 0, 0, 0, 2, 4, 0);
    halved.apply(three);
    assertThat(three.logits().values()).containsExactly(0, 0, 0, 1, 2, 0);
    // softmax([1, 2, 0])
    assertThat(three.outputs().values())
        .containsExactly(1 / 3f, 1 / 3f, 1 / 3f, 0.24472848f, 0.66524094f, 0.09003057f);
  }

  @Test
  void leavesTheBitsOfAnswersAtATemperatureOfOne() {
    Calibration.Quality quality = new Calibration.Quality(1, 0, 0);
    Answers answers = answers(1, 2);
    answers.outputs().values()[0] = 0.25f;
    new Calibration(1, 1, quality, quality).apply(answers);
    assertThat(answers.outputs().values()).containsExactly(0.25f);
  }
}
