package dev.backprop.service.model;

import dev.backprop.engine.table.NewerFormatException;
import dev.backprop.platform.artifact.Artifact;
import dev.backprop.platform.artifact.ArtifactCodec;
import dev.backprop.platform.artifact.ModelDocument;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Checksum;
import dev.backprop.platform.storage.CorruptBlobException;
import dev.backprop.platform.storage.Corruption;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.NewerFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Versions of models that somebody goes on needing although they may be deleted: whoever pins one
/// remembers the pin, and its weights stay in the database.
@Component
@ConditionalOnProperty(name = "backprop.storage", havingValue = "jdbc", matchIfMissing = true)
public final class JdbcPinnedVersions {

  private final JdbcBlobs blobs;
  private final ArtifactCodec codec;

  public JdbcPinnedVersions(JdbcBlobs blobs, ArtifactCodec codec) {
    this.blobs = blobs;
    this.codec = codec;
  }

  /// A version as it was when it was pinned.
  ///
  /// @param document of its artifact, JSON
  /// @param documentChecksum null if a former version has written it
  /// @param weights of its artifact: a blob's id
  public record Pin(String document, @Nullable Long documentChecksum, String weights) {}

  /// Whether a newer version of the service has made a version that is pinned.
  ///
  /// @param document its pin's, or the first characters of it
  /// @return in words; empty if this one reads it
  public static Optional<String> newer(String document) {
    int found = ModelDocument.Format.in(document);
    int known = ModelDocument.Format.CURRENT;
    return found > known
        ? Optional.of(
            "goes on from a model of format %d, up to %d are read".formatted(found, known))
        : Optional.empty();
  }

  /// A version as it is now, in the caller's transaction; empty if there is none.
  static Optional<Pin> find(JdbcClient jdbc, ModelReference version) {
    return jdbc.sql(
            """
            SELECT document, document_checksum, weights FROM model_versions
            WHERE model = :model AND version = :version""")
        .params(Map.of("model", version.model(), "version", version.version()))
        .query(
            (row, _) ->
                new Pin(
                    row.getString("document"),
                    JdbcDatabase.value(row, "document_checksum", Long.class),
                    row.getString("weights")))
        .optional();
  }

  /// Pins a version, in the caller's transaction.
  ///
  /// @return empty if there is none
  public static Optional<Pin> pin(JdbcClient jdbc, ModelReference version) {
    Optional<Pin> pin = find(jdbc, version);
    try {
      pin.ifPresent(found -> JdbcBlobs.share(jdbc, found.weights()));
      return pin;
    } catch (JdbcBlobs.BlobGoneException _) {
      return Optional.empty(); // deleted between the two statements
    }
  }

  /// Ends a pin, in the caller's transaction.
  ///
  /// @param weights the pin's
  public static void unpin(JdbcClient jdbc, String weights) {
    JdbcBlobs.abandon(jdbc, weights);
  }

  /// Brings a version back.
  ///
  /// @throws JdbcBlobs.BlobGoneException if it is not pinned any more
  public ModelVersion load(ModelReference version, Pin pin) {
    Artifact artifact = describe(version, pin);
    ModelDraft draft = load(version, artifact, pin);
    return new ModelVersion(
        VersionHead.of(
                new Models.Made(version.model(), null, Notes.NONE),
                artifact.document().origin().createdAt(),
                artifact.values() * Float.BYTES,
                draft)
            .numbered(version.version()),
        draft);
  }

  /// Reads what is known of a version.
  ///
  /// @param version in words
  Artifact describe(Object version, Pin pin) {
    try {
      CorruptBlobException.check(
          "the document", Checksum.of(pin.document()), pin.documentChecksum());
      return codec.read(pin.document().getBytes(StandardCharsets.UTF_8));
    } catch (NewerFormatException e) {
      throw NewerFormat.of(version.toString(), e);
    } catch (ProblemException | CorruptBlobException e) {
      throw Corruption.of(version.toString(), e);
    }
  }

  /// Reads the parameters of a version.
  ///
  /// @param version in words
  ModelDraft load(Object version, Artifact artifact, Pin pin) {
    try (InputStream weights = blobs.read(pin.weights())) {
      return codec.read(artifact, weights);
    } catch (ProblemException e) {
      throw e.code() == ProblemCode.INVALID_ARTIFACT ? Corruption.of(version.toString(), e) : e;
    } catch (IOException e) {
      throw Corruption.of(version.toString(), e);
    }
  }
}
