package dev.backprop.platform.parquet;

/// Gives the integers of a page, one after another.
interface Longs {

  /// @throws dev.backprop.platform.problem.ProblemException if the page has fewer
  void read(long[] into, int n);

  static Longs of(Encoding encoding, Physical physical, PageBytes bytes) {
    return switch (encoding) {
      case PLAIN -> plain(physical, bytes);
      case DELTA_BINARY_PACKED -> {
        Deltas deltas = new Deltas(bytes);
        yield physical == Physical.INT32
            ? (into, n) -> {
              deltas.read(into, n);
              for (int i = 0; i < n; i++) {
                into[i] = (int) into[i];
              }
            }
            : deltas;
      }
      case RLE -> truths(bytes);
      case BYTE_STREAM_SPLIT -> split(physical, bytes);
      case GROUP_VAR_INT,
          PLAIN_DICTIONARY,
          BIT_PACKED,
          DELTA_LENGTH_BYTE_ARRAY,
          DELTA_BYTE_ARRAY,
          RLE_DICTIONARY ->
          throw Faults.damaged("has values of %s in the encoding %s".formatted(physical, encoding));
    };
  }

  private static Longs plain(Physical physical, PageBytes bytes) {
    int[] at = {bytes.from()};
    if (physical == Physical.BOOLEAN) {
      long[] bit = {8L * bytes.from()};
      return (into, n) -> {
        if (bit[0] + n > 8L * bytes.end()) {
          throw PageBytes.cut();
        }
        for (int i = 0; i < n; i++) {
          into[i] = bytes.bits(bit[0]++, 1);
        }
      };
    }
    boolean narrow = physical == Physical.INT32;
    int width = physical.bytes();
    return (into, n) -> {
      bytes.require(at[0], (long) width * n);
      if (narrow) {
        for (int i = 0; i < n; i++) {
          into[i] = bytes.int32(at[0] + 4 * i);
        }
      } else {
        for (int i = 0; i < n; i++) {
          into[i] = bytes.int64(at[0] + 8 * i);
        }
      }
      at[0] += width * n;
    };
  }

  private static Longs truths(PageBytes bytes) {
    bytes.require(bytes.from(), Integer.BYTES);
    PageBytes values = bytes.from(bytes.from() + Integer.BYTES);
    Runs runs = new Runs(values.first(bytes.int32(bytes.from()) & 0xffffffffL), 1);
    return (into, n) -> {
      int[] some = new int[n];
      runs.read(some, n);
      for (int i = 0; i < n; i++) {
        into[i] = some[i];
      }
    };
  }

  /// First the lowest bytes of all values, and so on up to the highest.
  private static Longs split(Physical physical, PageBytes bytes) {
    if (physical == Physical.BOOLEAN) {
      throw Faults.damaged("has truth values in the encoding BYTE_STREAM_SPLIT");
    }
    int width = physical.bytes();
    int count = (bytes.end() - bytes.from()) / width;
    boolean narrow = physical == Physical.INT32;
    int[] at = {0};
    return (into, n) -> {
      if (n > count - at[0]) {
        throw PageBytes.cut();
      }
      for (int i = 0; i < n; i++) {
        long value = 0;
        for (int b = width - 1; b >= 0; b--) {
          value = value << 8 | (bytes.array()[bytes.from() + b * count + at[0] + i] & 0xff);
        }
        into[i] = narrow ? (int) value : value;
      }
      at[0] += n;
    };
  }
}
