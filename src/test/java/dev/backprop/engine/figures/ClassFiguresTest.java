package dev.backprop.engine.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// The numbers are scikit-learn 1.2's, of the same logits:
///
///     p = 1 / (1 + exp(-z)); P = np.c_[1 - p, p]        # or softmax(L)
///     a = np.where(P[:, positive] >= threshold, positive, 1 - positive)   # or P.argmax(1)
///     f1_score(y, a, pos_label=positive, sample_weight=w)     # of many: average='macro'
///     roc_auc_score(y == positive, P[:, positive], sample_weight=w)
///                           # of many: (y, P, multi_class='ovr', average='macro')
///     average_precision_score(y == positive, P[:, positive], sample_weight=w)
///                           # of many: (np.eye(3)[y], P, average='macro')
///     matthews_corrcoef(y, a), balanced_accuracy_score(y, a), log_loss(y, P), accuracy_score(y, a)
///     brier = np.average(((P - np.eye(k)[y]) ** 2).sum(1), weights=w)
///     c = P.max(1); b = np.ceil(c * 15) - 1; r = P.argmax(1) == y
///     ece = sum(abs((w * (r - c))[b == j].sum()) for j in range(15)) / w.sum()
class ClassFiguresTest {

  private static final Offset<Double> CLOSE = within(1e-6); // logits are floats
  private static final float[] TWO = {2.5f, -1, 0, 0.5f, -2, 1.5f, -0.5f, 3, -1.5f, 0.5f, 1, -3};
  private static final int[] OF_TWO = {1, 0, 1, 0, 0, 1, 1, 1, 0, 1, 0, 0};
  private static final double[] WEIGHTS_OF_TWO = {1, 2, 1, .5, 1, 1, 3, 1, 1, 2, 1, .5};
  private static final float[] THREE = {
    2, 0, -1, 0, 1, 0.5f, 1, 1.5f, 0, -1, 0, 2, 0.5f, 0.2f, 0.1f, //
    0, 3, 0, 1, 0, 1.2f, 2, 1, 0, 0, 0, 1, 0.3f, 0.6f, 0.2f
  };
  private static final int[] OF_THREE = {0, 1, 0, 2, 1, 1, 0, 0, 2, 2};
  private static final double[] WEIGHTS_OF_THREE = {1, 2, 1, 1, .5, 1, 3, 1, 1, 2};
  private static final double[] FREQUENCIES = {0.2, 0.5, 0.3};

  private static ClassFigures two(Threshold threshold, boolean weighted) {
    ClassFigures figures = new ClassFigures(threshold, new double[] {0.6, 0.4}, OF_TWO.length);
    ClassAnswer answer = new ClassAnswer(2);
    for (int i = 0; i < OF_TWO.length; i++) {
      answer.set(TWO, i, 1);
      figures.add(answer, OF_TWO[i], weighted ? WEIGHTS_OF_TWO[i] : 1);
    }
    return figures;
  }

  private static ClassFigures three(boolean weighted) {
    ClassFigures figures = new ClassFigures(Threshold.HALF, FREQUENCIES, OF_THREE.length);
    ClassAnswer answer = new ClassAnswer(3);
    for (int i = 0; i < OF_THREE.length; i++) {
      answer.set(THREE, 3 * i, 1);
      figures.add(answer, OF_THREE[i], weighted ? WEIGHTS_OF_THREE[i] : 1);
    }
    return figures;
  }

  /// @param expected in the order of the names
  private static void areThese(Map<String, Double> figures, double... expected) {
    assertThat(figures.keySet())
        .containsExactly(
            "accuracy", "logLoss", "f1", "auc", "prAuc", "mcc", "balancedAccuracy", "brier");
    int i = 0;
    for (Map.Entry<String, Double> figure : figures.entrySet()) {
      assertThat(figure.getValue()).as(figure.getKey()).isCloseTo(expected[i++], CLOSE);
    }
  }

