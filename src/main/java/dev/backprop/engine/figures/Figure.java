package dev.backprop.engine.figures;

import org.jspecify.annotations.Nullable;

/// What figures have in common.
public final class Figure {

  private Figure() {}

  /// A figure; null if it is no finite number.
  public static @Nullable Double defined(double figure) {
    return Double.isFinite(figure) ? Double.valueOf(figure) : null;
  }

  /// a / b, or null if that says nothing.
  public static @Nullable Double ratio(double a, double b) {
    return b == 0 ? null : Double.valueOf(a / b);
  }
}
