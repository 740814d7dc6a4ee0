package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/// The figure of an epoch that decides whether it was a better one; lower is better.
public enum Monitor {
  /// The mean of the loss over the validation rows.
  @JsonProperty("validationLoss")
  VALIDATION_LOSS,

  /// The same, each row counting as its class does in the training loss.
  @JsonProperty("weightedValidationLoss")
  WEIGHTED_VALIDATION_LOSS;

  /// What the texts of specs say of it: nothing of the validation loss, which all watched once.
  static String text(@Nullable Monitor monitor) {
    return monitor == WEIGHTED_VALIDATION_LOSS ? ", monitor=" + monitor : "";
  }

  /// As an epoch of a history has it.
  @Override
  public String toString() {
    return TypeName.of(this);
  }
}
