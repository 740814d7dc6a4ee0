package dev.backprop.service.webhook;

import java.util.Optional;

/// What is told of a training.
@FunctionalInterface
public interface CallbackBodies {

  /// @return JSON; empty if the training has been forgotten
  Optional<byte[]> of(String training);
}
