package dev.backprop.platform.parquet;

/// Gives the numbers with a fraction of a page, one after another.
interface Doubles {

  /// @throws dev.backprop.platform.problem.ProblemException if the page has fewer
  void read(double[] into, int n);

  static Doubles of(Encoding encoding, Physical physical, PageBytes bytes) {
    boolean narrow = physical == Physical.FLOAT;
    // The same bits as integers.
    Longs bits =
        Longs.of(
            encoding == Encoding.PLAIN || encoding == Encoding.BYTE_STREAM_SPLIT
                ? encoding
                : Encoding.GROUP_VAR_INT,
            narrow ? Physical.INT32 : Physical.INT64,
            bytes);
    long[] some = new long[Scratch.BATCH];
    return (into, n) -> {
      bits.read(some, n);
      for (int i = 0; i < n; i++) {
        into[i] =
            narrow
                ? decimal(Float.intBitsToFloat((int) some[i]))
                : Double.longBitsToDouble(some[i]);
      }
    };
  }

  /// The double of the shortest decimal text of a float, as CSV has it: 0.1 and not
  /// 0.10000000149011612.
  static double decimal(float value) {
    double exactly = value;
    double magnitude = Math.abs(exactly);
    if (exactly == Math.rint(exactly) && magnitude < 1 << 24) {
      return exactly;
    }
    if (magnitude >= 1e-3 && magnitude < 1e7) {
      double power = 10;
      for (int digits = 1; digits < 9; digits++, power *= 10) {
        // Both operands are exact, so that one rounding gives the nearest double.
        double decimal = Math.rint(exactly * power) / power;
        if ((float) decimal == value) {
          return decimal;
        }
      }
    }
    return Float.isFinite(value) ? Double.parseDouble(Float.toString(value)) : exactly;
  }
}
