package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Hashes;
import dev.backprop.engine.linalg.Matrix;
import java.util.Arrays;

/// What dropout keeps of one batch: a bit for each element, so that the mask stays in the cache
/// while the batch goes through. The rows are cut into as many stripes of equal height as an int
/// has bits, or fewer. Bit s of an int is of stripe s: so every loop is over neighbours.
final class Mask {

  private final int units;
  private final Hashes hashes;
  private final int[] kept;

  /// Of the training, from 0 to 1.
  double progress;

  private float scale;

  /// @param rows at most
  Mask(int rows, int units) {
    this.units = units;
    this.hashes = new Hashes(height(rows, units), units);
    this.kept = new int[Math.multiplyExact(hashes.keys(), units)];
  }

  private static int height(long rows, int units) {
    long stripe = Math.max(Math.ceilDiv(rows, Integer.SIZE), Hashes.BLOCK / units);
    return Math.toIntExact(Math.clamp(stripe, 1, Math.max(1, rows)));
  }

  /// Bytes of the arrays of such an object.
  static long bytes(long rows, int units) {
    int height = height(rows, units);
    return Hashes.bytes(height, units) + (long) Integer.BYTES * height * units;
  }

  /// Drops each element with the probability of the step: if the upper 24 bits of its hash are
  /// below that.
  void draw(Dropout dropout, int rows, long seed, int epoch, long position) {
    double rate = dropout.spec().rate(progress);
    int threshold = (int) Math.round(rate * (1 << 24));
    scale = (float) (1 / (1 - rate));
    Arrays.fill(kept, 0);
    int height = hashes.keys();
    for (int stripe = 0; stripe * height < rows; stripe++) {
      int first = stripe * height;
      int count = Math.min(height, rows - first);
      for (int i = 0; i < count; i++) {
        hashes.key(i, dropout.key(first + i, rows, seed, epoch, position));
      }
      keep(hashes.hash(count), threshold, stripe, kept, count * units);
    }
  }

  private static void keep(int[] hashes, int threshold, int stripe, int[] kept, int size) {
    for (int i = 0; i < size; i++) {
      kept[i] |= ((threshold - 1 - (hashes[i] >>> 8)) >>> 31) << stripe;
    }
  }

  /// to = of * M.
  void multiply(Matrix of, Matrix to) {
    multiply(of.values(), to.values(), to.size(), kept, scale);
  }

  private static void multiply(float[] x, float[] a, int size, int[] kept, float scale) {
    int height = kept.length;
    for (int stripe = 0; stripe * height < size; stripe++) {
      int from = stripe * height;
      int count = Math.min(height, size - from);
      for (int i = 0; i < count; i++) {
        a[from + i] = x[from + i] * (scale * ((kept[i] >>> stripe) & 1));
      }
    }
  }

  /// What the inputs of that many rows are multiplied by.
  Matrix factors(int rows) {
    Matrix factors = Matrix.allocate(rows, units);
    Arrays.fill(factors.values(), 1);
    multiply(factors, factors);
    return factors;
  }
}
