package dev.backprop.linalg;

/// Random draws as pure functions of (seed, purpose, epoch, position): no generator has a state to keep.
public final class Draws {

  /// What a draw is for; draws of different purposes are independent.
  public enum Purpose {
    INITIALIZATION(1),
    SPLIT(2),
    SHUFFLE(3),
    DROPOUT(4);

    private final int salt;

    Purpose(int salt) {
      this.salt = salt;
    }
  }

  private Draws() {}

  /// 64 random bits.
  public static long bits(long seed, Purpose purpose, long epoch, long position) {
    return mix(mix(mix(mix(seed) + purpose.salt) + epoch) + position);
  }

  /// A number in [0, 1).
  public static double uniform(long seed, Purpose purpose, long epoch, long position) {
    return (bits(seed, purpose, epoch, position) >>> 11) * 0x1p-53;
  }

  /// A number of N(0, 1).
  public static double normal(long seed, Purpose purpose, long epoch, long position) {
    double u = 1 - uniform(seed, purpose, epoch, 2 * position);
    double v = uniform(seed, purpose, epoch, 2 * position + 1);
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
  }

  /// Shuffles in place (Fisher and Yates).
  public static void shuffle(int[] values, long seed, Purpose purpose, long epoch) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = (int) Long.remainderUnsigned(bits(seed, purpose, epoch, i), i + 1L);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }

  /// SplitMix64 (Steele, Lea and Flood 2014).
  private static long mix(long x) {
    long z = x + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
