package dev.backprop.engine.drift;

import java.util.Arrays;

/// Counts the last rows that a model was asked, and what it answered. No row is kept. Rows are
/// counted in blocks, and the oldest block is forgotten as a whole. Serves many threads.
public final class Window {

  /// The most rows that count.
  public static final int ROWS = 10_000;

  /// Of the rows of a block, the window has from `ROWS - BLOCK` to `ROWS` if there were as many.
  public static final int BLOCK = 500;

  private final Reference reference;

  /// A block each, and the place of the one that is counted in.
  private final int[][] blocks;

  private int current;
  private int inCurrent;
  private long rows;

  public Window(Reference reference) {
    this.reference = reference;
    this.blocks = new int[ROWS / BLOCK][reference.bins()];
  }

  /// Bytes of the arrays of such an object.
  ///
  /// @param bins of all columns and answers
  public static long bytes(int bins) {
    return (long) ROWS / BLOCK * bins * Integer.BYTES;
  }

  /// Counts a row.
  ///
  /// @param cells one a column
  /// @param answers one an answer
  public void count(double[] cells, double[] answers) {
    int[] bins = new int[cells.length + answers.length];
    int first = 0;
    for (int c = 0; c < cells.length; c++) {
      ColumnReference column = reference.columns().get(c);
      bins[c] = first + column.bin(cells[c]);
      first += column.bins();
    }
    for (int a = 0; a < answers.length; a++) {
      ColumnReference answer = reference.answers().get(a);
      bins[cells.length + a] = first + answer.bin(answers[a]);
      first += answer.bins();
    }
    add(bins);
  }

  private synchronized void add(int[] bins) {
    if (inCurrent == BLOCK) {
      current = (current + 1) % blocks.length;
      Arrays.fill(blocks[current], 0);
      inCurrent = 0;
      rows -= rows > ROWS - BLOCK ? BLOCK : 0;
    }
    for (int bin : bins) {
      blocks[current][bin]++;
    }
    inCurrent++;
    rows++;
  }

  /// What has been counted until now.
  public synchronized Counts counts() {
    long[] sum = new long[blocks[0].length];
    for (int[] block : blocks) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += block[i];
      }
    }
    return new Counts(rows, sum);
  }
}
