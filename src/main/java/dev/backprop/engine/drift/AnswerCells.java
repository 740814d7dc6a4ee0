package dev.backprop.engine.drift;

import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// What is counted of answers: the class that was answered, each number, of quantiles the number
/// that they stand for, and whether each label holds.
public final class AnswerCells {

  private AnswerCells() {}

  /// One for each answer of a [Reference].
  public static double[] of(Prediction prediction) {
    return switch (prediction) {
      case Prediction.ClassPrediction classes -> new double[] {classes.index()};
      case Prediction.NumberPrediction numbers -> numbers.values();
      case Prediction.QuantilePrediction quantiles -> new double[] {quantiles.value()};
      case Prediction.MultiLabelPrediction labels ->
          IntStream.range(0, labels.probabilities().length)
              .mapToDouble(label -> labels.holds(label) ? 1 : 0)
              .toArray();
      case Prediction.Outputs outputs -> outputs.values();
    };
  }

  /// How answers were spread.
  ///
  /// @param cells of answers to training rows, or to rows that were held out
  public static List<ColumnReference> reference(Target target, List<double[]> cells) {
    List<ColumnReference> references = new ArrayList<>();
    int width = cells.isEmpty() ? 0 : cells.getFirst().length;
    for (int a = 0; a < width; a++) {
      int answer = a;
      double[] column = cells.stream().mapToDouble(row -> row[answer]).toArray();
      references.add(
          switch (target) {
            case Target.Classes classes ->
                ColumnReference.ofCategories(classes.name(), column, classes.classes().size());
            case Target.MultiLabel labels ->
                ColumnReference.ofCategories(labels.names().get(a), column, 2);
            case Target.Numbers numbers ->
                ColumnReference.ofNumbers(numbers.names().get(a), column);
            case Target.Quantiles quantiles -> ColumnReference.ofNumbers(quantiles.name(), column);
            case Target.Bare _ -> ColumnReference.ofNumbers(Integer.toString(a), column);
          });
    }
    return references;
  }
}
