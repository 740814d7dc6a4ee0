package dev.backprop.spark.training;

import java.io.Serializable;
import java.util.stream.IntStream;

/// Which rows train, which are held out to find the best round, and which test: a function of a
/// row's hash. Equal rows have the same part.
///
/// @param validation share of the rows
/// @param test share of the rows
record RowParts(double validation, double test) implements Serializable {

  static final byte TRAINING = 0;
  static final byte VALIDATION = 1;
  static final byte TEST = 2;

  byte part(long hash) {
    double u = (mixed(hash) >>> 11) * 0x1p-53;
    return u < validation ? VALIDATION : u < validation + test ? TEST : TRAINING;
  }

  /// Of the rows `rows`, those of a part.
  static int[] of(byte part, byte[] parts, int[] rows) {
    return IntStream.of(rows).filter(row -> parts[row] == part).toArray();
  }

  /// The finalizer of SplitMix64 (Steele, Lea and Flood 2014): the shard follows from the hash
  /// itself.
  private static long mixed(long hash) {
    long z = hash + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
