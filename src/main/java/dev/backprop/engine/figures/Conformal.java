package dev.backprop.engine.figures;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/// How far beside its answers a model may be: what turns an answer into an interval of each number,
/// or into a set of classes, that has the truth in a given share of rows. Fitted to rows that took
/// no part in training; of rows that were answered out of fold, the served mean of all folds is a
/// little better than their answers, so that intervals are rather wide than narrow: where 0.9 is
/// asked for, about 0.91 is covered.
public sealed interface Conformal permits Conformal.Sets, Conformal.Intervals {

  /// Rows that it was fitted to.
  int rows();

  /// Whether there are enough rows for the interval.
  default boolean suffices(BigDecimal interval) {
    return rows() >= ConformalScores.needed(interval);
  }

  /// Sets of classes.
  ///
  /// @param scores of the classes of the rows, see [SetScore]
  record Sets(ConformalScores scores) implements Conformal {

    /// @param rows at least one
    /// @param calibration of the probabilities that sets are made of
    public static Sets of(CalibrationRows rows, Calibration calibration) {
      ClassAnswer answer = rows.answer();
      double[] scores = new double[rows.size()];
      for (int i = 0; i < scores.length; i++) {
        rows.read(i, calibration.beta(), answer);
        scores[i] = SetScore.scores(answer.probabilities())[rows.actual(i)];
      }
      return new Sets(ConformalScores.of(scores));
    }

    @Override
    public int rows() {
      return scores.rows();
    }

    /// The classes of a set, from the likeliest on; never none. The same row has the same set.
    ///
    /// @param p calibrated probabilities
    /// @throws IllegalArgumentException if there are fewer rows than the interval needs
    public List<Integer> set(BigDecimal interval, double[] p) {
      return SetScore.set(scores.quantile(interval), p);
    }
  }

  /// Intervals of numbers.
  ///
  /// @param numbers one for each number that is answered, at least one
  /// @param groups as [MemberSpread] has them when the model answers
  record Intervals(List<OfNumber> numbers, int groups) implements Conformal {

    public Intervals {
      numbers = List.copyOf(numbers);
    }

    /// @param y targets, by number and row
    /// @param answers to them, by number and row
    /// @param quantiles whether outer quantiles are answered
    /// @param groups as [MemberSpread] has them when the model answers
    public static Intervals of(
        List<double[]> y, List<List<NumberAnswer>> answers, boolean quantiles, int groups) {
      List<OfNumber> numbers = new ArrayList<>();
      for (int j = 0; j < y.size(); j++) {
        double[] targets = y.get(j);
        List<NumberAnswer> given = answers.get(j);
        IntervalScore score =
            quantiles
                ? new IntervalScore.OfQuantiles()
                : new IntervalScore.OfAnswer(IntervalSize.fit(targets, given));
        double[] scores = new double[targets.length];
        for (int i = 0; i < scores.length; i++) {
          scores[i] = score.score(targets[i], given.get(i));
        }
        numbers.add(new OfNumber(score, ConformalScores.of(scores)));
      }
      return new Intervals(numbers, groups);
    }

    @Override
    public int rows() {
      return numbers.getFirst().scores().rows();
    }

    /// The interval of one number, of finite bounds, before it is clamped as answers are.
    ///
    /// @param number which, from 0
    /// @throws IllegalArgumentException if there are fewer rows than the interval needs
    public Bounds bounds(BigDecimal interval, int number, NumberAnswer answer) {
      OfNumber of = numbers.get(number);
      return of.score()
          .bounds(of.scores().quantile(interval), answer)
          .within(-Double.MAX_VALUE, Double.MAX_VALUE);
    }
  }

  /// @param scores of the targets of the rows
  record OfNumber(IntervalScore score, ConformalScores scores) {}
}
