package dev.backprop.engine.figures;

/// From one number to another, both of it included.
public record Bounds(double low, double high) {

  public boolean contains(double number) {
    return low <= number && number <= high;
  }

  /// The part of it between two numbers; the nearer of them if there is none.
  ///
  /// @param max at least `min`
  public Bounds within(double min, double max) {
    return new Bounds(Math.clamp(low, min, max), Math.clamp(high, min, max));
  }
}
