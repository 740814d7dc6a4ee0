package dev.backprop.platform.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// How pages are compressed. The numbers are those of `CompressionCodec` in parquet.thrift.
enum Codec {
  UNCOMPRESSED,
  SNAPPY,
  GZIP,
  LZO,
  BROTLI,
  LZ4,
  ZSTD,
  LZ4_RAW;

  static Codec of(int number) {
    if (number < 0 || number >= values().length) {
      throw Faults.damaged("has an unknown compression %d".formatted(number));
    }
    Codec codec = values()[number];
    return switch (codec) {
      case UNCOMPRESSED, SNAPPY, GZIP, ZSTD -> codec;
      case LZO, BROTLI, LZ4, LZ4_RAW ->
          throw Faults.unread(
              "is compressed by %s, which is not read; write it with snappy, gzip, zstd or none"
                  .formatted(codec));
    };
  }

  /// Fills `to[0 … size - 1]`.
  ///
  /// @param to has room for one byte more, by which it shows that there are too many
  /// @throws dev.backprop.platform.problem.ProblemException if the bytes are damaged, or hold more
  ///   or fewer bytes
  void decompress(byte[] from, int offset, int length, byte[] to, int size) {
    int n =
        switch (this) {
          case UNCOMPRESSED -> {
            if (length == size) {
              System.arraycopy(from, offset, to, 0, size);
            }
            yield length;
          }
          case SNAPPY -> Snappy.decompress(from, offset, length, to, size);
          case GZIP -> gunzip(from, offset, length, to, size);
          case ZSTD -> zstd(from, offset, length, to, size);
          case LZO, BROTLI, LZ4, LZ4_RAW -> throw new IllegalStateException(name());
        };
    if (n != size) {
      throw Faults.damaged(
          "has a page that must hold %d bytes, and does not when it is decompressed"
              .formatted(size));
    }
  }

  private static int zstd(byte[] from, int offset, int length, byte[] to, int size) {
    try {
      long n = Zstd.decompressByteArray(to, 0, size, from, offset, length);
      return n == size ? size : -1;
    } catch (ZstdException _) {
      return -1;
    }
  }

  /// Members of gzip (RFC 1952), one behind the other.
  private static int gunzip(byte[] from, int offset, int length, byte[] to, int size) {
    int at = offset;
    int end = offset + length;
    int filled = 0;
    Inflater inflater = new Inflater(true);
    try {
      while (at < end) {
        at = GzipHeader.end(from, at, end);
        if (at < 0) {
          return -1;
        }
        inflater.reset();
        inflater.setInput(from, at, end - at);
        while (!inflater.finished()) {
          int n = inflater.inflate(to, filled, size + 1 - filled);
          filled += n;
          if (filled > size || (n == 0 && !inflater.finished())) {
            return -1; // it holds more, or is cut
          }
        }
        at = end - inflater.getRemaining() + GzipHeader.TRAILER;
      }
      return at == end ? filled : -1;
    } catch (DataFormatException _) {
      return -1;
    } finally {
      inflater.end();
    }
  }
}
