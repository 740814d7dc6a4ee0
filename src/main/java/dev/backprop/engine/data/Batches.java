package dev.backprop.engine.data;

import dev.backprop.engine.linalg.Draws;

/// The training rows in mini-batches, in a new order each epoch; the last batch may be smaller, or
/// larger by what would be too small a batch. Belongs to one training.
public final class Batches {

  private final int[] trainingRows;
  private final int batchSize;
  private final int smallest;
  private final int perEpoch;
  private final long seed;
  private final int[] order;

  /// @param batchSize at least 1
  /// @param smallest a last batch of fewer examples joins the one before it; at most the batch size
  public Batches(int[] trainingRows, int batchSize, int smallest, long seed) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("batch size must be at least 1, was " + batchSize);
    }
    this.perEpoch = perEpoch(trainingRows.length, batchSize, smallest);
    this.trainingRows = trainingRows.clone();
    this.batchSize = batchSize;
    this.smallest = smallest;
    this.seed = seed;
    this.order = trainingRows.clone();
  }

  /// Batches of an epoch.
  public int perEpoch() {
    return perEpoch;
  }

  private static int perEpoch(int rows, int batchSize, int smallest) {
    int whole = rows / batchSize;
    int rest = rows % batchSize;
    return rest == 0 || (rest < smallest && whole > 0) ? whole : whole + 1;
  }

  /// Index in the epoch's order of the first example of a batch.
  public int from(int batch) {
    return batch * batchSize;
  }

  /// Examples of a batch.
  public int size(int batch) {
    return batch < perEpoch - 1 ? batchSize : trainingRows.length - from(batch);
  }

  /// The last batch of an epoch that is not smaller than the first.
  public int lastWhole() {
    int last = perEpoch - 1;
    return size(last) < size(0) ? last - 1 : last;
  }

  /// Examples of the largest batch.
  public int largest() {
    return largest(trainingRows.length, batchSize, smallest);
  }

  /// The same without the rows.
  public static int largest(int rows, int batchSize, int smallest) {
    int before = perEpoch(rows, batchSize, smallest) - 1;
    return Math.max(Math.min(rows, batchSize), rows - before * batchSize);
  }

  /// The order of an epoch, a function of the seed and the epoch only; the array is the same at
  /// every call and holds until the next.
  public int[] order(int epoch) {
    System.arraycopy(trainingRows, 0, order, 0, order.length);
    Draws.shuffle(order, seed, Draws.Purpose.SHUFFLE, epoch);
    return order;
  }
}
