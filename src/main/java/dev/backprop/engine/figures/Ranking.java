package dev.backprop.engine.figures;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows ordered by what a model says for one class, best first. Sorted once; the areas under its
/// curves can then be had of many weights in one pass each.
public final class Ranking {

  private final int[] order;

  /// By place in the order: whether the next row has another score.
  private final boolean[] ends;

  /// By row.
  private final boolean[] positive;

  private final boolean defined;

  /// @param scores one a row
  /// @param positive whether the row is of the class
  public Ranking(float[] scores, boolean[] positive) {
    this.positive = positive;
    int n = scores.length;
    order = new int[n];
    ends = new boolean[n];
    boolean numbers = true;
    // The order of floats as that of integers, turned round, with the index behind it.
    long[] keys = new long[n];
    for (int i = 0; i < n; i++) {
      numbers &= !Float.isNaN(scores[i]);
      int bits = Float.floatToIntBits(scores[i] + 0f); // -0 is 0
      keys[i] = (long) ~(bits ^ (bits >> 31 & Integer.MAX_VALUE)) << 32 | i;
    }
    defined = numbers;
    Arrays.sort(keys);
    for (int place = 0; place < n; place++) {
      order[place] = (int) keys[place];
      ends[place] = place == n - 1 || keys[place] >> 32 != keys[place + 1] >> 32;
    }
  }

  /// @param roc the probability that a positive row scores above a negative one, ties counting half
  ///   (Mann and Whitney 1947), a pair counting by the product of its weights
  /// @param precisionRecall the average precision: Σ (R_k - R_k-1) P_k over falling thresholds,
  ///   without interpolation (scikit-learn's `average_precision_score`)
  public record Areas(double roc, double precisionRecall) {

    static final Areas UNDEFINED = new Areas(Double.NaN, Double.NaN);
  }

  /// The areas; not numbers if one side has no weight, or a score is not a number.
  ///
  /// @param weights of the rows
  public Areas areas(double[] weights) {
    if (!defined) {
      return Areas.UNDEFINED;
    }
    // Their products neither vanish nor overflow if none is above 1.
    double most = 0;
    for (double weight : weights) {
      most = Math.max(most, weight);
    }
    double high = 0;
    double low = 0;
    double wins = 0;
    double precisions = 0;
    double tiedHigh = 0;
    double tiedLow = 0;
    for (int place = 0; place < order.length; place++) {
      int row = order[place];
      double weight = weights[row] / most;
      if (positive[row]) {
        tiedHigh += weight;
      } else {
        tiedLow += weight;
      }
      if (ends[place]) {
        wins += tiedLow * (high + tiedHigh / 2);
        high += tiedHigh;
        low += tiedLow;
        precisions += tiedHigh == 0 ? 0 : tiedHigh * (high / (high + low));
        tiedHigh = 0;
        tiedLow = 0;
      }
    }
    // Sums of many products may be a rounding too large.
    return new Areas(Math.min(1, wins / (high * low)), Math.min(1, precisions / high));
  }

  /// The points of the curves by falling threshold, at most [CurvePoint#MOST]. The last is (1, 1);
  /// (0, 0) is not among them.
  ///
  /// @param scores that the rows are ranked by: log odds
  /// @param weights of the rows
  /// @return none if one side has no weight, or a score is not a number
  List<CurvePoint> curve(float[] scores, double[] weights) {
    double positives = 0;
    double negatives = 0;
    for (int row = 0; row < weights.length; row++) {
      positives += positive[row] ? weights[row] : 0;
      negatives += positive[row] ? 0 : weights[row];
    }
    if (!defined || !(positives > 0 && negatives > 0)) {
      return List.of();
    }
    List<CurvePoint> points = new ArrayList<>();
    double high = 0;
    double low = 0;
    int cell = 0;
    for (int place = 0; place < order.length; place++) {
      int row = order[place];
      high += positive[row] ? weights[row] : 0;
      low += positive[row] ? 0 : weights[row];
      if (ends[place] && high + low > 0) {
        CurvePoint point =
            new CurvePoint(
                threshold(scores, place),
                Math.min(1, low / negatives),
                Math.min(1, high / positives),
                high / (high + low));
        int its = cell(point);
        if (!points.isEmpty() && its == cell && order.length > CurvePoint.MOST) {
          points.removeLast();
        }
        points.add(point);
        cell = its;
      }
    }
    return points;
  }

  /// Halfway to the row that comes next, so that it parts them however they are rounded.
  private double threshold(float[] scores, int place) {
    double score = scores[order[place]];
    double next = place == order.length - 1 ? score - 1 : scores[order[place + 1]];
    return 1 / (1 + Math.exp(-(score + next) / 2));
  }

  /// Of the way along the curve, which is 2 long.
  private static int cell(CurvePoint point) {
    return (int) ((point.falsePositiveRate() + point.recall()) / 2 * (CurvePoint.MOST - 1));
  }
}
