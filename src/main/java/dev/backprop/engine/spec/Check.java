package dev.backprop.engine.spec;

/// The range checks of the specs; each returns the value or throws an [InvalidSpecException] with
/// both numbers.
final class Check {

  private Check() {}

  static int range(String pointer, int value, int min, int max) {
    if (value < min) {
      throw new InvalidSpecException(pointer, "must be at least " + min + ", was " + value);
    }
    if (value > max) {
      throw new InvalidSpecException(pointer, "must be at most " + max + ", was " + value);
    }
    return value;
  }

  static double positive(String pointer, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new InvalidSpecException(pointer, "must be a finite number above 0, was " + value);
    }
    return value;
  }

  static double notNegative(String pointer, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new InvalidSpecException(
          pointer, "must be a finite number of at least 0, was " + value);
    }
    return value;
  }

  static double atLeastOne(String pointer, double value) {
    if (!(value >= 1) || Double.isInfinite(value)) {
      throw new InvalidSpecException(
          pointer, "must be a finite number of at least 1, was " + value);
    }
    return value;
  }

  /// A number in [0, 1).
  static double fraction(String pointer, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new InvalidSpecException(pointer, "must be at least 0 and below 1, was " + value);
    }
    return value;
  }

  /// A number in (0, 1].
  static double factor(String pointer, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new InvalidSpecException(pointer, "must be above 0 and at most 1, was " + value);
    }
    return value;
  }
}
