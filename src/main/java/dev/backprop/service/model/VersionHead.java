package dev.backprop.service.model;

import dev.backprop.platform.artifact.ModelDocument;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.ModelReference;
import java.time.Instant;

/// What is known of a version without its network.
///
/// @param name the model's
/// @param version from 1, in the order in which trainings succeeded
/// @param bytes what it takes in memory while it answers
public record VersionHead(
    String name, int version, Instant createdAt, long bytes, String trainingId) {

  static VersionHead of(String name, int version, Instant createdAt, long bytes, ModelDraft draft) {
    return new VersionHead(name, version, createdAt, bytes, draft.provenance().trainingId());
  }

  /// The same under another number.
  VersionHead numbered(int number) {
    return new VersionHead(name, number, createdAt, bytes, trainingId);
  }

  /// What a document says of it.
  public ModelDocument.Origin origin() {
    return new ModelDocument.Origin(name, version, createdAt);
  }

  public ModelReference reference() {
    return new ModelReference(name, version);
  }

  @Override
  public String toString() {
    return name + " version " + version;
  }
}
