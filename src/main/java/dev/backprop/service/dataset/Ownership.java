package dev.backprop.service.dataset;

import dev.backprop.platform.caller.Caller;
import org.jspecify.annotations.Nullable;

/// Whose a data set is, and who else sees it.
///
/// @param owner the id of the caller that made it; null if it was made without a key, so that all
///   see it
/// @param shared whether its owner shows it to all
public record Ownership(@Nullable String owner, boolean shared) {

  static final Ownership NOBODY = new Ownership(null, false);

  /// Of what a training keeps for itself.
  ///
  /// @param owner the training's
  public static Ownership of(@Nullable String owner) {
    return new Ownership(owner, false);
  }

  boolean isSeenBy(Caller caller) {
    return caller.seesDataset(owner, shared);
  }
}