  @Test
  void ofTwoClasses() {
    ClassFigures figures = two(Threshold.HALF, false);
    areThese(
        figures.figures(),
        0.75,
        0.453976709,
        0.769230769,
        0.847222222,
        0.855158730,
        0.507092553,
        0.75,
        0.310874116);
    assertThat(figures.calibrationError()).isCloseTo(0.207021587, CLOSE);
  }

  @Test
  void ofTwoClassesAtAnotherThreshold() {
    areThese(
        two(new Threshold(0.3, 1), false).figures(),
        0.833333333,
        0.453976709,
        0.857142857,
        0.847222222,
        0.855158730,
        0.707106781,
        0.833333333,
        0.310874116);
    areThese(
        two(new Threshold(0.6, 0), false).figures(),
        0.75,
        0.453976709,
        0.727272727,
        0.847222222,
        0.881944444,
        0.507092553,
        0.75,
        0.310874116);
  }

  @Test
  void ofWeightedRows() {
    ClassFigures figures = two(Threshold.HALF, true);
    areThese(
        figures.figures(),
        0.7,
        0.511458732,
        0.727272727,
        0.842592593,
        0.878876679,
        0.408248290,
        0.708333333,
        0.354689329);
    assertThat(figures.calibrationError()).isCloseTo(0.183183534, CLOSE);
    areThese(
        two(new Threshold(0.6, 0), true).figures(),
        0.7,
        0.511458732,
        0.666666667,
        0.842592593,
        0.871212121,
        0.408248290,
        0.708333333,
        0.354689329);
  }

  @Test
  void ofManyClasses() {
    ClassFigures figures = three(false);
    areThese(
        figures.figures(),
        0.6,
        0.658964454,
        0.603174603,
        0.884920635,
        0.825462963,
        0.409090909,
        0.611111111,
        0.380974746);
    assertThat(figures.calibrationError()).isCloseTo(0.171168139, CLOSE);
    assertThat(figures.thresholds()).isEmpty();
    assertThat(figures.curve()).isEmpty();
  }

  @Test
  void ofManyClassesInWeightedRows() {
    ClassFigures figures = three(true);
    areThese(
        figures.figures(),
        0.518518519,
        0.730572227,
        0.515537209,
        0.859746589,
        0.814486683,
        0.330499499,
        0.563492063,
        0.432915491);
    assertThat(figures.calibrationError()).isCloseTo(0.172248351, CLOSE);
  }

  /// That of scikit-learn with P = np.tile([.2, .5, .3], (10, 1)), whose average precision is the
  /// mean share of the classes.
  @Test
  void haveABaseline() {
    areThese(
        three(false).baseline(),
        0.3,
        1.212911160,
        0.153846154,
        0.5,
        0.333333333,
        0.0,
        0.333333333,
        0.74);
    Map<String, Double> two = two(Threshold.HALF, false).baseline();
    assertThat(two).containsEntry("accuracy", 0.5).containsEntry("f1", 0.0);
    assertThat(two.get("prAuc")).isEqualTo(0.5);
    // At a threshold that the frequency of 0.4 reaches, all rows are answered as positive.
    assertThat(two(new Threshold(0.3, 1), false).baseline().get("f1")).isCloseTo(2 / 3.0, CLOSE);
  }

  /// precision_score(y, p >= t), recall_score, f1_score
  @Test
  void haveATableOfThresholds() {
    var rows = two(Threshold.HALF, false).thresholds();
    assertThat(rows).hasSize(19);
    assertThat(rows.getFirst()).isEqualTo(new ThresholdTable.Row(0.05, 6 / 11.0, 1.0, 12 / 17.0));
    assertThat(rows.get(4)).isEqualTo(new ThresholdTable.Row(0.25, 6 / 9.0, 1.0, 0.8));
    // The row of logit 0 has a probability equal to the threshold.
    assertThat(rows.get(9)).isEqualTo(new ThresholdTable.Row(0.5, 5 / 7.0, 5 / 6.0, 10 / 13.0));
    assertThat(rows.getLast()).isEqualTo(new ThresholdTable.Row(0.95, 1.0, 1 / 6.0, 2 / 7.0));
  }

