package dev.backprop.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import org.jspecify.annotations.Nullable;

/// The output layer, a dense layer whose units follow from the target.
///
/// @param activation null until [NetworkSpec#resolve(Task)] has chosen it
public record OutputSpec(
    @Nullable Activation activation, Initializer initializer, Initializer biasInitializer) {

  @JsonCreator
  public static OutputSpec of(
      @Nullable Activation activation,
      @Nullable Initializer initializer,
      @Nullable Initializer biasInitializer) {
    return new OutputSpec(
        activation,
        initializer == null ? new Initializer.GlorotUniform() : initializer,
        biasInitializer == null ? new Initializer.Zeros() : biasInitializer);
  }
}
