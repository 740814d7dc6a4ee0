package dev.backprop.engine.explain;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// How well one column alone puts rows into the order of a target. A goal that is one of two values
/// is measured by the area under the ROC curve, ties counting half; one of numbers by the share of
/// the variance of its ranks that is explained, which is 1 for each monotone function.
///
/// Numbers are ranked by value, in either direction, with missing ones before or behind all. What
/// categories mean is the mean of the goal over their rows in the first half of the rows, and
/// measured in the second: many categories of a row or two explain nothing.
public final class Alone {

  private final boolean areas;

  /// Of the target: 0 or 1 each, or ranks about their mean.
  private final double[] goal;

  private Alone(boolean areas, double[] goal) {
    this.areas = areas;
    this.goal = goal;
  }

  /// @param is whether the rows are of a class
  public static Alone ofClass(boolean[] is) {
    return new Alone(true, IntStream.range(0, is.length).mapToDouble(i -> is[i] ? 1 : 0).toArray());
  }

  /// @param numbers one a row, none missing
  public static Alone ofNumbers(double[] numbers) {
    return new Alone(false, Order.of(numbers).ranks(false));
  }

  /// Of a column of numbers.
  ///
  /// @param rankings see [Order#rankings]
  public double numbers(List<double[]> rankings) {
    return rankings.stream().mapToDouble(this::ranked).max().orElse(0);
  }

  private double ranked(double[] ranks) {
    double product = 0;
    double squares = 0;
    double goals = 0;
    double sum = 0;
    for (int i = 0; i < ranks.length; i++) {
      product += ranks[i] * goal[i];
      squares += ranks[i] * ranks[i];
      goals += goal[i] * goal[i];
      sum += goal[i];
    }
    if (areas) {
      // Ranks about their mean: the sum of those of the class is 0 if they are as others.
      double area = 0.5 + product / (sum * (ranks.length - sum));
      return Math.max(area, 1 - area);
    }
    return squares == 0 || goals == 0 ? 0 : product * product / (squares * goals);
  }

  /// Of a column of categories.
  ///
  /// @param codes of the rows, from 0
  /// @param count of codes
  public double categories(int[] codes, int count) {
    int half = codes.length / 2;
    double[] rows = new double[count];
    double[] means = new double[count];
    double mean = 0;
    for (int i = 0; i < half; i++) {
      rows[codes[i]]++;
      means[codes[i]] += goal[i];
      mean += goal[i] / half;
    }
    for (int c = 0; c < count; c++) {
      means[c] = rows[c] == 0 ? mean : means[c] / rows[c];
    }
    return areas ? area(codes, means) : explained(codes, means);
  }

  private double area(int[] codes, double[] means) {
    double[] of = new double[means.length];
    double[] others = new double[means.length];
    for (int i = codes.length / 2; i < codes.length; i++) {
      of[codes[i]] += goal[i];
      others[codes[i]] += 1 - goal[i];
    }
    int[] order =
        IntStream.range(0, means.length)
            .filter(c -> of[c] + others[c] > 0)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer c) -> means[c]))
            .mapToInt(Integer::intValue)
            .toArray();
    double wins = 0;
    double below = 0;
    double above = 0;
    for (int from = 0; from < order.length; ) {
      double tied = 0;
      double tiedOthers = 0;
      int to = from;
      for (; to < order.length && means[order[to]] == means[order[from]]; to++) {
        tied += of[order[to]];
        tiedOthers += others[order[to]];
      }
      wins += tied * (below + tiedOthers / 2);
      below += tiedOthers;
      above += tied;
      from = to;
    }
    return above == 0 || below == 0 ? 0 : wins / (above * below);
  }

  private double explained(int[] codes, double[] means) {
    int half = codes.length / 2;
    double mean = 0;
    for (int i = half; i < codes.length; i++) {
      mean += goal[i] / (codes.length - half);
    }
    double left = 0;
    double all = 0;
    for (int i = half; i < codes.length; i++) {
      left += Math.pow(goal[i] - means[codes[i]], 2);
      all += Math.pow(goal[i] - mean, 2);
    }
    return all == 0 ? 0 : 1 - left / all;
  }

  /// The numbers of a column in their order.
  ///
  /// @param cells NaN for missing ones
  /// @param distinct ascending
  /// @param counts how often each is there
  @SuppressWarnings("ArrayRecordComponent") // never changed, never compared
  public record Order(double[] cells, double[] distinct, int[] counts, int missing) {

    public static Order of(double[] cells) {
      double[] sorted = Arrays.stream(cells).filter(cell -> !Double.isNaN(cell)).toArray();
      for (int i = 0; i < sorted.length; i++) {
        sorted[i] += 0.0; // -0 is 0
      }
      Arrays.sort(sorted);
      double[] distinct = new double[sorted.length];
      int[] counts = new int[sorted.length];
      int n = 0;
      for (double value : sorted) {
        if (n == 0 || distinct[n - 1] != value) {
          distinct[n++] = value;
        }
        counts[n - 1]++;
      }
      return new Order(
          cells,
          Arrays.copyOf(distinct, n),
          Arrays.copyOf(counts, n),
          cells.length - sorted.length);
    }

    /// Of each row the place of its number among the distinct ones; a missing cell has the next.
    public int[] codes() {
      return Arrays.stream(cells)
          .mapToInt(
              cell ->
                  Double.isNaN(cell) ? distinct.length : Arrays.binarySearch(distinct, cell + 0.0))
          .toArray();
    }

    /// The ranks of the rows; if cells are missing, once with these before and once behind all.
    public List<double[]> rankings() {
      return missing == 0 ? List.of(ranks(false)) : List.of(ranks(false), ranks(true));
    }

    /// Ranks about their mean, equal numbers sharing the middle one.
    ///
    /// @param last whether missing cells are behind all
    private double[] ranks(boolean last) {
      double[] ofCode = new double[distinct.length + 1];
      double before = last ? 0 : missing;
      double middle = (cells.length - 1) / 2.0;
      for (int c = 0; c < distinct.length; c++) {
        ofCode[c] = before + (counts[c] - 1) / 2.0 - middle;
        before += counts[c];
      }
      ofCode[distinct.length] = (last ? before : 0) + (missing - 1) / 2.0 - middle;
      return Arrays.stream(codes()).mapToDouble(code -> ofCode[code]).toArray();
    }
  }
}
