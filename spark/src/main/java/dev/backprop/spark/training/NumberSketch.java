package dev.backprop.spark.training;

import dev.backprop.engine.data.ColumnStatistics;
import dev.backprop.engine.data.Moments;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Numbers of a shard, as few as tell their quantiles. The sorted numbers are cut into pieces of
/// equal length, each of which its middle number stands for; the least and the greatest number are
/// kept. Nothing is drawn.
///
/// A piece of one shard at most has numbers on both sides of a given one. So the rank that merged
/// sketches give a number is off by at most half a piece of each shard, 1 / (2 · 8,192) of all
/// numbers, and half a place of the merged ones, 1 / (2 · 65,536): together less than 0.007 %. Up
/// to 8,192 numbers a shard and 65,536 in all they are exact.
///
/// @param rows cells, those that are missing included
/// @param points ascending, each standing for `moments.count() / points.length` numbers
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record NumberSketch(int rows, Moments moments, double[] points) implements Serializable {

  static final int POINTS = 8_192;
  static final int MERGED = 65_536;

  /// @param numbers with all their values
  static NumberSketch of(ColumnStatistics.Numbers numbers) {
    double[] sorted =
        Arrays.stream(numbers.values())
            .filter(value -> !Double.isNaN(value))
            .map(value -> value + 0.0) // one zero only
            .sorted()
            .toArray();
    return new NumberSketch(numbers.rows(), numbers.moments(), points(sorted));
  }

  private static double[] points(double[] sorted) {
    if (sorted.length <= POINTS) {
      return sorted;
    }
    double[] points = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      points[i] = sorted[(int) ((2L * i + 1) * sorted.length / (2L * POINTS))];
    }
    points[0] = sorted[0];
    points[POINTS - 1] = sorted[sorted.length - 1];
    return points;
  }

  private record Point(double value, double weight) {}

  /// What is known of the numbers of all shards.
  ///
  /// @param shards in their order
  static ColumnStatistics.Numbers merged(List<NumberSketch> shards) {
    Moments moments = shards.getFirst().moments;
    int rows = shards.getFirst().rows;
    for (NumberSketch shard : shards.subList(1, shards.size())) {
      moments = moments.merged(shard.moments);
      rows = Math.addExact(rows, shard.rows);
    }
    List<Point> points = new ArrayList<>();
    for (NumberSketch shard : shards) {
      double weight = (double) shard.moments.count() / Math.max(1, shard.points.length);
      for (double value : shard.points) {
        points.add(new Point(value, weight));
      }
    }
    points.sort((a, b) -> Double.compare(a.value, b.value));
    return new ColumnStatistics.Numbers(rows, moments, spread(points, moments.count()));
  }

  /// So many numbers, each standing for as many as any other.
  private static double[] spread(List<Point> points, int count) {
    double[] values = new double[Math.min(count, MERGED)];
    int at = 0;
    double before = 0; // numbers that the points before stand for
    for (int i = 0; i < values.length; i++) {
      double place = (i + 0.5) * count / values.length;
      while (at < points.size() - 1 && before + points.get(at).weight <= place) {
        before += points.get(at++).weight;
      }
      values[i] = points.get(at).value;
    }
    if (values.length > 0) {
      values[0] = points.getFirst().value;
      values[values.length - 1] = points.getLast().value;
    }
    return values;
  }
}
