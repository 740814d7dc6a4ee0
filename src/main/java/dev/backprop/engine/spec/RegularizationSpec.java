package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import org.jspecify.annotations.Nullable;

/// The penalty l1·Σ|w| + (l2/2)·Σw² on weights, never on biases.
///
/// @param l1 at least 0
/// @param l2 at least 0
public record RegularizationSpec(@Default("0") double l1, @Default("0") double l2) {

  public static final RegularizationSpec NONE = new RegularizationSpec(0, 0);

  public RegularizationSpec {
    Check.notNegative("/l1", l1);
    Check.notNegative("/l2", l2);
  }

  @JsonCreator
  static RegularizationSpec of(@Nullable Double l1, @Nullable Double l2) {
    return Defaults.fill(RegularizationSpec.class, l1, l2);
  }
}
