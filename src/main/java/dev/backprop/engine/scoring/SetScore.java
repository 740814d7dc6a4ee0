package dev.backprop.engine.scoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// How unlikely a class is for a row, in a measure in which all rows are alike. A set of classes
/// has those whose score is at most the quantile, and always the likeliest, so that none is empty.
public sealed interface SetScore permits SetScore.Least, SetScore.Adaptive {

  /// The score of each class.
  ///
  /// @param p calibrated probabilities of the classes
  /// @param u from 0 to below 1, the same whenever the row is the same; not all scores look at it
  double[] scores(double[] p, double u);

  /// The classes of the set, from the likeliest to the least likely. Of equal ones by index; of two
  /// the second comes first, since it is answered then.
  ///
  /// @param q quantile of the scores that the classes of calibrating rows have
  default List<Integer> set(double q, double[] p, double u) {
    double[] scores = scores(p, u);
    Integer[] order = order(p);
    List<Integer> set = new ArrayList<>();
    for (int c : order) {
      if (set.isEmpty() || scores[c] <= q) {
        set.add(c);
      }
    }
    return set;
  }

  private static Integer[] order(double[] p) {
    Integer[] order = new Integer[p.length];
    Arrays.setAll(order, place -> p.length == 2 ? 1 - place : place);
    Arrays.sort(order, Comparator.comparingDouble(c -> -p[c]));
    return order;
  }

  /// 0 for the likeliest class, else 1 - p: the smallest sets (Sadinle, Lei and Wasserman 2019).
  /// Since the likeliest is always in, it always scores best. So the sets cover what is asked for
  /// even where many would else be empty, and no more than the likeliest class alone would.
  record Least() implements SetScore {

    @Override
    public double[] scores(double[] p, double u) {
      double[] scores = new double[p.length];
      int likeliest = order(p)[0];
      for (int c = 0; c < p.length; c++) {
        scores[c] = c == likeliest ? 0 : 1 - p[c];
      }
      return scores;
    }
  }

  /// Σ of the probabilities that are not smaller, less u of the class's own (Romano, Sesia and
  /// Candès 2020), and a penalty for each rank after the first few (Angelopoulos, Bates, Malik and
  /// Jordan 2021): sets that cover hard rows as well as easy ones, but larger ones.
  ///
  /// @param penalty at least 0
  /// @param free ranks without it, at least 0
  record Adaptive(double penalty, int free) implements SetScore {

    @Override
    public double[] scores(double[] p, double u) {
      double[] scores = new double[p.length];
      double sum = 0;
      int rank = 0;
      for (int c : order(p)) {
        sum += p[c];
        rank++;
        scores[c] = sum - u * p[c] + penalty * Math.max(0, rank - free);
      }
      return scores;
    }
  }
}
