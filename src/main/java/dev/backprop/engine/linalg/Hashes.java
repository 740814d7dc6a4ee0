package dev.backprop.engine.linalg;

/// [Draws#hash(int, int, int)] of many keys at many positions at once, from arrays that one thread
/// owns. The compiler puts only simple loops on vectors if a row is short: a loop of the whole
/// function over one row after the other takes four times as long.
public final class Hashes {

  /// So many hashes are fast: they are enough for long loops, and stay in the nearest cache.
  public static final int BLOCK = 4096;

  private final int positions;

  /// Halves of the keys.
  private final int[] first;

  private final int[] second;

  /// Of every row of `hashes`, the positions times the first multiplier.
  private final int[] places;

  private final int[] hashes;

  /// @param keys at most
  public Hashes(int keys, int positions) {
    this.positions = positions;
    this.first = new int[keys];
    this.second = new int[keys];
    this.places = new int[Math.multiplyExact(keys, positions)];
    this.hashes = new int[places.length];
    for (int i = 0; i < places.length; i++) {
      places[i] = i % positions * Draws.HASH_STEP;
    }
  }

  /// Bytes of the arrays of such an object.
  public static long bytes(int keys, int positions) {
    return 2L * Integer.BYTES * keys * (1 + positions);
  }

  /// How many at most.
  public int keys() {
    return first.length;
  }

  /// @param k place of the key
  public void key(int k, long bits) {
    first[k] = (int) (bits >>> 32);
    second[k] = (int) bits;
  }

  /// The hashes of the first keys, those of a key side by side. They last until the next call.
  public int[] hash(int keys) {
    int size = keys * positions;
    for (int k = 0; k < keys; k++) {
      add(places, first[k], hashes, k * positions, positions);
    }
    for (int i = 0; i < size; i++) {
      hashes[i] = Draws.hashBegin(hashes[i]);
    }
    for (int k = 0; k < keys; k++) {
      add(hashes, second[k], hashes, k * positions, positions);
    }
    for (int i = 0; i < size; i++) {
      hashes[i] = Draws.hashEnd(hashes[i]);
    }
    return hashes;
  }

  private static void add(int[] of, int key, int[] to, int from, int length) {
    for (int j = 0; j < length; j++) {
      to[from + j] = of[from + j] + key;
    }
  }
}
