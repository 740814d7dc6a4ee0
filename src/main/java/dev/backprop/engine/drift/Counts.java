package dev.backprop.engine.drift;

/// How many rows fell into each bin of a [Reference]: those of its columns, then those of its
/// answers, side by side.
@SuppressWarnings("ArrayRecordComponent") // never changed, never compared
public record Counts(long rows, long[] bins) {

  /// These and those of another process that counts with the same reference.
  ///
  /// @throws IllegalArgumentException if the other has other bins
  public Counts plus(Counts other) {
    if (other.bins.length != bins.length) {
      throw new IllegalArgumentException(
          "%d bins beside %d".formatted(other.bins.length, bins.length));
    }
    long[] sum = bins.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other.bins[i];
    }
    return new Counts(rows + other.rows, sum);
  }
}
