package dev.backprop.platform.parquet;

/// Integers as differences, the encoding `DELTA_BINARY_PACKED`.
final class Deltas implements Longs {

  private static final int MAX_BLOCK = 1 << 16;
  private static final int MAX_MINI_BLOCKS = 1 << 9;

  private final PageBytes bytes;
  private int at;
  private final int perMiniBlock;
  private final byte[] widths;
  private final long count;

  /// Values that have been read.
  private long done;

  private long last;
  private long least;
  private int miniBlock;

  /// Of the current mini block.
  private int left;

  private int width;
  private long bit;

  Deltas(PageBytes bytes) {
    this.bytes = bytes;
    this.at = bytes.from();
    long block = varint();
    long miniBlocks = varint();
    count = varint();
    last = zigzag();
    if (block <= 0
        || block > MAX_BLOCK
        || miniBlocks <= 0
        || miniBlocks > MAX_MINI_BLOCKS
        || block % miniBlocks != 0
        || block / miniBlocks % 8 != 0) {
      throw Faults.damaged("has blocks of %d differences in %d parts".formatted(block, miniBlocks));
    }
    perMiniBlock = (int) (block / miniBlocks);
    widths = new byte[(int) miniBlocks];
    miniBlock = widths.length;
  }

  long count() {
    return count;
  }

  @Override
  public void read(long[] into, int n) {
    if (n > count - done) {
      throw PageBytes.cut();
    }
    for (int i = 0; i < n; i++) {
      if (done > 0) {
        if (left == 0) {
          begin();
        }
        last += least + (width == 0 ? 0 : bytes.bits(bit, width));
        bit += width;
        left--;
      }
      into[i] = last;
      done++;
    }
  }

  private void begin() {
    if (miniBlock == widths.length) {
      least = zigzag();
      bytes.require(at, widths.length);
      System.arraycopy(bytes.array(), at, widths, 0, widths.length);
      at += widths.length;
      miniBlock = 0;
    }
    width = widths[miniBlock++] & 0xff;
    if (width > Long.SIZE) {
      throw Faults.damaged("has differences of %d bits".formatted(width));
    }
    left = perMiniBlock;
    // The last one may be cut behind its last value.
    long values = Math.min(perMiniBlock, count - done);
    bytes.require(at, (values * width + 7) / 8);
    bit = 8L * at;
    at += (int) Math.min((long) perMiniBlock * width / 8, bytes.end() - at);
  }

  /// Reads to the end, and tells where it is.
  ///
  /// @param sum gets the sum of all values, none of which may be below 0
  int end(long[] sum) {
    long[] one = new long[1];
    while (done < count) {
      read(one, 1);
      if (one[0] < 0) {
        throw Faults.damaged("has a text of %d bytes".formatted(one[0]));
      }
      sum[0] += one[0];
    }
    return at;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      bytes.require(at, 1);
      int b = bytes.array()[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw PageBytes.cut();
  }

  private long zigzag() {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }
}
