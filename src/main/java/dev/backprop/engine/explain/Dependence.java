package dev.backprop.engine.explain;

import dev.backprop.engine.data.CellRows;
import dev.backprop.engine.data.Feature;
import dev.backprop.engine.linalg.Draws;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorRows;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.table.DatePart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// How answers depend on one column or two: the mean answer to some rows that all have the same
/// cell there (partial dependence, Friedman 2001, section 8.2), or the answers to one row.
public final class Dependence {

  /// The most values of a single column, and the most rows that have each.
  public static final int POINTS = 50;

  public static final int ROWS = 500;

  /// The same of each of two columns.
  public static final int POINTS_OF_TWO = 20;

  public static final int ROWS_OF_TWO = 100;

  /// The most values of each column of a surface.
  public static final int MOST_OF_SURFACE = 100;

  private final Predictor predictor;

  public Dependence(Predictor predictor) {
    this.predictor = predictor;
  }

  /// Values of a column.
  ///
  /// @param feature its place
  /// @param cells as [Predictor#predict(double[], PredictorWorkspace)] takes them, ascending
  @SuppressWarnings("ArrayRecordComponent") // belongs to whoever asked
  public record Axis(int feature, double[] cells) {}

  /// @param answers by the values of y, then by those of x; with one column the values of x are the
  ///   only row. Each is what [#numbers] says
  /// @param y null if there is one column
  @SuppressWarnings("ArrayRecordComponent") // belongs to whoever asked
  public record Answers(Axis x, @Nullable Axis y, double[][][] answers) {}

  /// Some of so many rows, drawn.
  public static int[] sample(int rows, int most, long seed) {
    int[] drawn = IntStream.range(0, rows).toArray();
    Draws.shuffle(drawn, seed, Draws.Purpose.IMPORTANCE, 0);
    return Arrays.copyOf(drawn, Math.min(rows, most));
  }

  /// Values of a column that rows have: of numbers and dates quantiles, of categories that the
  /// model knows the first.
  ///
  /// @param column cells of rows, NaN for missing ones
  /// @param most values
  public Axis values(int feature, double[] column, int most) {
    double least = isCategorical(feature) ? 0 : Double.NEGATIVE_INFINITY;
    double[] sorted = Arrays.stream(column).filter(cell -> cell >= least).sorted().toArray();
    double[] distinct = Arrays.stream(sorted).distinct().toArray();
    if (distinct.length <= most || isCategorical(feature)) {
      return new Axis(feature, Arrays.copyOf(distinct, Math.min(most, distinct.length)));
    }
    double[] quantiles = new double[most];
    for (int i = 0; i < most; i++) {
      quantiles[i] = sorted[(int) Math.round((double) i * (sorted.length - 1) / (most - 1))];
    }
    return new Axis(feature, Arrays.stream(quantiles).distinct().toArray());
  }

  /// Values of a column from its least to its greatest in training, equally far apart; of
  /// categories the first.
  ///
  /// @param size how many, at least 2; of categories at most
  public Axis range(int feature, int size) {
    return switch (features().get(feature)) {
      case Feature.Numeric number -> range(feature, number.min(), number.max(), size);
      case Feature.Date date ->
          range(feature, days(date.elapsed().min()), days(date.elapsed().max()), size);
      case Feature.Categorical categories ->
          new Axis(
              feature,
              IntStream.range(0, Math.min(size, categories.categories().size()))
                  .asDoubleStream()
                  .toArray());
    };
  }

  private static double days(double days) {
    return days * DatePart.SECONDS_A_DAY;
  }

  private static Axis range(int feature, double min, double max, int size) {
    if (min == max) {
      return new Axis(feature, new double[] {min});
    }
    double[] cells = new double[size];
    for (int i = 0; i < size; i++) {
      double share = (double) i / (size - 1);
      cells[i] = min * (1 - share) + max * share;
    }
    return new Axis(feature, cells);
  }

  private List<Feature> features() {
    if (predictor.features() == null) {
      throw new IllegalStateException("bare numbers have no columns");
    }
    return predictor.features().features();
  }

  private boolean isCategorical(int feature) {
    return features().get(feature) instanceof Feature.Categorical;
  }

  /// The mean answer to the rows for each value.
  ///
  /// @param rows at least one; they are changed, and not changed back
  public Answers partial(CellRows rows, Axis x) {
    return new Answers(x, null, new double[][][] {means(rows, x)});
  }

  /// The mean answer to the rows for each pair of values.
  ///
  /// @param y another column
  public Answers partial(CellRows rows, Axis x, Axis y) {
    double[][][] answers = new double[y.cells().length][][];
    for (int i = 0; i < answers.length; i++) {
      rows.fill(y.feature(), y.cells()[i]);
      answers[i] = means(rows, x);
    }
    return new Answers(x, y, answers);
  }

  private double[][] means(CellRows rows, Axis x) {
    double[][] means = new double[x.cells().length][];
    for (int i = 0; i < means.length; i++) {
      rows.fill(x.feature(), x.cells()[i]);
      means[i] = mean(answers(rows));
    }
    return means;
  }

  private static double[] mean(List<double[]> answers) {
    double[] mean = new double[answers.getFirst().length];
    for (double[] answer : answers) {
      for (int j = 0; j < mean.length; j++) {
        mean[j] += answer[j] / answers.size();
      }
    }
    return mean;
  }

  /// The answers to one row with other cells in two columns.
  ///
  /// @param row such as the typical one
  /// @param y another column than x
  public Answers surface(double[] row, Axis x, Axis y) {
    CellRows rows = CellRows.copies(row, x.cells().length);
    rows.change(x.feature(), x.cells());
    double[][][] answers = new double[y.cells().length][][];
    for (int i = 0; i < answers.length; i++) {
      rows.fill(y.feature(), y.cells()[i]);
      answers[i] = answers(rows).toArray(double[][]::new);
    }
    return new Answers(x, y, answers);
  }

  private List<double[]> answers(CellRows changed) {
    CellRows rows = changed.renumbered();
    List<double[]> answers = new ArrayList<>(rows.size());
    predictor.predict(
        PredictorRows.of(predictor, rows),
        predictor.workspace(Math.min(Scorer.BLOCK, rows.size())),
        prediction -> answers.add(numbers(prediction)));
    return answers;
  }

  /// A probability for each class or label, or each number; of quantiles the number that they stand
  /// for.
  static double[] numbers(Prediction prediction) {
    return switch (prediction) {
      case Prediction.ClassPrediction classes -> classes.probabilities();
      case Prediction.NumberPrediction numbers -> numbers.values();
      case Prediction.QuantilePrediction quantiles -> new double[] {quantiles.value()};
      case Prediction.MultiLabelPrediction labels -> labels.probabilities();
      case Prediction.Outputs outputs -> outputs.values();
    };
  }
}
