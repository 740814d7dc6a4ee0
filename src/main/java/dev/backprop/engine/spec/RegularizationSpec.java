package dev.backprop.engine.spec;

/// The penalty l1·Σ|w| + (l2/2)·Σw² on weights, never on biases.
///
/// @param l1 at least 0
/// @param l2 at least 0
public record RegularizationSpec(
    @Interval("[0, ∞)") @Default("0") double l1, @Interval("[0, ∞)") @Default("0") double l2) {

  public static final RegularizationSpec NONE = new RegularizationSpec(0, 0);

  public RegularizationSpec {
    Check.notNegative("/l1", l1);
    Check.notNegative("/l2", l2);
  }
}
