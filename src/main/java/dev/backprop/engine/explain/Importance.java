package dev.backprop.engine.explain;

import dev.backprop.engine.data.CellRows;
import dev.backprop.engine.linalg.Draws;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorRows;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// Which columns matter: how far a score falls if the cells of one column are shuffled among rows
/// that did not train (permutation importance, Breiman 2001; as scikit-learn has it).
///
/// @param rows that were scored; fewer than there are if all would have taken too long
/// @param shuffles of each column; 0 if there was no time for one
/// @param columns in the order of the features; none without a shuffle
public record Importance(int rows, int shuffles, List<Column> columns) {

  /// The most rows that are scored.
  public static final int ROWS = 2_000;

  /// The most shuffles of a column.
  public static final int SHUFFLES = 5;

  /// The most cells of the rows, 8 bytes each.
  private static final int MOST_CELLS = 2_000_000;

  /// Fewer rows say little.
  private static final int FEWEST_ROWS = 100;

  /// @param feature its place
  /// @param mean of the falls
  /// @param std their deviation, of the population
  public record Column(int feature, double mean, double std) {}

  public Importance {
    columns = List.copyOf(columns);
  }

  /// Rows of which copies with changed cells are scored.
  ///
  /// @param predictor whose members answer
  /// @param cells gives the cells of some of the rows, to be changed
  /// @param rows with targets, to which the numbers of `groups` refer
  /// @param groups the rows that each group of members answers, see [Predictor#evaluateApart]
  public record HeldOut(Predictor predictor, Cells cells, PredictorRows rows, List<int[]> groups) {

    public HeldOut {
      groups = List.copyOf(groups);
    }

    /// Gives cells.
    public interface Cells {
      CellRows of(int[] rows);
    }

    /// Of many columns, fewer rows fit into the memory of a training that has ended.
    private int most() {
      return Math.max(FEWEST_ROWS, Math.min(ROWS, MOST_CELLS / predictor.cells()));
    }

    private int size() {
      return groups.stream().mapToInt(group -> group.length).sum();
    }

    /// A share of each group, drawn.
    private List<int[]> sample(int most, long seed) {
      int all = size();
      List<int[]> sample = new ArrayList<>();
      int before = 0;
      for (int[] group : groups) {
        int[] drawn = group.clone();
        Draws.shuffle(drawn, seed, Draws.Purpose.IMPORTANCE, 0);
        int after = before + group.length;
        long n = all <= most ? group.length : share(most, after, all) - share(most, before, all);
        sample.add(Arrays.copyOf(drawn, (int) n));
        before = after;
      }
      return sample;
    }

    private static long share(int most, int of, int all) {
      return (long) most * of / all;
    }
  }

  /// A time by which all must be done.
  ///
  /// @param clock that is asked
  /// @param ended whether all must be done at once
  public record Limit(Instant end, InstantSource clock, BooleanSupplier ended) {

    /// @param most from now on
    public static Limit in(Duration most, InstantSource clock) {
      return new Limit(clock.instant().plus(most), clock, () -> false);
    }

    Duration left() {
      return Duration.between(clock.instant(), end);
    }

    boolean isOver() {
      return !clock.instant().isBefore(end) || ended.getAsBoolean();
    }
  }

  /// Shuffles each column as often as there is time for, all of them equally often.
  ///
  /// @param score larger is better
  /// @param seed of what is drawn
  public static Importance of(
      HeldOut heldOut, ToDoubleFunction<Evaluation> score, long seed, Limit limit) {
    int most = Math.min(heldOut.most(), heldOut.size());
    while (!limit.isOver()) {
      Shuffles shuffles = new Shuffles(heldOut, heldOut.sample(most, seed), score, seed);
      Instant begin = limit.clock.instant();
      double base = shuffles.score();
      Duration round =
          Duration.between(begin, limit.clock.instant()).multipliedBy(shuffles.features() + 1L);
      if (round.compareTo(limit.left()) <= 0) {
        return shuffles.run(base, limit);
      }
      if (most <= FEWEST_ROWS || limit.left().isNegative()) {
        break;
      }
      double share = (double) limit.left().toNanos() / round.toNanos();
      most = Math.max(FEWEST_ROWS, (int) Math.min(most / 2.0, most * share));
    }
    return new Importance(most, 0, List.of());
  }

  /// Shuffles of a sample of the rows.
  private static final class Shuffles {

    private final CellRows cells;
    private final Supplier<Evaluation> evaluate;
    private final ToDoubleFunction<Evaluation> score;
    private final long seed;
    private final int features;

    Shuffles(HeldOut heldOut, List<int[]> groups, ToDoubleFunction<Evaluation> score, long seed) {
      Predictor predictor = heldOut.predictor;
      CellRows sampled = heldOut.cells.of(groups.stream().flatMapToInt(Arrays::stream).toArray());
      PredictorRows rows = PredictorRows.of(predictor, sampled, heldOut.rows.labelled());
      this.cells = sampled;
      this.evaluate = () -> predictor.evaluateApart(rows, groups);
      this.score = score;
      this.seed = seed;
      this.features = predictor.cells();
    }

    int features() {
      return features;
    }

    double score() {
      return score.applyAsDouble(evaluate.get());
    }

    Importance run(double base, Limit limit) {
      double[][] falls = new double[SHUFFLES][features];
      int done = 0;
      while (done < SHUFFLES && round(done, base, falls[done], limit)) {
        done++;
      }
      List<Column> columns = new ArrayList<>();
      for (int f = 0; f < features && done > 0; f++) {
        columns.add(column(f, falls, done));
      }
      return new Importance(cells.size(), done, columns);
    }

    /// @return whether there was time for it
    private boolean round(int number, double base, double[] falls, Limit limit) {
      int[] order = new int[cells.size()];
      for (int f = 0; f < features; f++) {
        if (limit.isOver()) {
          return false;
        }
        double[] column = cells.column(f);
        Arrays.setAll(order, i -> i);
        long draw = 1 + (long) number * features + f;
        Draws.shuffle(order, seed, Draws.Purpose.IMPORTANCE, draw);
        double[] shuffled = new double[column.length];
        Arrays.setAll(shuffled, i -> column[order[i]]);
        cells.change(f, shuffled);
        falls[f] = base - score();
        cells.change(f, column);
      }
      return true;
    }

    private static Column column(int feature, double[][] falls, int n) {
      double mean = 0;
      for (int r = 0; r < n; r++) {
        mean += falls[r][feature] / n;
      }
      double squares = 0;
      for (int r = 0; r < n; r++) {
        squares += (falls[r][feature] - mean) * (falls[r][feature] - mean) / n;
      }
      return new Column(feature, mean, Math.sqrt(squares));
    }
  }
}
