package dev.backprop.engine.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.data.TargetScale;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapTest {

  /// Two classes of as many rows; a share of the rows is answered right.
  private static ClassFigures figures(int rows, double right, long seed) {
    Random random = new Random(seed);
    ClassFigures figures = new ClassFigures(Threshold.HALF, new double[] {0.5, 0.5}, rows);
    ClassAnswer answer = new ClassAnswer(2);
    for (int i = 0; i < rows; i++) {
      int actual = i % 2;
      double strength = random.nextDouble() * 2;
      boolean isRight = random.nextDouble() < right;
      answer.set(new float[] {(float) ((actual == 1) == isRight ? strength : -strength)}, 0, 1);
      figures.add(answer, actual, 1);
    }
    return figures;
  }

  private static Bounds bounds(Map<String, Bounds> intervals, String name) {
    return Objects.requireNonNull(intervals.get(name));
  }

  private static double width(Map<String, Bounds> intervals, String name) {
    return bounds(intervals, name).high() - bounds(intervals, name).low();
  }

  private static double accuracy(ClassFigures figures) {
    return Objects.requireNonNull(figures.figures().get("accuracy"));
  }

  /// ±1.96 √(p (1 - p) / n); percentiles of 200 draws are within a fifth of it.
  @Test
  void isAsWideAsTheErrorOfAShare() {
    ClassFigures figures = figures(2_000, 0.8, 1);
    double p = accuracy(figures);
    double expected = 2 * 1.96 * Math.sqrt(p * (1 - p) / 2_000);
    Map<String, Bounds> intervals = figures.intervals(5);
    assertThat(width(intervals, "accuracy")).isCloseTo(expected, within(0.2 * expected));
    figures
        .figures()
        .forEach(
            (name, value) -> assertThat(bounds(intervals, name).contains(value)).as(name).isTrue());
  }

  @Test
  void isTheSameOfTheSameSeed() {
    ClassFigures figures = figures(300, 0.8, 2);
    assertThat(figures.intervals(5)).isEqualTo(figures.intervals(5));
    assertThat(figures.intervals(5)).isNotEqualTo(figures.intervals(6));
  }

  /// The truth of 0.8 is in 95 of 100 intervals; below 88 has a probability of 0.3 %.
  @Test
  void hasTheTruthInMostIntervals() {
    int inside = 0;
    for (int i = 0; i < 100; i++) {
      Map<String, Bounds> intervals = figures(400, 0.8, 100 + i).intervals(i);
      inside += bounds(intervals, "accuracy").contains(0.8) ? 1 : 0;
    }
    assertThat(inside).isBetween(88, 100);
  }

  /// Of more rows than are kept, the intervals are those of all rows, around the figure of all.
  @Test
  void isAsNarrowAsOfAllRowsIfSomeAreKept() {
    int rows = 4 * Sample.MOST_ROWS;
    ClassFigures figures = figures(rows, 0.8, 3);
    assertThat(figures.sample().weights()).hasSize(Sample.MOST_ROWS);
    double p = accuracy(figures);
    double expected = 2 * 1.96 * Math.sqrt(p * (1 - p) / rows);
    Map<String, Bounds> intervals = figures.intervals(5);
    assertThat(width(intervals, "accuracy")).isCloseTo(expected, within(0.25 * expected));
    assertThat(bounds(intervals, "accuracy").contains(p)).isTrue();
  }

  /// Nearly every row is right, and of so many rows only some are kept.
  @Test
  void neverLeavesWhatAFigureCanBe() {
    for (int seed = 0; seed < 5; seed++) {
      figures(3 * Sample.MOST_ROWS + 7, 0.99999, seed)
          .intervals(seed)
          .forEach(
              (name, bounds) -> {
                if (!name.equals("logLoss")) {
                  assertThat(bounds.low()).as(name).isBetween(0.0, 1.0);
                  assertThat(bounds.high()).as(name).isBetween(0.0, 1.0);
                }
              });
    }
  }

  @Test
  void keepsRowsEvenly() {
    for (int kept : new int[] {1, 3, 7, 10}) {
      int count = 0;
      for (int row = 0; row < 10; row++) {
        count += Sample.keeps(row, 10, kept) ? 1 : 0;
      }
      assertThat(count).isEqualTo(kept);
    }
    assertThat(Sample.kept(1_000_000, 1_000)).isEqualTo(524);
    assertThat(Sample.kept(100, 1)).isEqualTo(100);
  }

  /// The same rows are drawn for both: of two models that are wrong in nearly the same rows, the
  /// difference is far surer than each.
  @Test
  void ofADifferenceIsPaired() {
    NumberSample a = sample(0);
    NumberSample b = sample(0.01);
    double exact = rmse(a) - rmse(b);
    Bootstrap.Difference difference =
        new Bootstrap(4).difference(a, b, "rmse", exact, a.weights().length);
    Bounds bounds = Objects.requireNonNull(difference.bounds());
    assertThat(difference.value()).isEqualTo(exact);
    assertThat(bounds.contains(exact)).isTrue();
    Map<String, Bounds> alone =
        new Bootstrap(4).intervals(a, Map.of("rmse", rmse(a)), a.weights().length);
    assertThat(bounds.high() - bounds.low()).isLessThan(width(alone, "rmse") / 10);
    Bootstrap.Difference none = new Bootstrap(4).difference(a, a, "rmse", 0, a.weights().length);
    assertThat(none.bounds()).isEqualTo(new Bounds(0, 0));
  }

  private static double rmse(Sample sample) {
    return sample.figures(sample.weights())[0];
  }

  private static NumberSample sample(double more) {
    Random random = new Random(8);
    NumberSample sample = new NumberSample(new double[] {1}, 500);
    TargetScale scale = new TargetScale(0, 1);
    NumberRow row = new NumberRow(List.of(scale));
    for (int i = 0; i < 500; i++) {
      float y = (float) random.nextGaussian();
      float error = (float) (random.nextGaussian() * (1 + more));
      row.set(new float[] {y + error}, 0, new float[] {y}, 0);
      sample.add(row, 1);
    }
    return sample;
  }

  @Test
  void refusesADifferenceOfOtherRows() {
    Sample a = figures(10, 0.8, 1).sample();
    Sample b = figures(12, 0.8, 1).sample();
    assertThatThrownBy(() -> new Bootstrap(1).difference(a, b, "accuracy", 0, 10))
        .hasMessageContaining("10 and 12");
  }

  @Test
  void drawsEachRowAsOftenAsTheOthers() {
    double[] drawn = new double[50];
    Sample sample =
        new Sample() {
          @Override
          public List<String> names() {
            return List.of("none");
          }

          @Override
          public double[] figures(double[] weights) {
            Arrays.setAll(drawn, i -> drawn[i] + weights[i]);
            assertThat(Arrays.stream(weights).sum()).isEqualTo(50);
            return new double[] {Double.NaN};
          }

          @Override
          public double[] weights() {
            double[] ones = new double[50];
            Arrays.fill(ones, 1);
            return ones;
          }
        };
    assertThat(new Bootstrap(9).intervals(sample, Map.of("none", 1.0), 50)).isEmpty();
    // 200 draws of 50 rows, and once the rows themselves: 201 ± √200 each.
    for (double times : drawn) {
      assertThat(times).isBetween(201 - 60.0, 201 + 60.0);
    }
  }

  @Test
  void ofMeansIsAsWideAsTheirError() {
    MeanSample sample = new MeanSample(List.of("accuracy", "exactMatch"), 1_000);
    for (int i = 0; i < 1_000; i++) {
      sample.add(new double[] {i % 2 == 0 ? 1 : 0.5, i % 2 == 0 ? 1 : 0}, 1);
    }
    assertThat(sample.figures(sample.weights())).containsExactly(0.75, 0.5);
    Map<String, Bounds> intervals =
        new Bootstrap(2).intervals(sample, Map.of("accuracy", 0.75, "exactMatch", 0.5), 1_000);
    double expected = 2 * 1.96 * Math.sqrt(0.25 / 1_000);
    assertThat(width(intervals, "exactMatch")).isCloseTo(expected, within(0.2 * expected));
    assertThat(width(intervals, "accuracy"))
        .isCloseTo(width(intervals, "exactMatch") / 2, within(1e-9));
  }
}