  @Test
  void haveACurveUnderWhichTheAreasAre() {
    for (boolean weighted : new boolean[] {false, true}) {
      for (Threshold threshold : List.of(Threshold.HALF, new Threshold(0.5, 0))) {
        ClassFigures figures = two(threshold, weighted);
        List<CurvePoint> curve = figures.curve();
        assertThat(curve).hasSize(11); // two rows have the same logit
        assertThat(rocArea(curve)).isCloseTo(figures.figures().get("auc"), CLOSE);
        assertThat(averagePrecision(curve)).isCloseTo(figures.figures().get("prAuc"), CLOSE);
        areThoseOfTheirThresholds(curve, threshold.positive(), weighted);
      }
    }
  }

  private static double rocArea(List<CurvePoint> curve) {
    double area = 0;
    CurvePoint before = new CurvePoint(1, 0, 0, 1);
    for (CurvePoint point : curve) {
      area +=
          (point.falsePositiveRate() - before.falsePositiveRate())
              * (point.recall() + before.recall())
              / 2;
      before = point;
    }
    return area;
  }

  private static double averagePrecision(List<CurvePoint> curve) {
    double sum = 0;
    double recall = 0;
    for (CurvePoint point : curve) {
      sum += (point.recall() - recall) * point.precision();
      recall = point.recall();
    }
    return sum;
  }

  private static void areThoseOfTheirThresholds(
      List<CurvePoint> curve, int positive, boolean weighted) {
    for (CurvePoint point : curve) {
      double[] of = new double[2]; // by class
      double[] answered = new double[2];
      for (int i = 0; i < TWO.length; i++) {
        double probability = 1 / (1 + Math.exp(positive == 1 ? -TWO[i] : TWO[i]));
        double weight = weighted ? WEIGHTS_OF_TWO[i] : 1;
        of[OF_TWO[i]] += weight;
        answered[OF_TWO[i]] += probability >= point.threshold() ? weight : 0;
      }
      int negative = 1 - positive;
      assertThat(point.recall()).isCloseTo(answered[positive] / of[positive], CLOSE);
      assertThat(point.falsePositiveRate()).isCloseTo(answered[negative] / of[negative], CLOSE);
      assertThat(point.precision())
          .isCloseTo(answered[positive] / (answered[0] + answered[1]), CLOSE);
    }
  }

  @Test
  void thinACurveOfManyRows() {
    int rows = 5_000;
    ClassFigures figures = new ClassFigures(Threshold.HALF, new double[] {0.5, 0.5}, rows);
    ClassAnswer answer = new ClassAnswer(2);
    for (int i = 0; i < rows; i++) {
      float logit = (i * 769 % rows) * 8f / rows - 4; // each once
      answer.set(new float[] {logit}, 0, 1);
      figures.add(answer, (i * 31 % 97) / 97.0 < 1 / (1 + Math.exp(-logit)) ? 1 : 0, 1);
    }
    List<CurvePoint> curve = figures.curve();
    assertThat(curve.size()).isBetween(90, CurvePoint.MOST);
    assertThat(rocArea(curve)).isCloseTo(figures.figures().get("auc"), within(1e-3));
    CurvePoint before = new CurvePoint(1, 0, 0, 1);
    for (CurvePoint point : curve) {
      assertThat(point.threshold()).isLessThan(before.threshold());
      assertThat(
              point.falsePositiveRate()
                  + point.recall()
                  - before.falsePositiveRate()
                  - before.recall())
          .isLessThan(2 * 0.021);
      before = point;
    }
    assertThat(before.falsePositiveRate()).isEqualTo(1);
    assertThat(before.recall()).isEqualTo(1);
  }

