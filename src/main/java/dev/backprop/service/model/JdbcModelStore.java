package dev.backprop.service.model;

import dev.backprop.engine.plan.Standing;
import dev.backprop.engine.table.NewerFormatException;
import dev.backprop.platform.artifact.Artifact;
import dev.backprop.platform.artifact.ArtifactCodec;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.artifact.TargetView;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Checksum;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.Micros;
import dev.backprop.platform.storage.StoredJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Models in the database.
///
/// A version is there from the moment at which the transaction ends that gives it its number; its
/// weights were written before, chunk by chunk. Changes take turns at one row that counts them.
@Component
@ConditionalOnProperty(name = "backprop.storage", havingValue = "jdbc", matchIfMissing = true)
final class JdbcModelStore implements ModelStore {

  private static final Logger log = LoggerFactory.getLogger(JdbcModelStore.class);

  private final JdbcDatabase database;
  private final JdbcBlobs blobs;
  private final StoredJson json;
  private final ArtifactCodec codec;
  private final JdbcModelRows rows;
  private final JdbcPinnedVersions stored;

  /// @param json the service's
  JdbcModelStore(JdbcDatabase database, JdbcBlobs blobs, JsonMapper json, ArtifactCodec codec) {
    this.database = database;
    this.blobs = blobs;
    this.json = new StoredJson(json);
    this.codec = codec;
    this.rows = new JdbcModelRows(this.json, _ -> null);
    this.stored = new JdbcPinnedVersions(blobs, codec);
  }

  @Override
  public boolean bringsBack() {
    return true;
  }

  @Override
  public <T> T change(LongFunction<T> work) {
    return database.write(
        jdbc -> {
          jdbc.sql("UPDATE model_changes SET last = last + 1 WHERE id = 1").update();
          return work.apply(
              jdbc.sql("SELECT last FROM model_changes WHERE id = 1").query(Long.class).single());
        });
  }

  @Override
  public KeptModel find(String name) {
    return database.read(
        jdbc -> {
          List<Integer> versions =
              jdbc.sql("SELECT version FROM model_versions WHERE model = :name ORDER BY version")
                  .param("name", name)
                  .query((row, _) -> row.getInt(1))
                  .list();
          return jdbc.sql(
                  """
                  SELECT last_version, current_version, created_at, age FROM models
                  WHERE name = :name""")
              .param("name", name)
              .query((row, _) -> kept(name, row, versions))
              .optional()
              .orElseGet(() -> new KeptModel(name, 0, null, null, null, versions));
        });
  }

  private static KeptModel kept(String name, ResultSet row, List<Integer> versions)
      throws SQLException {
    Long createdAt = JdbcDatabase.value(row, "created_at", Long.class);
    return new KeptModel(
        name,
        row.getInt(1),
        JdbcDatabase.value(row, "current_version", Integer.class),
        createdAt == null ? null : Micros.instant(createdAt),
        JdbcDatabase.value(row, "age", Long.class),
        versions);
  }

  @Override
  public void put(KeptModel model, long change) {
    Instant createdAt = model.createdAt();
    database.change(
        jdbc ->
            jdbc.sql(
                    """
                    INSERT INTO models (name, last_version, current_version, created_at, age, change)
                    VALUES (:name, :last, :current, :at, :age, :change)
                    ON CONFLICT (name) DO UPDATE SET last_version = :last, current_version = :current,
                      created_at = :at, age = :age, change = :change""")
                .param("name", model.name())
                .param("last", model.lastVersion())
                .param("current", model.current(), Types.INTEGER)
                .param("at", createdAt == null ? null : Micros.of(createdAt), Types.BIGINT)
                .param("age", model.age(), Types.BIGINT)
                .param("change", change)
                .update());
  }

  @Override
  public NewVersion write(String call, VersionHead proposed, ModelDraft draft) {
    requireReadable(proposed, draft);
    JdbcBlobs.Writer weights = blobs.writer();
    try {
      codec.weights(draft.predictor()).writeTo(weights);
      weights.finish();
      return written(call, draft, weights);
    } catch (IOException e) {
      weights.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException | Error e) {
      weights.close();
      throw e;
    }
  }

  /// What could not be read again is not kept.
  private void requireReadable(VersionHead proposed, ModelDraft draft) {
    try {
      codec.read(codec.document(draft, proposed.origin()));
    } catch (ProblemException | NewerFormatException e) {
      log.error("A version of model {} cannot be kept", proposed.name(), e);
      throw new ProblemException(
          ProblemCode.INTERNAL_ERROR,
          "the model is not kept, since what describes it cannot be read again: " + e.getMessage());
    }
  }

