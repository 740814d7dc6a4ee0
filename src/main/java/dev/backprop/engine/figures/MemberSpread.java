package dev.backprop.engine.figures;

import dev.backprop.engine.data.TargetScale;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.MeanAnswers;

/// How far members are apart in what they answer to a row: the standard deviation among those that
/// learned from the same rows, each counting by its weight, and the mean of it over the folds.
///
/// A row that calibrates was answered by the members of one fold only. Those of several folds are
/// further apart, so that the deviation among all of them would say something else.
///
/// @param weights of the members, each at least 1
/// @param groups how many folds there are: member m is of fold m modulo their number; 1 if the
///   members are of one fold, or if rows were held out once
@SuppressWarnings("ArrayRecordComponent") // never handed out
public record MemberSpread(int[] weights, int groups) {

  /// In the unit of the target. Not a number if a fold has one member.
  ///
  /// @param answers that all members have given
  /// @param row of the block
  /// @param output which number
  /// @param scale in which they answer
  public double of(MeanAnswers answers, int row, int output, TargetScale scale) {
    if (weights.length < 2 * groups) {
      return Double.NaN;
    }
    Matrix all = answers.apart().outputs();
    int rows = all.rows() / weights.length;
    double[] numbers = new double[weights.length];
    for (int m = 0; m < numbers.length; m++) {
      int at = all.offset() + (m * rows + row) * all.columns() + output;
      numbers[m] = scale.answer(all.values()[at]);
    }
    double sum = 0;
    for (int group = 0; group < groups; group++) {
      sum += deviation(numbers, group) / groups;
    }
    return sum;
  }

  private double deviation(double[] numbers, int group) {
    double mean = 0;
    double weight = 0;
    for (int m = group; m < numbers.length; m += groups) {
      weight += weights[m];
      mean += weights[m] * (numbers[m] - mean) / weight;
    }
    double squares = 0;
    for (int m = group; m < numbers.length; m += groups) {
      double fromMean = numbers[m] - mean;
      squares += weights[m] * fromMean * fromMean;
    }
    return Math.sqrt(squares / weight);
  }
}
