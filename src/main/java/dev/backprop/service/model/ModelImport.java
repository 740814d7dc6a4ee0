package dev.backprop.service.model;

import dev.backprop.engine.table.NewerFormatException;
import dev.backprop.platform.artifact.Artifact;
import dev.backprop.platform.artifact.ArtifactCodec;
import dev.backprop.platform.artifact.ArtifactZip;
import dev.backprop.platform.artifact.ModelDocument;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.artifact.Provenance;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/// Takes in a model that another instance has trained.
@Component
record ModelImport(ArtifactCodec codec, Models models, Budget inFlight, InstantSource clock) {

  /// No document may be longer.
  private static final int MAX_DOCUMENT = 1 << 26;

  /// What a byte of a document takes at most while it is read: a list of one-digit numbers is the
  /// worst, two bytes for each.
  private static final int HEAP_BYTES = 12;

  /// Reads an artifact to its end.
  ///
  /// @throws ProblemException 4xx if it is no artifact, or one that never fits; 503 and 507 if it
  ///   does not fit now
  Incoming read(InputStream in) throws IOException {
    MessageDigest digest = Sha256.digest();
    ArtifactZip.Source source = new ArtifactZip.Source(new DigestInputStream(in, digest));
    Artifact artifact = document(source);
    Models.Reservation room = reserve(artifact);
    boolean whole = false;
    try {
      ModelDraft draft = codec.read(artifact, source.weights());
      source.end();
      ModelDocument.Origin origin = artifact.document().origin();
      Provenance.Imported imported =
          new Provenance.Imported(
              new ModelReference(origin.model(), origin.version()),
              origin.createdAt(),
              Sha256.hex(digest),
              clock.instant());
      Incoming incoming =
          new Incoming(models, room, draft.with(draft.provenance().imported(imported)));
      whole = true;
      return incoming;
    } finally {
      if (!whole) {
        room.release();
      }
    }
  }

  /// A model that has been read, with the room that it takes until it is kept or closed.
  record Incoming(Models models, Models.Reservation room, ModelDraft draft)
      implements AutoCloseable {

    /// Writes what is large of it, see [Models#write].
    Models.Addition write(Models.Made made) {
      return models.write(room, made, draft);
    }

    @Override
    public void close() {
      room.release();
    }
  }

  private Artifact document(ArtifactZip.Source source) throws IOException {
    long bytes = source.begin();
    long most = Math.min(MAX_DOCUMENT, inFlight.limit() / HEAP_BYTES);
    if (bytes > most) {
      throw new ProblemException(
              ProblemCode.TOO_LARGE, "may have at most %d bytes, has %d".formatted(most, bytes))
          .in(ArtifactCodec.DOCUMENT);
    }
    try (Budget.Claim claim = inFlight.claim()) {
      claim.grow(HEAP_BYTES * bytes);
      return codec.read(source.document((int) bytes));
    } catch (NewerFormatException e) {
      throw ProblemException.at(
              ProblemCode.INVALID_ARTIFACT,
              "/format",
              "must be at most %d, the newest that is read here, was %d"
                  .formatted(e.known(), e.found()))
          .in(ArtifactCodec.DOCUMENT);
    }
  }

  private Models.Reservation reserve(Artifact artifact) {
    long most = models.usage().maxBytes();
    if (artifact.modelBytes() > most) {
      throw new ProblemException(
          ProblemCode.TOO_LARGE,
          "the model needs %d bytes, models may take %d together"
              .formatted(artifact.modelBytes(), most));
    }
    return models.reserve(artifact.modelBytes());
  }
}
