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

  /// A block each, and the place of the one that is counted in. There are none before the first
  /// row.
  private int[][] blocks = new int[0][];

  private int current;
  private int inCurrent;
  private long rows;

  public Window(Reference reference) {
    this.reference = reference;
  }

  /// Bytes of the arrays of such an object.
  ///
  /// @param bins of all columns and answers
  public static long bytes(int bins) {
    return (long) ROWS / BLOCK * bins * Integer.BYTES;
  }

  public Reference reference() {
    return reference;
  }

  /// Counts a row.
  ///
  /// @param cells one a column
  /// @param answers one an answer
  /// @return whether it is the first
  public boolean count(double[] cells, double[] answers) {
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
    return add(bins);
  }

  private synchronized boolean add(int[] bins) {
    if (blocks.length == 0) {
      blocks = new int[ROWS / BLOCK][reference.bins()];
    }
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
    return rows == 1;
  }

  /// What has been counted until now.
  public synchronized Counts counts() {
    long[] sum = new long[reference.bins()];
    for (int[] block : blocks) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += block[i];
      }
    }
    return new Counts(rows, sum);
  }
}
