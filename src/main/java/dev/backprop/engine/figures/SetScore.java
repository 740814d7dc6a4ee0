package dev.backprop.engine.figures;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// How unlikely a class is for a row, in a measure in which all rows are alike: 0 for the likeliest
/// class, else 1 - p. A set has the classes that score at most the quantile, which gives the
/// smallest sets (Sadinle, Lei and Wasserman 2019). Since the likeliest is always in, it always
/// scores best. So the sets cover what is asked for even where many would else be empty, and no
/// more than the likeliest class alone would.
final class SetScore {

  private SetScore() {}

  /// The score of each class.
  ///
  /// @param p calibrated probabilities of the classes
  static double[] scores(double[] p) {
    double[] scores = new double[p.length];
    int likeliest = order(p)[0];
    for (int c = 0; c < p.length; c++) {
      scores[c] = c == likeliest ? 0 : 1 - p[c];
    }
    return scores;
  }

  /// The classes of the set, from the likeliest to the least likely; never none. Of equal ones by
  /// index; of two the second comes first, since it is answered then.
  ///
  /// @param q quantile of the scores that the classes of calibrating rows have
  static List<Integer> set(double q, double[] p) {
    double[] scores = scores(p);
    List<Integer> set = new ArrayList<>();
    for (int c : order(p)) {
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
}
