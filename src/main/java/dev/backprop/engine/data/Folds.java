package dev.backprop.engine.data;

import dev.backprop.engine.linalg.Draws;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Rows dealt to folds, each of which is held out once while the others train: disjoint, together
/// all rows, of sizes that differ by at most one. If the targets are classes, so do the rows of
/// each class.
///
/// If rows come in groups, folds are of whole groups and as equal as these allow. If they come in
/// an order there is one block more than there are folds, the earliest one: a fold is held out
/// while only the blocks before it train.
public final class Folds {

  private final int[] rows;

  /// The fold of each of the rows; of rows in order its block, the first of which is no fold.
  private final byte[] foldOf;

  private final int count;
  private final boolean ordered;

  private Folds(int[] rows, byte[] foldOf, int count, boolean ordered) {
    this.rows = rows;
    this.foldOf = foldOf;
    this.count = count;
    this.ordered = ordered;
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
    // Class after class; the next one's rows follow those of the last one.
    int[] next = starts(examples, rows);
    byte[] foldOf = new byte[rows.length];
    for (int i : order) {
      foldOf[i] = (byte) (next[examples.stratum(rows[i]) + 1]++ % count);
    }
    return new Folds(rows.clone(), foldOf, count, false);
  }

  /// Deals keys: a pure function of how many rows each has, and of their order.
  ///
  /// @param keys at least as many as folds, and one more if they are ordered
  /// @param count at least 2, at most 126
  public static Folds of(RowKeys keys, int count) {
    int blocks = keys.ordered() ? count + 1 : count;
    if (count < 2 || blocks > Byte.MAX_VALUE || keys.count() < blocks) {
      throw new IllegalArgumentException(keys.count() + " keys for " + count + " folds");
    }
    byte[] blockOf = keys.ordered() ? cut(keys, blocks) : packed(keys.sizes(), blocks);
    byte[] foldOf = new byte[keys.rows().length];
    for (int i = 0; i < foldOf.length; i++) {
      foldOf[i] = blockOf[keys.keyOf()[i]];
    }
    return new Folds(keys.rows().clone(), foldOf, count, keys.ordered());
  }

  /// Each key, the largest first, goes to the fold that has the fewest rows so far (Graham 1969).
  private static byte[] packed(int[] sizes, int folds) {
    int[] keys =
        IntStream.range(0, sizes.length)
            .boxed()
            .sorted(Comparator.comparingInt(key -> -sizes[key]))
            .mapToInt(Integer::intValue)
            .toArray();
    byte[] foldOf = new byte[sizes.length];
    int[] rows = new int[folds];
    for (int key : keys) {
      int smallest = 0;
      for (int fold = 1; fold < folds; fold++) {
        smallest = rows[fold] < rows[smallest] ? fold : smallest;
      }
      foldOf[key] = (byte) smallest;
      rows[smallest] += sizes[key];
    }
    return foldOf;
  }

  /// Blocks of consecutive keys: what each has with those before it is as near as may be to its
  /// share of all rows, and it has a key at least.
  private static byte[] cut(RowKeys keys, int blocks) {
    int[] sizes = keys.sizes();
    byte[] blockOf = new byte[sizes.length];
    long before = 0;
    int key = 0;
    for (int block = 0; block < blocks; block++) {
      double end = (double) keys.rows().length * (block + 1) / blocks;
      int last = sizes.length - (blocks - 1 - block); // leaves a key for each block to come
      int first = key;
      while (key < last
          && (key == first
              || block == blocks - 1
              || Math.abs(before + sizes[key] - end) <= Math.abs(before - end))) {
        blockOf[key] = (byte) block;
        before += sizes[key++];
      }
    }
    return blockOf;
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

  /// Whether only rows that come before a fold train for it.
  public boolean ordered() {
    return ordered;
  }

  /// The rows as a split: one fold validates, the others train, or of blocks those before it; none
  /// tests.
  ///
  /// @param fold counted from 0
  public Split split(int fold) {
    int[] training = new int[rows.length];
    int[] validation = new int[rows.length];
    int held = ordered ? fold + 1 : fold;
    int t = 0;
    int v = 0;
    for (int i = 0; i < rows.length; i++) {
      if (foldOf[i] == held) {
        validation[v++] = rows[i];
      } else if (!ordered || foldOf[i] < held) {
        training[t++] = rows[i];
      }
    }
    return new Split(Arrays.copyOf(training, t), Arrays.copyOf(validation, v), new int[0]);
  }
}
