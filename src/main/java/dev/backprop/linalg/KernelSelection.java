package dev.backprop.linalg;

import org.jspecify.annotations.Nullable;

/// The kernels that this process computes with, and why.
public record KernelSelection(Kernels kernels, String reason) {

  /// @param forced `openblas`, `java`, or null for the fastest that works here
  public static KernelSelection select(@Nullable String forced) {
    throw new UnsupportedOperationException("" + forced);
  }
}
