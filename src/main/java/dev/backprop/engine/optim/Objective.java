package dev.backprop.engine.optim;

import dev.backprop.engine.nn.Parameters;

/// A function of the parameters that is evaluated as a whole, always the same one.
public interface Objective {

  /// The value at the parameters as they stand; overwrites `gradient` with the gradient there.
  ///
  /// @return not finite if the value is not; the gradient then means nothing
  double evaluate(Parameters gradient);

  /// Whether an evaluation was broken off. Its value is NaN, and so is that of every other one
  /// until whoever broke it off lets them go on.
  default boolean interrupted() {
    return false;
  }
}
