package dev.backprop.platform.parquet;

import org.jspecify.annotations.Nullable;

/// Room for a batch of cells, which the columns of a file use one after another.
final class Scratch {

  /// Rows of a batch.
  static final int BATCH = 1 << 12;

  /// Texts up to this are read in no time, however often they are named.
  private static final int SHORT = 256;

  /// What the other texts of a file may have together, each counted as often as it is named.
  private static final long MAX_LONG_CHARS = 1L << 32;

  final int[] levels = new int[BATCH];
  final int[] places = new int[BATCH];
  final int[] ends = new int[BATCH];
  final long[] longs = new long[BATCH];
  final double[] values = new double[BATCH];
  final @Nullable String[] texts = new @Nullable String[BATCH];
  final Utf8 chars = new Utf8();

  private long longChars;

  /// Counts a text that is named. A file of a few bytes can name a long text very often.
  void count(int length) {
    longChars += length > SHORT ? length : 0;
    if (longChars > MAX_LONG_CHARS) {
      throw Faults.unread(
          "must have at most %d characters in texts of more than %d, has more"
              .formatted(MAX_LONG_CHARS, SHORT));
    }
  }

  static boolean isShort(int length) {
    return length <= SHORT;
  }
}
