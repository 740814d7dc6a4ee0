package dev.backprop;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What belongs to no capability alone.
///
/// @param kernels which matrix kernels to compute with
@ConfigurationProperties("backprop")
record BackpropProperties(@DefaultValue("auto") KernelChoice kernels) {

  enum KernelChoice {
    AUTO,
    OPENBLAS,
    JAVA;

    /// The name that forces kernels; null for the fastest that work.
    @Nullable String forced() {
      return this == AUTO ? null : name().toLowerCase(Locale.ROOT);
    }
  }
}
