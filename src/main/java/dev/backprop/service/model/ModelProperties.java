package dev.backprop.service.model;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/// How much is kept.
///
/// @param maxBytes what all versions of all models may take together, or with a database those that
///   are live; a share of the heap where it is not given
/// @param keepVersions how many of a model's newest versions are kept, and the current one beside
///   them; 0 for all
@ConfigurationProperties("backprop.model")
record ModelProperties(@Nullable DataSize maxBytes, @DefaultValue("0") int keepVersions) {

  ModelProperties {
    Assert.isTrue(
        maxBytes == null || maxBytes.toBytes() >= 1,
        () -> "backprop.model.max-bytes must be at least 1 byte, was " + maxBytes);
    Assert.isTrue(
        keepVersions >= 0,
        () -> "backprop.model.keep-versions must be at least 0, was " + keepVersions);
  }
}
