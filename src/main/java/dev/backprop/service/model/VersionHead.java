package dev.backprop.service.model;

import dev.backprop.engine.figures.Threshold;
import dev.backprop.engine.plan.Headline;
import dev.backprop.engine.plan.Standing;
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
/// @param standing how good it is; null in what a former version of the service has made, until
///   that is read off its document
/// @param threshold that somebody has chosen since its training; null if nobody has
/// @param revision how often what is known of it has been changed
public record VersionHead(
    String name,
    int version,
    Instant createdAt,
    long bytes,
    String trainingId,
    @Nullable String owner,
    Notes notes,
    @Nullable Standing standing,
    @Nullable Threshold threshold,
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
        Standing.of(draft.learned()),
        null,
        0);
  }

  /// The same under another number.
  VersionHead numbered(int number) {
    return new VersionHead(
        name, number, createdAt, bytes, trainingId, owner, notes, standing, threshold, revision);
  }

  /// The same version, of which people say something else.
  VersionHead with(Notes other) {
    return new VersionHead(
        name,
        version,
        createdAt,
        bytes,
        trainingId,
        owner,
        other,
        standing,
        threshold,
        revision + 1);
  }

  /// The same version, of which it is known how good it is.
  VersionHead with(Standing known) {
    return new VersionHead(
        name, version, createdAt, bytes, trainingId, owner, notes, known, threshold, revision + 1);
  }

  /// The same version, between whose two classes another threshold decides.
  VersionHead with(Threshold other) {
    return new VersionHead(
        name, version, createdAt, bytes, trainingId, owner, notes, standing, other, revision + 1);
  }

  /// Null if no rows judged it, or if that is not known yet.
  @Nullable Headline headline() {
    return standing == null ? null : standing.headline();
  }

  /// About what it takes in memory.
  long heldBytes() {
    return KnownModels.HEAD_BYTES + notes.bytes() + (standing == null ? 0 : standing.bytes());
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
