package dev.backprop.engine.plan;

import java.util.Arrays;
import java.util.List;

/// Work that some do side by side: whoever is free takes the next piece.
public final class Turns {

  private Turns() {}

  /// When the last piece ends.
  ///
  /// @param lengths of the pieces, in the order in which they are taken
  /// @param atOnce how many work
  public static double last(List<Double> lengths, int atOnce) {
    double[] busy = new double[Math.max(1, atOnce)];
    for (double length : lengths) {
      Arrays.sort(busy);
      busy[0] += length;
    }
    return Arrays.stream(busy).max().orElse(0);
  }
}
