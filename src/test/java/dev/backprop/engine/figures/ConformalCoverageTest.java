package dev.backprop.engine.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What is covered in 200 random splits of a made table. Given the m rows that calibrate, coverage
/// is of the distribution Beta(k, m + 1 - k), k = ⌈(m + 1) interval⌉ (Vovk 2012). Its mean is k /
/// (m + 1), its variance mean (1 - mean) / (m + 2); the rows that are left, n, measure it with a
/// variance of about mean (1 - mean) / n.
class ConformalCoverageTest {

  private static final int SPLITS = 200;
  private static final int CALIBRATION = 400;
  private static final int ROWS = 2_000;
  private static final BigDecimal INTERVAL = new BigDecimal("0.9");

  private static void isCovered(ToDoubleFunction<List<Integer>> coverage) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, ROWS).boxed().toList());
    int k = (int) Math.ceil((CALIBRATION + 1) * 0.9);
    double mean = (double) k / (CALIBRATION + 1);
    double deviation =
        Math.sqrt(mean * (1 - mean) * (1.0 / (CALIBRATION + 2) + 1.0 / (ROWS - CALIBRATION)));
    double sum = 0;
    int far = 0;
    for (int split = 0; split < SPLITS; split++) {
      Collections.shuffle(order, new Random(split));
      double covered = coverage.applyAsDouble(order);
      sum += covered;
      far += Math.abs(covered - mean) > 2 * deviation ? 1 : 0;
    }
    // Splits share their rows, so that their mean is surer than a single one, not √200 times.
    assertThat(sum / SPLITS).isBetween(mean - deviation / 2, mean + deviation / 2);
    // Of 200, 9 are further than two deviations; 20 or more have a probability below 0.1 %.
    assertThat(far).isLessThan(20);
  }

  /// Errors grow with the answer, and with the spread of members.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Numbers(double[] y, List<NumberAnswer> answers) {

    static Numbers made() {
      Random random = new Random(11);
      double[] y = new double[ROWS];
      List<NumberAnswer> answers = new ArrayList<>();
      for (int i = 0; i < ROWS; i++) {
        double value = 10 * random.nextDouble();
        double spread = 0.05 + random.nextDouble();
        double noise = 0.1 * value * (0.2 + spread) * random.nextGaussian();
        y[i] = value + noise;
        // Quantiles that are too narrow.
        double reach = 0.1 * value;
        answers.add(new NumberAnswer(value, spread, value - reach / 2, value + reach / 2));
      }
      return new Numbers(y, answers);
    }

    IntervalSize size(List<Integer> rows) {
      return IntervalSize.fit(
          rows.stream().mapToDouble(row -> y[row]).toArray(),
          rows.stream().map(answers::get).toList());
    }

    double q(IntervalScore score, List<Integer> calibration) {
      return ConformalScores.of(
              calibration.stream()
                  .mapToDouble(row -> score.score(y[row], answers.get(row)))
                  .toArray())
          .quantile(INTERVAL);
    }

    /// @return the share that is covered, and the mean width
    double[] measure(IntervalScore score, List<Integer> order) {
      double q = q(score, order.subList(0, CALIBRATION));
      double covered = 0;
      double width = 0;
      for (int row : order.subList(CALIBRATION, ROWS)) {
        Bounds bounds = score.bounds(q, answers.get(row));
        covered += bounds.contains(y[row]) ? 1 : 0;
        width += bounds.high() - bounds.low();
      }
      int n = ROWS - CALIBRATION;
      return new double[] {covered / n, width / n};
    }
  }

  @Test
  void ofAbsoluteErrors() {
    Numbers numbers = Numbers.made();
    isCovered(order -> numbers.measure(IntervalScore.OfAnswer.absolute(), order)[0]);
  }

  @Test
  void ofQuantiles() {
    Numbers numbers = Numbers.made();
    isCovered(order -> numbers.measure(new IntervalScore.OfQuantiles(), order)[0]);
  }

  /// Sizes are fitted to the rows that calibrate; with so few places it costs no coverage.
  @Test
  void ofErrorsBySize() {
    Numbers numbers = Numbers.made();
    isCovered(
        order ->
            numbers
                .measure(
                    new IntervalScore.OfAnswer(numbers.size(order.subList(0, CALIBRATION))), order)[
                0]);
  }

  @Test
  void isNarrowerBySize() {
    Numbers numbers = Numbers.made();
    List<Integer> order = IntStream.range(0, ROWS).boxed().toList();
    double absolute = numbers.measure(IntervalScore.OfAnswer.absolute(), order)[1];
    IntervalSize size = numbers.size(order.subList(0, CALIBRATION));
    double bySize = numbers.measure(new IntervalScore.OfAnswer(size), order)[1];
    assertThat(bySize).isLessThan(0.85 * absolute);
    IntervalSize byAnswer =
        new IntervalSize(size.answers(), size.errors(), List.of(), List.of(), List.of());
    assertThat(bySize).isLessThan(numbers.measure(new IntervalScore.OfAnswer(byAnswer), order)[1]);
  }

  /// Five classes, drawn from their probabilities.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Classes(double[][] p, int[] actual) {

    static Classes made() {
      Random random = new Random(12);
      double[][] p = new double[ROWS][5];
      int[] actual = new int[ROWS];
      for (int i = 0; i < ROWS; i++) {
        double sharpness = 3 * random.nextDouble();
        for (int c = 0; c < 5; c++) {
          p[i][c] = Math.exp(sharpness * random.nextGaussian());
        }
        double sum = Arrays.stream(p[i]).sum();
        double u = random.nextDouble() * sum;
        for (int c = 0; c < 5; c++) {
          u -= p[i][c];
          actual[i] = c;
          if (u < 0) {
            break;
          }
        }
        for (int c = 0; c < 5; c++) {
          p[i][c] /= sum;
        }
      }
      return new Classes(p, actual);
    }

    double[] measure(List<Integer> order) {
      double q =
          ConformalScores.of(
                  order.subList(0, CALIBRATION).stream()
                      .mapToDouble(row -> SetScore.scores(p[row])[actual[row]])
                      .toArray())
              .quantile(INTERVAL);
      double covered = 0;
      double size = 0;
      for (int row : order.subList(CALIBRATION, ROWS)) {
        List<Integer> set = SetScore.set(q, p[row]);
        assertThat(set).isNotEmpty();
        covered += set.contains(actual[row]) ? 1 : 0;
        size += set.size();
      }
      int n = ROWS - CALIBRATION;
      return new double[] {covered / n, size / n};
    }
  }

  @Test
  void ofSets() {
    Classes classes = Classes.made();
    isCovered(order -> classes.measure(order)[0]);
  }
}
