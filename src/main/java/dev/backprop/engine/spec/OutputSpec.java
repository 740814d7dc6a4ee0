package dev.backprop.engine.spec;

import org.jspecify.annotations.Nullable;

/// The output layer, a dense layer whose units follow from the target.
///
/// @param activation null until [NetworkSpec#resolve(Task)] has chosen it
/// @param learningRateFactor as of [LayerSpec.Dense]
/// @param decayFactor as of [LayerSpec.Dense]
public record OutputSpec(
    @Nullable Activation activation,
    @Default("glorot-uniform") Initializer initializer,
    @Default("zeros") Initializer biasInitializer,
    @Interval("[0, ∞)") @Default("1") double learningRateFactor,
    @Interval("[0, ∞)") @Default("1") double decayFactor) {

  public OutputSpec {
    Check.notNegative("/learningRateFactor", learningRateFactor);
    Check.notNegative("/decayFactor", decayFactor);
  }

  /// With the rate and the decay of the training.
  public OutputSpec(
      @Nullable Activation activation, Initializer initializer, Initializer biasInitializer) {
    this(activation, initializer, biasInitializer, 1, 1);
  }
}
