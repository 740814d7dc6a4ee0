package dev.backprop.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A name with its versions, as they stood at one moment.
///
/// @param createdAt when the name got its first version, of those since it was last deleted
/// @param versions oldest first, at least one
/// @param current the version that answers where none is named; null until one has been activated
public record Model(
    String name, Instant createdAt, List<ModelVersion> versions, @Nullable ModelVersion current) {

  public Model {
    versions = List.copyOf(versions);
  }

  public Optional<ModelVersion> version(int number) {
    return versions.stream().filter(version -> version.version() == number).findFirst();
  }

  public ModelVersion latest() {
    return versions.getLast();
  }
}
