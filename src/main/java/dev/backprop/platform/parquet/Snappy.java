package dev.backprop.platform.parquet;

/// Decompresses Snappy's raw format
/// (<https://github.com/google/snappy/blob/main/format_description.txt>).
final class Snappy {

  private Snappy() {}

  /// Fills `to[0 … size - 1]`.
  ///
  /// @return how many bytes there are, -1 if the bytes are damaged or hold more
  static int decompress(byte[] from, int offset, int length, byte[] to, int size) {
    int end = offset + length;
    int at = offset;
    long promised = 0;
    for (int shift = 0; ; shift += 7) {
      if (at == end || shift > 28) {
        return -1;
      }
      int b = from[at++];
      promised |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        break;
      }
    }
    if (promised != size) {
      return -1;
    }
    int filled = 0;
    while (at < end) {
      int tag = from[at++] & 0xff;
      int kind = tag & 3;
      int n = tag >>> 2;
      if (kind == 0) {
        if (n >= 60) {
          int bytes = n - 59;
          if (bytes > end - at) {
            return -1;
          }
          long many = number(from, at, bytes);
          at += bytes;
          if (many >= Integer.MAX_VALUE) {
            return -1;
          }
          n = (int) many;
        }
        n++;
        if (n > end - at || n > size - filled) {
          return -1;
        }
        System.arraycopy(from, at, to, filled, n);
        at += n;
      } else {
        int bytes = kind == 3 ? 4 : kind;
        if (bytes > end - at) {
          return -1;
        }
        long back = number(from, at, bytes);
        at += bytes;
        if (kind == 1) {
          back |= (tag >>> 5) << 8;
          n = (n & 7) + 4;
        } else {
          n++;
        }
        if (back == 0 || back > filled || n > size - filled) {
          return -1;
        }
        copy(to, filled, (int) back, n);
      }
      filled += n;
    }
    return filled;
  }

  private static long number(byte[] from, int at, int bytes) {
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      number |= (long) (from[at + i] & 0xff) << (8 * i);
    }
    return number;
  }

  /// Copies bytes that may be among those that are written.
  private static void copy(byte[] to, int at, int back, int n) {
    if (back >= n) {
      System.arraycopy(to, at - back, to, at, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      to[at + i] = to[at + i - back];
    }
  }
}
