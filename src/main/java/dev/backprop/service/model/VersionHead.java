package dev.backprop.service.model;

import dev.backprop.platform.artifact.ModelDocument;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.notes.Notes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is known of a version without its network.
///
/// @param name the model's
/// @param version from 1, in the order in which trainings succeeded
/// @param bytes what it takes in memory while it answers
/// @param owner the id of the caller that made it; null if it was made without a key
/// @param notes what people say of it
/// @param revision how often what is known of it has been changed
public record VersionHead(
    String name,
    int version,
    Instant createdAt,
    long bytes,
    String trainingId,
    @Nullable String owner,
    Notes notes,
    int revision) {

  /// The first version of a model.
  static VersionHead of(Models.Made made, Instant createdAt, long bytes, ModelDraft draft) {
    return new VersionHead(
        made.name(),
        1,
        createdAt,
        bytes,
        draft.provenance().trainingId(),
        made.owner(),
        made.notes(),
        0);
  }

  /// The same under another number.
  VersionHead numbered(int number) {
    return new VersionHead(name, number, createdAt, bytes, trainingId, owner, notes, revision);
  }

  /// The same version, of which people say something else.
  VersionHead with(Notes other) {
    return new VersionHead(name, version, createdAt, bytes, trainingId, owner, other, revision + 1);
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
