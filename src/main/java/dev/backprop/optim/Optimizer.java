package dev.backprop.optim;

import dev.backprop.nn.Parameters;
import dev.backprop.spec.OptimizerSpec;
import dev.backprop.spec.RegularizationSpec;

/// Turns a gradient into an update, in place.
public interface Optimizer {

  static Optimizer of(
      OptimizerSpec spec, RegularizationSpec regularization, Parameters parameters) {
    throw new UnsupportedOperationException();
  }

  /// Floats of state for each parameter.
  static int stateFloats(OptimizerSpec spec) {
    throw new UnsupportedOperationException();
  }

  void step(Parameters parameters, Parameters gradient, double learningRate);
}
