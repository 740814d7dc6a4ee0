package dev.backprop.engine.linalg;

/// Random draws as pure functions of (seed, purpose, epoch, position). There is no generator state,
/// so that work may be cut, resumed and repeated in any order and still draw the same.
///
/// The bits of one (seed, purpose, epoch) are the SplitMix64 stream (Steele, Lea and Flood 2014) of
/// a key mixed from those three, read at `position`.
public final class Draws {

  /// What a draw is for: draws of different purposes are independent.
  public enum Purpose {
    INITIALIZATION(1),
    SPLIT(2),
    SHUFFLE(3),
    DROPOUT(4),
    BOOTSTRAP(5),
    IMPORTANCE(8),
    DRIFT(9);

    private final int code;

    Purpose(int code) {
      this.code = code;
    }
  }

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  /// What neighbouring positions of a hash are apart.
  static final int HASH_STEP = 0x9E3779B9;

  private Draws() {}

  /// 64 random bits.
  public static long bits(long seed, Purpose purpose, long epoch, long position) {
    return mix(key(seed, purpose, epoch) + (position + 1) * GOLDEN_GAMMA);
  }

  /// A number uniform in [0, 1), a multiple of 2^-53.
  public static double uniform(long seed, Purpose purpose, long epoch, long position) {
    return toUniform(bits(seed, purpose, epoch, position));
  }

  /// A number of the standard normal distribution (Box and Muller 1958, the cosine of the pair).
  public static double normal(long seed, Purpose purpose, long epoch, long position) {
    long first = bits(seed, purpose, epoch, position);
    // 1 - u is in (0, 1]: its logarithm is finite.
    double radius = Math.sqrt(-2 * Math.log(1 - toUniform(first)));
    return radius * Math.cos(2 * Math.PI * toUniform(mix(~first)));
  }

  /// Puts the values into a random order (Fisher-Yates), a pure function of their order before.
  public static void shuffle(int[] values, long seed, Purpose purpose, long epoch) {
    long key = key(seed, purpose, epoch);
    for (int i = values.length - 1; i > 0; i--) {
      long bits = mix(key + (i + 1L) * GOLDEN_GAMMA);
      // The high half of a 64-bit product: uniform on 0 … i but for a bias below 2^-32.
      int j = (int) Math.unsignedMultiplyHigh(bits, i + 1L);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }

  /// 32 bits of a pair of keys and a position: a weaker draw for the many positions under one
  /// [#bits]. It is free of 64-bit products, so that [Hashes] of it run on vectors. The multipliers
  /// are those of Wellons' `triple32`.
  public static int hash(int key1, int key2, int position) {
    return hashEnd(hashBegin(position * HASH_STEP + key1) + key2);
  }

  static int hashBegin(int h) {
    return (h ^ (h >>> 17)) * 0xED5AD4BB;
  }

  static int hashEnd(int h) {
    h = (h ^ (h >>> 11)) * 0xAC4C1B51;
    h = (h ^ (h >>> 15)) * 0x31848BAB;
    return h ^ (h >>> 14);
  }

  private static long key(long seed, Purpose purpose, long epoch) {
    return mix(mix(mix(seed + GOLDEN_GAMMA) + purpose.code) + epoch);
  }

  private static double toUniform(long bits) {
    return (bits >>> 11) * 0x1p-53;
  }

  /// The finalizer of SplitMix64 (Stafford's variant 13 of MurmurHash3's).
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
