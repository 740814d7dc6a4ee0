package dev.backprop.engine.figures;

/// What is answered for one number, in its unit.
///
/// @param spread how far the members are apart, see [MemberSpread]; not a number if there is one
/// @param low the lowest quantile that is answered; the value if there are none
/// @param high the highest quantile
public record NumberAnswer(double value, double spread, double low, double high) {

  /// Of a model without quantiles.
  public NumberAnswer(double value, double spread) {
    this(value, spread, value, value);
  }
}
