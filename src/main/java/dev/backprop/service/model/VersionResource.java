package dev.backprop.service.model;

import dev.backprop.engine.plan.Headline;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A version in a list.
///
/// @param current whether it is the model's current version
/// @param owner as on the card, as are description and tags
/// @param headline how good it is; null if no rows judged it
/// @param bytes what it takes in memory while it answers
record VersionResource(
    String model,
    int version,
    boolean current,
    Instant createdAt,
    @Nullable String owner,
    @Nullable String description,
    List<String> tags,
    @Nullable Headline headline,
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
        version.notes().description(),
        version.notes().tags(),
        version.headline(),
        version.bytes(),
        version.trainingId(),
        ModelCard.Links.self(version));
  }
}