  /// A version whose weights have been written.
  private NewVersion written(String call, ModelDraft draft, JdbcBlobs.Writer weights) {
    return new NewVersion() {

      @Override
      public Optional<VersionHead> addedBefore() {
        return database.read(
            jdbc ->
                jdbc.sql(
                        "SELECT v.model, "
                            + JdbcModelRows.HEAD
                            + " FROM model_versions v WHERE v.call = :call")
                    .param("call", call)
                    .query((row, _) -> rows.head(row.getString("model"), row))
                    .optional());
      }

      @Override
      public void add(VersionHead head) {
        String document = new String(codec.document(draft, head.origin()), StandardCharsets.UTF_8);
        database.write(
            jdbc -> {
              JdbcBlobs.adopt(jdbc, weights.id());
              return jdbc.sql(
                      """
                      INSERT INTO model_versions
                        (model, version, created_at, bytes, training_id, target, document, document_checksum,
                         weights, call, made_by, description, tags, standing)
                      VALUES (:model, :version, :at, :bytes, :training, :target, :document, :checksum,
                        :weights, :call, :owner, :description, :tags, :standing)""")
                  .param("model", head.name())
                  .param("version", head.version())
                  .param("at", Micros.of(head.createdAt()))
                  .param("bytes", head.bytes())
                  .param("training", head.trainingId())
                  .param("target", json.write(TargetView.of(draft)))
                  .param("document", document)
                  .param("checksum", Checksum.of(document))
                  .param("weights", weights.id())
                  .param("call", call)
                  .param("owner", head.owner(), Types.VARCHAR)
                  .param("description", head.notes().description(), Types.VARCHAR)
                  .param("tags", head.notes().joinedTags(), Types.VARCHAR)
                  .param("standing", written(head.standing()), Types.VARCHAR)
                  .update();
            });
        database.afterwards(weights::keep);
      }

      @Override
      public void close() {
        weights.close();
      }
    };
  }

  private @Nullable String written(@Nullable Standing standing) {
    return standing == null ? null : json.write(standing);
  }

  @Override
  public List<ModelReference> withoutStanding(int some) {
    return database.read(
        jdbc ->
            jdbc.sql(
                    """
                    SELECT model, version FROM model_versions WHERE standing IS NULL
                    ORDER BY model, version LIMIT :some""")
                .param("some", some)
                .query((row, _) -> new ModelReference(row.getString(1), row.getInt(2)))
                .list());
  }

  @Override
  public Optional<String> owner(String name, int version) {
    return database.read(
        jdbc ->
            jdbc.sql(
                    """
                        SELECT made_by FROM model_versions
                        WHERE model = :name AND version = :version AND made_by IS NOT NULL""")
                .params(Map.of("name", name, "version", version))
                .query(String.class)
                .optional());
  }

  @Override
  public Optional<VersionHead> head(String name, int version) {
    return database.read(
        jdbc ->
            jdbc.sql(
                    "SELECT "
                        + JdbcModelRows.HEAD
                        + " FROM model_versions v WHERE v.model = :name AND v.version = :version")
                .params(Map.of("name", name, "version", version))
                .query((row, _) -> rows.head(name, row))
                .optional());
  }

  @Override
  public void put(VersionHead head) {
    database.change(
        jdbc ->
            jdbc.sql(
                    """
                    UPDATE model_versions SET description = :description, tags = :tags, standing = :standing,
                      threshold = :threshold, positive = :positive, revision = :revision
                    WHERE model = :name AND version = :version""")
                .param("name", head.name())
                .param("version", head.version())
                .param("description", head.notes().description(), Types.VARCHAR)
                .param("tags", head.notes().joinedTags(), Types.VARCHAR)
                .param("standing", written(head.standing()), Types.VARCHAR)
                .param(
                    "threshold",
                    head.threshold() == null ? null : head.threshold().threshold(),
                    Types.DOUBLE)
                .param(
                    "positive",
                    head.threshold() == null ? null : head.threshold().positive(),
                    Types.INTEGER)
                .param("revision", head.revision())
                .update());
  }

  @Override
  public long bytesOf(String owner) {
    return database.read(
        jdbc ->
            jdbc.sql("SELECT coalesce(sum(bytes), 0) FROM model_versions WHERE made_by = :owner")
                .param("owner", owner)
                .query(Long.class)
                .single());
  }

  @Override
  public void remove(String name, int version) {
    database.change(
        jdbc ->
            JdbcBlobs.abandon(
                jdbc,
                jdbc.sql(
                        """
                        DELETE FROM model_versions WHERE model = :name AND version = :version
                        RETURNING weights""")
                    .params(Map.of("name", name, "version", version))
                    .query(String.class)
                    .single()));
  }

  @Override
  public List<Changed> changedSince(long change, Function<String, @Nullable Model> known) {
    JdbcModelRows changed = new JdbcModelRows(json, known);
    return database.read(
        jdbc -> {
          jdbc.sql(JdbcModelRows.SELECT + "WHERE m.change > :change ORDER BY m.change, v.version")
              .param("change", change)
              .query(changed::add);
          return changed.all();
        });
  }

  @Override
  public Optional<Artifact> describe(VersionHead version) {
    return pin(version).map(found -> stored.describe(version, found));
  }

  @Override
  public Optional<ModelDraft> load(VersionHead version) {
    return pin(version)
        .flatMap(
            found -> {
              try {
                return Optional.of(stored.load(version, stored.describe(version, found), found));
              } catch (JdbcBlobs.BlobGoneException _) {
                return Optional.empty(); // it has been deleted meanwhile
              }
            });
  }

  private Optional<JdbcPinnedVersions.Pin> pin(VersionHead version) {
    return database.read(jdbc -> JdbcPinnedVersions.find(jdbc, version.reference()));
  }
}
