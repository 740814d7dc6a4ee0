package dev.backprop.platform.parquet;

/// The header of a gzip member (RFC 1952, section 2.3).
final class GzipHeader {

  /// Bytes behind the deflated ones: a checksum and a length.
  static final int TRAILER = 8;

  private static final int FIXED = 10;
  private static final int HAS_CHECKSUM = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;

  private GzipHeader() {}

  /// Where the deflated bytes begin, -1 if there is no header.
  static int end(byte[] bytes, int from, int end) {
    if (end - from < FIXED + TRAILER
        || bytes[from] != 0x1f
        || bytes[from + 1] != (byte) 0x8b
        || bytes[from + 2] != 8) {
      return -1;
    }
    int flags = bytes[from + 3];
    long at = (long) from + FIXED;
    if ((flags & HAS_EXTRA) != 0) {
      at += 2 + (bytes[(int) at] & 0xff) + ((bytes[(int) at + 1] & 0xff) << 8);
    }
    if ((flags & HAS_NAME) != 0) {
      at = behindZero(bytes, at, end);
    }
    if ((flags & HAS_COMMENT) != 0) {
      at = behindZero(bytes, at, end);
    }
    at += (flags & HAS_CHECKSUM) != 0 ? 2 : 0;
    return at > end - TRAILER ? -1 : (int) at;
  }

  private static long behindZero(byte[] bytes, long from, int end) {
    long at = from;
    while (at < end && bytes[(int) at] != 0) {
      at++;
    }
    return at + 1;
  }
}
