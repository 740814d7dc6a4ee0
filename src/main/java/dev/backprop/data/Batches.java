package dev.backprop.data;

import dev.backprop.linalg.Draws;

/// The training rows in mini-batches, in a new order each epoch; the last batch may be smaller.
/// Belongs to one training.
public final class Batches {

  private final int[] trainingRows;
  private final int batchSize;
  private final long seed;
  private final int[] order;

  /// @param batchSize at least 1
  public Batches(int[] trainingRows, int batchSize, long seed) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("batch size must be at least 1, was " + batchSize);
    }
    this.trainingRows = trainingRows.clone();
    this.batchSize = batchSize;
    this.seed = seed;
    this.order = trainingRows.clone();
  }

  /// Batches of an epoch.
  public int perEpoch() {
    return Math.ceilDiv(trainingRows.length, batchSize);
  }

  /// Index in the epoch's order of the first example of a batch.
  public int from(int batch) {
    return batch * batchSize;
  }

  /// Examples of a batch.
  public int size(int batch) {
    return Math.min(batchSize, trainingRows.length - from(batch));
  }

  /// The order of an epoch, a function of the seed and the epoch only; the array is the same at
  /// every call and holds until the next.
  public int[] order(int epoch) {
    System.arraycopy(trainingRows, 0, order, 0, order.length);
    Draws.shuffle(order, seed, Draws.Purpose.SHUFFLE, epoch);
    return order;
  }
}
