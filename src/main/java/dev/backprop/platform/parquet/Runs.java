package dev.backprop.platform.parquet;

import java.util.Arrays;

/// Small integers in runs of one value and in packed bits, the encoding `RLE`.
final class Runs {

  private final PageBytes bytes;
  private final int width;
  private int at;

  /// What is left of the current run, or of the current packed values.
  private long left;

  private boolean packed;
  private int value;
  private long bit;

  /// @param width bits of a value, at most 32
  Runs(PageBytes bytes, int width) {
    if (width < 0 || width > Integer.SIZE) {
      throw Faults.damaged("has a page with values of %d bits".formatted(width));
    }
    this.bytes = bytes;
    this.width = width;
    this.at = bytes.from();
  }

  /// Reads the next `n` values.
  void read(int[] into, int n) {
    if (width == 0) {
      Arrays.fill(into, 0, n, 0);
      return;
    }
    int filled = 0;
    while (filled < n) {
      if (left == 0) {
        begin();
      }
      int some = (int) Math.min(left, n - filled);
      if (packed) {
        for (int i = filled; i < filled + some; i++) {
          into[i] = (int) bytes.bits(bit, width);
          bit += width;
        }
      } else {
        Arrays.fill(into, filled, filled + some, value);
      }
      filled += some;
      left -= some;
    }
  }

  private void begin() {
    long head = 0;
    for (int shift = 0; ; shift += 7) {
      bytes.require(at, 1);
      int b = bytes.array()[at++];
      head |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        break;
      }
      if (shift > 28) {
        throw PageBytes.cut();
      }
    }
    packed = (head & 1) != 0;
    if (packed) {
      // The last group may be cut behind its last value.
      long most = 8L * (bytes.end() - at) / width;
      left = Math.min(8 * (head >>> 1), most);
      bit = 8L * at;
      at += (int) Math.min((head >>> 1) * width, bytes.end() - at);
    } else {
      int length = (width + 7) / 8;
      bytes.require(at, length);
      value = (int) bytes.bits(8L * at, 8 * length);
      at += length;
      left = head >>> 1;
    }
    if (left == 0) {
      throw PageBytes.cut();
    }
  }
}
