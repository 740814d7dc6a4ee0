package dev.backprop.engine.figures;

import dev.backprop.engine.spec.InvalidSpecException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// Scores of rows that calibrate, to find what a share of new rows keeps below (split conformal
/// prediction; Papadopoulos, Proedrou, Vovk and Gammerman 2002). Of m scores, the one of rank
///
///     k = ⌈(m + 1) interval⌉
///
/// is not exceeded by that share of rows of the same kind. Rows count alike, whatever they weigh.
///
/// Only the upper half of the scores is ever asked for. Of many, some are kept: the next one above
/// is taken for one that is not, which covers at most a thousandth more.
///
/// @param rows m, at least 1
/// @param ranks of the kept scores, from 1, ascending
/// @param scores those, ascending
public record ConformalScores(int rows, List<Integer> ranks, List<Double> scores) {

  /// The least interval that can be asked for.
  public static final BigDecimal LEAST_INTERVAL = new BigDecimal("0.5");

  /// The greatest.
  public static final BigDecimal GREATEST_INTERVAL = new BigDecimal("0.99");

  private static final int MOST_KEPT = 512;

  public ConformalScores {
    ranks = List.copyOf(ranks);
    scores = List.copyOf(scores);
    boolean rising =
        ranks.size() == scores.size()
            && !ranks.isEmpty()
            && scores.stream().allMatch(Double::isFinite);
    for (int i = 1; rising && i < ranks.size(); i++) {
      rising = ranks.get(i - 1) < ranks.get(i) && scores.get(i - 1) <= scores.get(i);
    }
    if (!rising || ranks.getFirst() < 1 || ranks.getLast() != rows) {
      throw new InvalidSpecException(
          "", "ranks and finite scores must rise together up to the rank %d".formatted(rows));
    }
  }

  /// @param scores one a row, at least one; not a number where the row has none
  /// @throws IllegalArgumentException if there is none
  public static ConformalScores of(double[] scores) {
    double[] sorted =
        Arrays.stream(scores)
            .filter(score -> !Double.isNaN(score))
            .map(score -> Math.clamp(score, -Double.MAX_VALUE, Double.MAX_VALUE))
            .sorted()
            .toArray();
    int m = sorted.length;
    if (m == 0) {
      throw new IllegalArgumentException("must be at least 1 score, were 0");
    }
    int lowest = rank(m, LEAST_INTERVAL);
    int kept = Math.min(MOST_KEPT, m - lowest + 1);
    List<Integer> ranks = new ArrayList<>();
    List<Double> of = new ArrayList<>();
    for (int i = 0; i < kept; i++) {
      // Whole steps where all are kept.
      int rank = kept == 1 ? m : lowest + (int) ((long) i * (m - lowest) / (kept - 1));
      ranks.add(rank);
      of.add(sorted[rank - 1]);
    }
    return new ConformalScores(m, ranks, of);
  }

  private static int rank(int rows, BigDecimal interval) {
    return interval
        .multiply(BigDecimal.valueOf(rows + 1L))
        .setScale(0, RoundingMode.CEILING)
        .intValueExact();
  }

  /// How many rows an interval needs: ⌈1 / (1 - interval)⌉ - 1, in decimal. Of fewer, no finite one
  /// covers so much.
  ///
  /// @param interval above 0 and below 1
  public static int needed(BigDecimal interval) {
    BigDecimal rest = BigDecimal.ONE.subtract(interval);
    BigDecimal[] parts = BigDecimal.ONE.divideAndRemainder(rest, MathContext.UNLIMITED);
    int whole = parts[0].intValueExact();
    return parts[1].signum() == 0 ? whole - 1 : whole;
  }

  /// Whether there are enough rows for the interval.
  public boolean suffices(BigDecimal interval) {
    return rows >= needed(interval);
  }

  /// The score that this share of rows does not exceed.
  ///
  /// @param interval from [#LEAST_INTERVAL] to [#GREATEST_INTERVAL]
  /// @throws IllegalArgumentException if there are fewer rows than are needed
  public double quantile(BigDecimal interval) {
    int rank = rank(rows, interval);
    if (rank > rows) {
      throw new IllegalArgumentException(
          "an interval of %s needs %d rows, were %d".formatted(interval, needed(interval), rows));
    }
    int place = Collections.binarySearch(ranks, rank);
    return scores.get(place >= 0 ? place : -place - 1);
  }
}
