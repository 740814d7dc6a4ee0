package dev.backprop.engine.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Compares rows that were counted with those of training. Serves many threads. What noise gives is
/// simulated when it is first asked for, and kept.
public final class Comparison {

  private final Reference reference;

  /// Thresholds by columns, and by [Noise#step].
  private final Map<Level, Double> thresholds = new ConcurrentHashMap<>();

  /// @param column its place, those of answers behind those of columns
  private record Level(int column, int step) {}

  public Comparison(Reference reference) {
    this.reference = reference;
  }

  /// @param counts of that reference
  public Drift of(Counts counts) {
    if (counts.bins().length != reference.bins()) {
      throw new IllegalArgumentException(
          "%d bins for a reference of %d".formatted(counts.bins().length, reference.bins()));
    }
    List<Drift.ColumnDrift> all = new ArrayList<>();
    int first = 0;
    for (ColumnReference column : reference.all()) {
      all.add(of(column, counts, first, all.size()));
      first += column.bins();
    }
    int columns = reference.columns().size();
    return new Drift(counts.rows(), all.subList(0, columns), all.subList(columns, all.size()));
  }

  private Drift.ColumnDrift of(ColumnReference column, Counts counts, int first, int place) {
    long rows = column.rows();
    double[] then = column.shares();
    double[] now = column.shares(counts.bins(), first, counts.rows());
    double threshold =
        thresholds.computeIfAbsent(
            new Level(place, Noise.step(counts.rows(), rows)),
            level -> Noise.threshold(then, level.step, Drift.LEAST));
    boolean none = rows == 0 || counts.rows() == 0;
    int missing = then.length - 1;
    int unseen = column.unseenBin();
    return new Drift.ColumnDrift(
        column.name(),
        none ? 0 : Noise.distance(then, now),
        threshold,
        then[missing],
        now[missing],
        unseen < 0 ? 0 : now[unseen],
        new Drift.Shares(column, list(then), list(now)));
  }

  private static List<Double> list(double[] shares) {
    return Arrays.stream(shares).boxed().toList();
  }
}
