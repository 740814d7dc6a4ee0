package dev.backprop.service.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A version in a list.
///
/// @param current whether it is the model's current version
/// @param owner as on the card
/// @param bytes what it takes in memory while it answers
record VersionResource(
    String model,
    int version,
    boolean current,
    Instant createdAt,
    @Nullable String owner,
    long bytes,
    String trainingId,
    String self) {

  static VersionResource of(Model model, VersionHead version) {
    return new VersionResource(
        version.name(),
        version.version(),
        model.isCurrent(version),
        version.createdAt(),
        version.owner(),
        version.bytes(),
        version.trainingId(),
        ModelCard.Links.self(version));
  }
}
