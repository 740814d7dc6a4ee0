package dev.backprop.optim;

import dev.backprop.nn.Parameters;
import dev.backprop.spec.OptimizerSpec;
import dev.backprop.spec.RegularizationSpec;

/// Turns gradients into updates of the parameters, step by step; holds the moments that it needs.
public interface Optimizer {

  /// An optimizer before its first step.
  ///
  /// @param layout parameters of the layout that it will update
  static Optimizer of(OptimizerSpec spec, RegularizationSpec regularization, Parameters layout) {
    throw new UnsupportedOperationException();
  }

  /// Floats of state that such an optimizer keeps for each parameter.
  static int stateFloats(OptimizerSpec spec) {
    throw new UnsupportedOperationException();
  }

  /// One step: adds the gradient of the penalty to that of the loss, and moves the parameters.
  ///
  /// @param gradient of the loss; may be changed
  /// @param learningRate of this step
  void step(Parameters parameters, Parameters gradient, double learningRate);
}
