package dev.backprop.engine.scoring;

import dev.backprop.engine.linalg.Draws;

/// A number that is drawn for a row once and for all: a function of the model version and of the
/// row.
final class RowDraw {

  private RowDraw() {}

  /// Uniform in [0, 1).
  ///
  /// @param version a number of the model version
  /// @param row its bytes, the same whenever the row is the same
  static double of(long version, byte[] row) {
    long bits = version;
    for (int i = 0; i < row.length; i++) {
      bits = Draws.bits(bits, Draws.Purpose.BOOTSTRAP, row[i], i);
    }
    return Draws.uniform(bits, Draws.Purpose.BOOTSTRAP, row.length, 0);
  }
}
