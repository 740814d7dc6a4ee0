package dev.backprop.engine.linalg;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The kernels in use and why.
///
/// @param reason one line for people, such as "openblas: loaded libopenblas 0.3.31, core Haswell, 1
///   thread" or "java: openblas not usable here: …"
public record KernelSelection(Kernels kernels, String reason) {

  /// Chooses the fastest kernels that work on this machine.
  ///
  /// @param forced `openblas` or `java`, null for a free choice
  /// @throws IllegalArgumentException if `forced` names no kernels
  /// @throws IllegalStateException if the forced kernels can't be used here; the message says why
  public static KernelSelection select(@Nullable String forced) {
    return select(forced, OpenBlasKernels::load);
  }

  static KernelSelection select(@Nullable String forced, Supplier<OpenBlasKernels> openBlas) {
    if (forced == null) {
      try {
        return openBlas(openBlas.get());
      } catch (IllegalStateException e) {
        return new KernelSelection(
            new JavaKernels(), "java: openblas not usable here: " + e.getMessage());
      }
    }
    return switch (forced) {
      case "java" -> new KernelSelection(new JavaKernels(), "java: forced by configuration");
      case "openblas" -> {
        try {
          yield openBlas(openBlas.get());
        } catch (IllegalStateException e) {
          throw new IllegalStateException(
              "openblas is forced by configuration but not usable here: " + e.getMessage(), e);
        }
      }
      default ->
          throw new IllegalArgumentException("kernels must be openblas or java, was " + forced);
    };
  }

  private static KernelSelection openBlas(OpenBlasKernels kernels) {
    return new KernelSelection(kernels, "openblas: loaded " + kernels.description());
  }
}
