package dev.backprop.engine.plan;

/// How long a machine takes to compute, in seconds on one thread.
///
/// @param narrow of a multiplication with its addition in a product of matrices of 16 columns
/// @param middle the same with 64 columns
/// @param wide the same with 256 columns
/// @param element of a number in a pass over numbers
/// @param parameter of a parameter in a step of an optimizer
public record MachineFigures(
    double narrow, double middle, double wide, double element, double parameter) {

  static final int NARROW = 16;
  static final int MIDDLE = 64;
  static final int WIDE = 256;

  /// Those of a server core with AVX2, for as long as nothing has been measured.
  public static final MachineFigures BUILT_IN =
      new MachineFigures(1.2e-10, 5e-11, 2.5e-11, 3e-10, 8e-10);

  /// Seconds of a multiplication with its addition in a product, forward or back, of a layer.
  ///
  /// @param p inputs of the layer
  /// @param q its units
  double product(double p, double q) {
    double width = Math.sqrt(p * q);
    if (width <= NARROW) {
      return narrow * NARROW / Math.max(1, width);
    }
    return width <= MIDDLE
        ? between(narrow, middle, width / NARROW)
        : between(middle, wide, Math.min(width, WIDE) / MIDDLE);
  }

  /// @param times how many times the width of the first figure, up to 4, that of the second
  private static double between(double first, double second, double times) {
    return first * Math.pow(second / first, Math.log(times) / Math.log(4));
  }
}
