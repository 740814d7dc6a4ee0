package dev.backprop.data;

import dev.backprop.linalg.Draws;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Rows dealt to folds, each of which is held out once while the others train: disjoint, together
/// all rows, of sizes that differ by at most one. Where the targets are classes, so do the rows of
/// each class.
public final class Folds {

  private final int[] rows;

  /// The fold of each of the rows.
  private final byte[] foldOf;

  private final int count;

  private Folds(int[] rows, byte[] foldOf, int count) {
    this.rows = rows;
    this.foldOf = foldOf;
    this.count = count;
  }

  /// Deals at random: a pure function of the arguments, as independent of [Split#of] as draws are.
  ///
  /// @param rows ascending, at least as many as folds; each has a target
  /// @param count at least 2, at most 127
  public static Folds of(Examples examples, int[] rows, int count, long seed) {
    if (count < 2 || count > Byte.MAX_VALUE || rows.length < count) {
      throw new IllegalArgumentException(rows.length + " rows for " + count + " folds");
    }
    int[] order = IntStream.range(0, rows.length).toArray();
    Draws.shuffle(order, seed, Draws.Purpose.SPLIT, 1);
    // Class after class, the next one's rows going on where the last one's ended.
    int[] next = starts(examples, rows);
    byte[] foldOf = new byte[rows.length];
    for (int i : order) {
      foldOf[i] = (byte) (next[examples.stratum(rows[i]) + 1]++ % count);
    }
    return new Folds(rows.clone(), foldOf, count);
  }

  /// For each stratum, those without classes first, how many rows the ones before it have.
  private static int[] starts(Examples examples, int[] rows) {
    int strata = 1;
    for (int row : rows) {
      strata = Math.max(strata, examples.stratum(row) + 2);
    }
    int[] starts = new int[strata + 1];
    for (int row : rows) {
      starts[examples.stratum(row) + 2]++;
    }
    Arrays.parallelPrefix(starts, Integer::sum);
    return starts;
  }

  public int count() {
    return count;
  }

  /// All rows, as a split: one fold validates, the others train, none tests.
  ///
  /// @param fold counted from 0
  public Split split(int fold) {
    int[] training = new int[rows.length];
    int[] validation = new int[rows.length];
    int t = 0;
    int v = 0;
    for (int i = 0; i < rows.length; i++) {
      if (foldOf[i] == fold) {
        validation[v++] = rows[i];
      } else {
        training[t++] = rows[i];
      }
    }
    return new Split(Arrays.copyOf(training, t), Arrays.copyOf(validation, v), new int[0]);
  }
}
