package dev.backprop.service.model;

import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// How much is kept.
///
/// @param maxBytes what all versions of all models may take together, or with a database those that
///   are live; a share of the heap if it is not given
/// @param keepVersions how many of a model's newest versions are kept, and the current one beside
///   them; 0 for all
@Validated
@ConfigurationProperties("backprop.model")
record ModelProperties(
    @Min(1) @Nullable DataSize maxBytes, @Min(0) @DefaultValue("0") int keepVersions) {}
