package dev.backprop.engine.data;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.Meter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows of equally many floats, in blocks; immutable. A block has a power of two of rows, because a
/// division takes longer than to copy a narrow row.
public final class DenseRows {

  private static final int BLOCK_FLOATS = 1 << 16;

  private final int rows;
  private final int width;

  /// Binary logarithm of the rows of a block.
  private final int blockBits;

  private final float[][] blocks;

  private DenseRows(int rows, int width, int blockBits, float[][] blocks) {
    this.rows = rows;
    this.width = width;
    this.blockBits = blockBits;
    this.blocks = blocks;
  }

  /// @param values all rows of the same length, finite
  public static DenseRows of(double[][] values) {
    Builder builder = new Builder(ByteBudget.unbounded());
    for (double[] row : values) {
      for (double value : row) {
        builder.add(value);
      }
      builder.endRow();
    }
    return builder.build();
  }

  /// Rows of zeros, to be [#put].
  ///
  /// @param width at least 1
  static DenseRows zeros(int rows, int width) {
    int bits = blockBits(width);
    float[][] blocks = new float[Math.ceilDiv(rows, 1 << bits)][];
    for (int b = 0; b < blocks.length; b++) {
      blocks[b] = new float[Math.min(1 << bits, rows - (b << bits)) * width];
    }
    return new DenseRows(rows, width, bits, blocks);
  }

  /// Of a block: as many rows as fit, and at least 1.
  private static int blockBits(int width) {
    return Math.max(0, 31 - Integer.numberOfLeadingZeros(BLOCK_FLOATS / width));
  }

  /// Of columns that have no cell missing, each number within the range of a float.
  static DenseRows of(List<Column> columns) {
    Builder builder = new Builder(ByteBudget.unbounded());
    for (int row = 0; row < columns.getFirst().rows(); row++) {
      for (Column column : columns) {
        builder.add(column.cell(row));
      }
      builder.endRow();
    }
    return builder.build();
  }

  /// One row that has the numbers of a column.
  static DenseRows row(Column column) {
    Builder builder = new Builder(ByteBudget.unbounded());
    for (int row = 0; row < column.rows(); row++) {
      builder.add(column.cell(row));
    }
    builder.endRow();
    return builder.build();
  }

  public int rows() {
    return rows;
  }

  public int width() {
    return width;
  }

  public long bytes() {
    long bytes = 0;
    for (float[] block : blocks) {
      bytes += 16 + 4L * block.length;
    }
    return bytes;
  }

  public float value(int row, int column) {
    return blocks[row >> blockBits][inBlock(row) * width + column];
  }

  /// Copies `count` rows from `row` on, block by block.
  void copy(int row, int count, float[] into, int offset) {
    for (int copied = 0; copied < count; ) {
      int first = inBlock(row + copied);
      int n = Math.min(count - copied, (1 << blockBits) - first);
      float[] block = blocks[(row + copied) >> blockBits];
      System.arraycopy(block, first * width, into, offset + copied * width, n * width);
      copied += n;
    }
  }

  /// Copies the rows `rows[from] … rows[from + n - 1]`, neighbours at once; sets the rows in use.
  void copy(int[] which, int from, int n, Matrix into) {
    into.rows(n);
    if (into.columns() != width) {
      throw new IllegalArgumentException(into.columns() + " columns for " + width);
    }
    int run;
    for (int i = 0; i < n; i += run) {
      run = 1;
      while (i + run < n && which[from + i + run] == which[from + i] + run) {
        run++;
      }
      copy(which[from + i], run, into.values(), into.offset() + i * width);
    }
  }

  /// Sets the first `n` of these rows.
  ///
  /// @param values of one row after another
  void put(int[] which, int n, float[] values) {
    for (int i = 0; i < n; i++) {
      float[] block = blocks[which[i] >> blockBits];
      System.arraycopy(values, i * width, block, inBlock(which[i]) * width, width);
    }
  }

  private int inBlock(int row) {
    return row & ((1 << blockBits) - 1);
  }

  /// Appends number after number; the first row decides the width.
  public static final class Builder {

    private final Meter meter;
    private final List<float[]> blocks = new ArrayList<>();
    private float[] current = new float[16];
    private int filled;
    private int inRow;
    private int rows;
    private int width = -1;
    private int blockBits;

    public Builder(ByteBudget budget) {
      this.meter = new Meter(budget);
      meter.add(16 + 4L * current.length);
    }

    /// @throws InvalidDataException if the number is beyond the range of a float
    public void add(double value) {
      float narrow = (float) value;
      if (Float.isInfinite(narrow) || Float.isNaN(narrow)) {
        throw new InvalidDataException(
            InvalidDataException.Fault.OUT_OF_RANGE,
            null,
            rows,
            "must be within ±" + Float.MAX_VALUE + ", was " + value);
      }
      if (width >= 0 && inRow >= width) {
        inRow++; // told at the end of the row, with both numbers
        return;
      }
      if (filled == current.length) {
        grow();
      }
      current[filled++] = narrow;
      inRow++;
    }

    /// @throws InvalidDataException if the row is empty or not as long as the first
    public void endRow() {
      if (inRow == 0) {
        throw new InvalidDataException(
            InvalidDataException.Fault.OUT_OF_RANGE,
            null,
            rows,
            "must have at least 1 number, had 0");
      }
      if (width < 0) {
        width = inRow;
        blockBits = blockBits(width);
        int full = width << blockBits;
        if (current.length > full) { // one row, and wider than a block
          meter.add(4L * (full - current.length));
          current = Arrays.copyOf(current, full);
        }
      } else if (inRow != width) {
        throw new InvalidDataException(
            InvalidDataException.Fault.OUT_OF_RANGE,
            null,
            rows,
            "must have %d numbers, had %d".formatted(width, inRow));
      }
      inRow = 0;
      rows++;
    }

    public int rows() {
      return rows;
    }

    /// Numbers so far in the row that is being read.
    public int inRow() {
      return inRow;
    }

    public DenseRows build() {
      if (inRow != 0) {
        throw new IllegalStateException("the last row has not ended");
      }
      if (filled > 0) {
        close(Arrays.copyOf(current, filled));
      }
      meter.tell();
      return new DenseRows(rows, Math.max(0, width), blockBits, blocks.toArray(float[][]::new));
    }

    private void grow() {
      int full = width < 0 ? Integer.MAX_VALUE : width << blockBits;
      if (filled == full) {
        blocks.add(current);
        current = new float[full];
        filled = 0;
        meter.add(16 + 4L * full);
      } else {
        int length = (int) Math.min(full, 2L * current.length);
        meter.add(4L * (length - current.length));
        current = Arrays.copyOf(current, length);
      }
    }

    private void close(float[] block) {
      meter.add(4L * (block.length - current.length));
      blocks.add(block);
    }
  }
}