  @Test
  void haveBinsThatTheCalibrationErrorIsOf() {
    ClassFigures two = two(Threshold.HALF, false);
    assertThat(error(two)).isCloseTo(two.calibrationError(), CLOSE);
    ClassFigures three = three(false);
    assertThat(error(three)).isCloseTo(three.calibrationError(), CLOSE);
    assertThat(three.calibrationBins())
        .allSatisfy(
            bin -> assertThat(bin.probability()).isGreaterThan(bin.from()).isLessThan(bin.to()));
    assertThat(three.calibrationBins().stream().mapToInt(CalibrationBins.Bin::rows).sum())
        .isEqualTo(OF_THREE.length);
  }

  private static double error(ClassFigures figures) {
    double sum = 0;
    int rows = 0;
    for (CalibrationBins.Bin bin : figures.calibrationBins()) {
      sum += bin.rows() * Math.abs(bin.probability() - bin.accuracy());
      rows += bin.rows();
    }
    return sum / rows;
  }

  @Test
  void ofAThresholdAreThoseOfTheTable() {
    for (ThresholdTable.Row row : two(Threshold.HALF, true).thresholds()) {
      double threshold = row.threshold();
      Map<String, Double> figures = two(new Threshold(threshold, 1), true).figures();
      assertThat(figures.get("f1")).isCloseTo(row.f1(), CLOSE);
    }
  }

  @Test
  void areLeftOutWhereTheyAreNotDefined() {
    ClassFigures figures = new ClassFigures(Threshold.HALF, new double[] {0.6, 0.4}, 2);
    ClassAnswer answer = new ClassAnswer(2);
    answer.set(new float[] {-1}, 0, 1);
    figures.add(answer, 0, 1);
    figures.add(answer, 0, 1);
    assertThat(figures.figures())
        .containsOnlyKeys("accuracy", "logLoss", "balancedAccuracy", "brier");
    assertThat(figures.baseline())
        .containsOnlyKeys("accuracy", "logLoss", "balancedAccuracy", "brier");
    assertThat(figures.intervals(1))
        .containsOnlyKeys("accuracy", "logLoss", "balancedAccuracy", "brier");
    assertThat(figures.thresholds().getLast())
        .isEqualTo(new ThresholdTable.Row(0.95, null, null, null));
    assertThat(figures.curve()).isEmpty();
  }

  @Test
  void ofManyClassesLeaveOutThoseThatDoNotOccur() {
    ClassFigures figures = new ClassFigures(Threshold.HALF, FREQUENCIES, 3);
    ClassAnswer answer = new ClassAnswer(3);
    int[] actual = {0, 1, 0};
    for (int i = 0; i < 3; i++) {
      answer.set(THREE, 3 * i, 1);
      figures.add(answer, actual[i], 1);
    }
    // The third row is of class 0 and is answered as 1, more so than the second: 1 and 1/2.
    assertThat(figures.figures().get("auc")).isEqualTo(0.75);
    assertThat(figures.figures().get("f1")).isCloseTo(2 / 3.0, CLOSE);
    assertThat(figures.figures().get("balancedAccuracy")).isEqualTo(0.75);
  }

  @Test
  void stayFiniteWhereProbabilitiesAreRounded() {
    ClassFigures figures = new ClassFigures(Threshold.HALF, new double[] {0.5, 0.5}, 4);
    ClassAnswer answer = new ClassAnswer(2);
    float[] logits = {200, 300, -200, -900};
    int[] actual = {0, 1, 0, 0};
    for (int i = 0; i < logits.length; i++) {
      answer.set(logits, i, 1);
      figures.add(answer, actual[i], 1);
    }
    assertThat(figures.figures().get("auc")).isEqualTo(1.0);
    assertThat(figures.figures().get("logLoss")).isEqualTo(50.0);
    assertThat(figures.figures().get("brier")).isEqualTo(0.5);
  }

  @Test
  void refuseAThresholdThatCannotBe() {
    assertThatThrownBy(() -> new Threshold(1, 1)).hasMessageContaining("was 1.0");
    assertThatThrownBy(() -> new Threshold(0, 1)).hasMessageContaining("was 0.0");
    assertThatThrownBy(() -> new Threshold(Double.NaN, 1)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new Threshold(0.5, 2)).hasMessageContaining("was 2");
  }
}
