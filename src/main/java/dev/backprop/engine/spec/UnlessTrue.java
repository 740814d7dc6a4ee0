package dev.backprop.engine.spec;

import org.jspecify.annotations.Nullable;

/// Leaves a component out of the JSON if it is true, its default: a version of the service that
/// does not know it reads what stands there as before.
final class UnlessTrue {

  /// Jackson asks what is left out by this method.
  @Override
  @SuppressWarnings("EqualsUnsafeCast") // is no equality
  public boolean equals(@Nullable Object value) {
    return Boolean.TRUE.equals(value);
  }

  @Override
  public int hashCode() {
    return 0;
  }
}
