package dev.backprop.model;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/// How much is kept.
///
/// @param maxBytes what all versions of all models may take together; a share of the heap where it
///   is not given
@ConfigurationProperties("backprop.model")
record ModelProperties(@Nullable DataSize maxBytes) {

  ModelProperties {
    Assert.isTrue(
        maxBytes == null || maxBytes.toBytes() >= 1,
        () -> "backprop.model.max-bytes must be at least 1 byte, was " + maxBytes);
  }
}
