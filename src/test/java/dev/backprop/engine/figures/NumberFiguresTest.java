package dev.backprop.engine.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.data.TargetScale;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class NumberFiguresTest {

  private static final Offset<Double> CLOSE = within(1e-6); // targets are floats
  private static final double[] Y = {1, 2, 4, -3, 5, .5};
  private static final double[] A = {1.5, 1, 4.5, -2, 7, .25};
  private static final double[] WEIGHTS = {1, 2, 1, 1, .5, 3};
  private static final double[][] QUANTILES = {
    {0, 1.5, 3}, {0, 1, 1.8}, {3, 4.5, 6}, {-5, -2, 0}, {5.5, 7, 8}, {0, .25, .75}
  };
  private static final List<Double> TAUS = List.of(.1, .5, .9);
  private static final TargetScale SCALE = new TargetScale(9.5 / 6, 2.5887040945015114);

  private static NumberFigures figures(double[] y, boolean weighted, boolean quantiles) {
    NumberFigures figures = new NumberFigures(List.of(SCALE), new double[] {0}, y.length);
    NumberRow row = new NumberRow(List.of(SCALE));
    for (int i = 0; i < y.length; i++) {
      row.set(
          new float[] {(float) SCALE.encode(A[i])}, 0, new float[] {(float) SCALE.encode(y[i])}, 0);
      if (quantiles) {
        row.quantiles(TAUS, QUANTILES[i], y[i]);
        row.covered(QUANTILES[i][0] <= y[i] && y[i] <= QUANTILES[i][2] ? 1 : 0);
      }
      figures.add(row, weighted ? WEIGHTS[i] : 1);
    }
    return figures;
  }

  /// mean_absolute_percentage_error(y, a), np.mean([mean_pinball_loss(y, q[:, k], alpha=t) …]); of
  /// weighted rows with sample_weight=w.
  @Test
  void areThoseOfScikitLearn() {
    Map<String, Double> figures = figures(Y, false, true).figures();
    assertThat(figures.get("mape")).isCloseTo(0.393055556, CLOSE);
    assertThat(figures.get("pinball")).isCloseTo(0.273888889, CLOSE);
    assertThat(figures.get("coverage")).isCloseTo(4 / 6.0, CLOSE);
    Map<String, Double> weighted = figures(Y, true, true).figures();
    assertThat(weighted.get("mape")).isCloseTo(0.430392157, CLOSE);
    assertThat(weighted.get("pinball")).isCloseTo(0.209215686, CLOSE);
    assertThat(weighted.get("coverage")).isCloseTo(6 / 8.5, CLOSE);
  }

  /// mean_absolute_percentage_error(y, np.full(6, y.mean()))
  @Test
  void haveABaseline() {
    assertThat(figures(Y, false, false).baseline().get("mape")).isCloseTo(0.962268519, CLOSE);
  }

  @Test
  void leaveOutShareOfErrorsWhereATargetIsZero() {
    // In floats, the encoded zero is another number than zero when it is decoded.
    double[] y = {1, 2, 0, -3, 5, .5};
    NumberFigures figures = figures(y, false, true);
    assertThat(figures.figures()).containsOnlyKeys("pinball", "coverage");
    assertThat(figures.baseline()).isEmpty();
    assertThat(figures.intervals(1, Map.of("rmse", 1.0))).doesNotContainKey("mape");
  }

  @Test
  void haveNoPinballWithoutQuantiles() {
    assertThat(figures(Y, false, false).figures()).containsOnlyKeys("mape");
  }

  /// mean_squared_error(y, a) ** .5, mean_absolute_error, r2_score
  @Test
  void ofTheSampleAreThoseOfAllRows() {
    Sample sample = figures(Y, false, true).sample();
    double[] figures = sample.figures(sample.weights());
    assertThat(sample.names()).containsExactly("rmse", "mae", "r2", "mape", "pinball", "coverage");
    assertThat(figures[0]).isCloseTo(1.045825033, CLOSE);
    assertThat(figures[1]).isCloseTo(0.875, CLOSE);
    assertThat(figures[2]).isCloseTo(0.836787565, CLOSE);
    assertThat(figures[3]).isCloseTo(0.393055556, CLOSE);
    double[] weighted = sample.figures(WEIGHTS);
    assertThat(weighted[0]).isCloseTo(0.817996117, CLOSE);
    assertThat(weighted[2]).isCloseTo(0.839722337, CLOSE);
    assertThat(weighted[3]).isCloseTo(0.430392157, CLOSE);
  }

  /// np.quantile(a - y, at, method='inverted_cdf'); of weighted rows with weights=w
  @Test
  void haveQuantilesOfErrors() {
    assertThat(errors(figures(Y, false, false)))
        .containsExactly(-1.0, -1.0, -1.0, -.25, .5, 1.0, 2.0, 2.0, 2.0);
    assertThat(errors(figures(Y, true, false)))
        .containsExactly(-1.0, -1.0, -1.0, -.25, -.25, .5, 1.0, 2.0, 2.0);
  }

  private static List<Double> errors(NumberFigures figures) {
    assertThat(figures.errorQuantiles()).hasSize(1);
    return figures.errorQuantiles().getFirst().stream()
        .map(each -> Math.rint(each.error() * 1e5) / 1e5)
        .toList();
  }

  @Test
  void ofErrorsThatAreTooLargeHaveNoQuantiles() {
    TargetScale huge = new TargetScale(0, Double.MAX_VALUE);
    NumberFigures figures = new NumberFigures(List.of(huge), new double[] {0}, 1);
    NumberRow row = new NumberRow(List.of(huge));
    row.set(new float[] {2}, 0, new float[] {-1}, 0);
    figures.add(row, 1);
    assertThat(figures.errorQuantiles()).isEmpty();
  }

  @Test
  void ofSeveralNumbersAreTheirMeans() {
    TargetScale other = new TargetScale(0, 10);
    NumberFigures figures = new NumberFigures(List.of(SCALE, other), new double[] {0, 0}, 2);
    NumberRow row = new NumberRow(List.of(SCALE, other));
    // Errors of 0.5 and 10, shares of 1/2 and 1/2; then of -1 and 0.
    row.set(
        new float[] {(float) SCALE.encode(1.5), 3}, 0, new float[] {(float) SCALE.encode(1), 2}, 0);
    figures.add(row, 1);
    row.set(
        new float[] {(float) SCALE.encode(1), 1}, 0, new float[] {(float) SCALE.encode(2), 1}, 0);
    figures.add(row, 1);
    assertThat(figures.figures().get("mape")).isCloseTo(0.375, CLOSE);
    double[] sample = figures.sample().figures(new double[] {1, 1});
    assertThat(sample[0]).isCloseTo((Math.sqrt(1.25 / 2) + Math.sqrt(100 / 2.0)) / 2, within(1e-5));
    assertThat(sample[1]).isCloseTo((0.75 + 5) / 2, within(1e-5));
  }
}
