package dev.backprop.engine.data;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds held-out rows that a network has learned by heart: that are equal to rows which train in
/// every feature and every target. Rows are compared by 64 bits of their cells, in time that grows
/// with the cells and with memory that does not. Of very many different rows it looks at a sample.
public final class EqualRows {

  /// Cells beyond which nothing is looked at.
  public static final long MAX_CELLS = 100_000_000;

  private static final int BLOCK = 1024;
  private static final int BLOCK_FLOATS = 1 << 16;

  private final long cells;
  private final Hashing hashing;

  private EqualRows(long cells, Hashing hashing) {
    this.cells = cells;
    this.hashing = hashing;
  }

  /// @param equal how many of the held-out rows are equal to training rows
  /// @param of the held-out rows that were looked at
  public record Count(long equal, long of) {}

  private interface Hashing {

    /// Of the rows `rows[from] … rows[from + n - 1]`, n at most [#BLOCK].
    void hash(int[] rows, int from, int n, long[] into);
  }

  /// Of a table's features and targets.
  public static EqualRows of(Table table, Schema schema) {
    List<Column> columns =
        schema.fields().stream()
            .filter(
                field -> field.role() == Schema.Role.FEATURE || field.role() == Schema.Role.TARGET)
            .map(field -> table.required(field.name()))
            .toList();
    double[] values = new double[BLOCK];
    return new EqualRows(
        (long) table.rows() * columns.size(),
        (rows, from, n, into) -> {
          Arrays.fill(into, 0, n, 0);
          for (Column column : columns) {
            column.gather(rows, from, n, values, 0, 1);
            for (int i = 0; i < n; i++) {
              into[i] = mixed(into[i], Double.doubleToLongBits(values[i] + 0.0));
            }
          }
        });
  }

  /// Of bare inputs and targets.
  public static EqualRows of(BareExamples examples) {
    int width = Math.max(examples.inputs(), examples.outputs());
    int block = Math.clamp(BLOCK_FLOATS / width, 1, BLOCK);
    Matrix x = Matrix.allocate(block, examples.inputs());
    Matrix y = Matrix.allocate(block, examples.outputs());
    return new EqualRows(
        (long) examples.size() * (examples.inputs() + examples.outputs()),
        (rows, from, n, into) -> {
          Arrays.fill(into, 0, n, 0);
          for (int i = 0; i < n; i += block) {
            int some = Math.min(block, n - i);
            examples.encode(rows, from + i, some, x, y);
            for (int row = 0; row < some; row++) {
              into[i + row] = mixed(mixed(into[i + row], x, row), y, row);
            }
          }
        });
  }

  private static long mixed(long hash, Matrix matrix, int row) {
    long h = hash;
    int at = matrix.offset() + row * matrix.columns();
    for (int i = at; i < at + matrix.columns(); i++) {
      h = mixed(h, Float.floatToIntBits(matrix.values()[i] + 0f));
    }
    return h;
  }

  private static long mixed(long hash, long bits) {
    long h = (hash ^ bits) * 0x9E3779B97F4A7C15L;
    return (h ^ (h >>> 32)) * 0xBF58476D1CE4E5B9L;
  }

  /// How many of the rows that validate and test are equal to rows that train.
  ///
  /// @return null if there are too many cells
  public @Nullable Count across(Split split) {
    if (cells > MAX_CELLS) {
      return null;
    }
    Contents contents = new Contents();
    each(split.validation(), hash -> contents.add(hash, 1, true));
    each(split.test(), hash -> contents.add(hash, 1, true));
    each(split.training(), hash -> contents.mark(hash, 0));
    return contents.inParts(parts -> (parts & 1) != 0);
  }

  /// How many of the rows that are held out in some fold are equal to rows that train then.
  ///
  /// @return null if there are too many cells
  public @Nullable Count across(Folds folds) {
    if (cells > MAX_CELLS) {
      return null;
    }
    Contents contents = new Contents();
    if (folds.ordered()) {
      each(folds.split(0).training(), hash -> contents.add(hash, 0, false));
    }
    for (int fold = 0; fold < folds.count(); fold++) {
      int part = fold + 1;
      each(folds.split(fold).validation(), hash -> contents.add(hash, part, true));
    }
    return folds.ordered()
        ? contents.inLowerParts()
        : contents.inParts(parts -> Integer.bitCount(parts) > 1);
  }

  private interface Sink {
    void accept(long hash);
  }

  private void each(int[] rows, Sink sink) {
    long[] hashes = new long[BLOCK];
    for (int from = 0; from < rows.length; from += BLOCK) {
      int n = Math.min(BLOCK, rows.length - from);
      hashing.hash(rows, from, n, hashes);
      for (int i = 0; i < n; i++) {
        sink.accept(finished(hashes[i]));
      }
    }
  }

  /// The finalizer of SplitMix64; never 0.
  private static long finished(long hash) {
    long z = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    return z == 0 ? 1 : z;
  }
}
