package dev.backprop.service.model;

import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.artifact.TargetView;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Checksum;
import dev.backprop.platform.storage.CorruptBlobException;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.Micros;
import dev.backprop.platform.storage.StoredJson;
import java.io.InputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/// Models in the database.
///
/// A version is there from the moment at which the transaction ends that gives it its number; its
/// weights were written before, chunk by chunk. Changes take turns at one row that counts them, so
/// whoever has seen a change has seen all before it, and can ask for those after.
final class JdbcModelStore {

  private final JdbcDatabase database;
  private final JdbcBlobs blobs;
  private final StoredJson json;
  private final int keepVersions;

  /// @param json the service's
  /// @param keepVersions as [ModelProperties] has it
  JdbcModelStore(JdbcDatabase database, JdbcBlobs blobs, JsonMapper json, int keepVersions) {
    this.database = database;
    this.blobs = blobs;
    this.json = new StoredJson(json);
    this.keepVersions = keepVersions;
  }

  /// Rows of models and their versions, with the target of the version that is shown.
  private static final String MODELS =
      """
      SELECT m.name, m.current_version, m.created_at, m.age, m.change,
        v.version, v.created_at AS made_at, v.bytes, v.training_id,
        CASE WHEN v.version = COALESCE(m.current_version,
            (SELECT max(l.version) FROM model_versions l WHERE l.model = m.name)) THEN v.target
          END AS target
      FROM models m LEFT JOIN model_versions v ON v.model = m.name
      """;

  /// A model as it was when it last changed.
  ///
  /// @param change the change's number
  /// @param age the change that made it; 0 where it is deleted
  /// @param model null where it is deleted
  record Changed(String name, long change, long age, @Nullable Model model) {}

  /// A version as it is stored.
  ///
  /// @param documentChecksum null where a former version has written it
  /// @param weights the blob's id
  record Stored(String document, @Nullable Long documentChecksum, String weights) {

    /// @throws CorruptBlobException where the document is not what was written
    void check() throws CorruptBlobException {
      CorruptBlobException.check("the document", document, documentChecksum);
    }
  }

  /// Begins the weights of a version.
  JdbcBlobs.Writer writer() {
    return blobs.writer();
  }

  /// Adds a version whose weights have been written, under the next number of its model.
  ///
  /// @param call the same one where the same version is added again, because the answer was lost
  /// @param together done in the same transaction, unless the version has been added before
  VersionHead add(
      String call,
      VersionHead draft,
      TargetView target,
      String document,
      JdbcBlobs.Writer weights,
      boolean activate,
      Consumer<VersionHead> together) {
    Instant createdAt = draft.createdAt().truncatedTo(ChronoUnit.MICROS);
    Added added =
        database.write(
            jdbc -> {
              long change = nextChange(jdbc);
              Optional<Added> before = addedBy(jdbc, call);
              if (before.isPresent()) {
                return before.get();
              }
              JdbcBlobs.adopt(jdbc, weights.id());
              int version = nextVersion(jdbc, draft.name(), createdAt, activate, change);
              jdbc.sql(
                      """
                      INSERT INTO model_versions
                        (model, version, created_at, bytes, training_id, target, document, document_checksum,
                         weights, call)
                      VALUES (:model, :version, :at, :bytes, :training, :target, :document, :checksum,
                        :weights, :call)""")
                  .param("model", draft.name())
                  .param("version", version)
                  .param("at", Micros.of(createdAt))
                  .param("bytes", draft.bytes())
                  .param("training", draft.trainingId())
                  .param("target", json.write(target))
                  .param("document", document)
                  .param("checksum", Checksum.of(document))
                  .param("weights", weights.id())
                  .param("call", call)
                  .update();
              if (keepVersions > 0) {
                deleteOldest(jdbc, draft.name());
              }
              Added made = new Added(version, createdAt, weights.id());
              together.accept(made.head(draft));
              return made;
            });
    if (added.weights().equals(weights.id())) {
      weights.keep();
    }
    return added.head(draft);
  }

  private record Added(int version, Instant createdAt, String weights) {

    VersionHead head(VersionHead draft) {
      return new VersionHead(draft.name(), version, createdAt, draft.bytes(), draft.trainingId());
    }
  }

  private static Optional<Added> addedBy(JdbcClient jdbc, String call) {
    return jdbc.sql("SELECT version, created_at, weights FROM model_versions WHERE call = :call")
        .param("call", call)
        .query(
            (row, _) -> new Added(row.getInt(1), Micros.instant(row.getLong(2)), row.getString(3)))
        .optional();
  }

  private static long nextChange(JdbcClient jdbc) {
    jdbc.sql("UPDATE model_changes SET last = last + 1 WHERE id = 1").update();
    return jdbc.sql("SELECT last FROM model_changes WHERE id = 1").query(Long.class).single();
  }

  private static int nextVersion(
      JdbcClient jdbc, String name, Instant createdAt, boolean activate, long change) {
    int known =
        jdbc.sql(
                """
                UPDATE models SET last_version = last_version + 1,
                  current_version = CASE WHEN :activate = 1 THEN last_version + 1 ELSE current_version END,
                  created_at = COALESCE(created_at, :at), age = COALESCE(age, :change), change = :change
                WHERE name = :name""")
            .param("name", name)
            .param("activate", activate ? 1 : 0)
            .param("at", Micros.of(createdAt))
            .param("change", change)
            .update();
    if (known == 0) {
      jdbc.sql(
              """
              INSERT INTO models (name, last_version, current_version, created_at, age, change)
              VALUES (:name, 1, CASE WHEN :activate = 1 THEN 1 END, :at, :change, :change)""")
          .param("name", name)
          .param("activate", activate ? 1 : 0)
          .param("at", Micros.of(createdAt))
          .param("change", change)
          .update();
      return 1;
    }
    return jdbc.sql("SELECT last_version FROM models WHERE name = :name")
        .param("name", name)
        .query(Integer.class)
        .single();
  }

  private void deleteOldest(JdbcClient jdbc, String name) {
    jdbc.sql(
            """
            SELECT version FROM (SELECT version FROM model_versions WHERE model = :name
                ORDER BY version DESC LIMIT 1000 OFFSET :kept) AS old
            WHERE version <> COALESCE((SELECT current_version FROM models WHERE name = :name), 0)""")
        .param("name", name)
        .param("kept", keepVersions)
        .query(Integer.class)
        .list()
        .forEach(version -> remove(jdbc, name, version));
  }

  private static void remove(JdbcClient jdbc, String name, int version) {
    JdbcBlobs.abandon(
        jdbc,
        jdbc.sql("SELECT weights FROM model_versions WHERE model = :name AND version = :version")
            .param("name", name)
            .param("version", version)
            .query(String.class)
            .single());
    jdbc.sql("DELETE FROM model_versions WHERE model = :name AND version = :version")
        .param("name", name)
        .param("version", version)
        .update();
  }

  /// @return the model as it is then; empty where there is no such version
  Optional<Model> activate(String name, int version) {
    return database.write(
        jdbc -> {
          long change = nextChange(jdbc);
          if (!versions(jdbc, name).contains(version)) {
            return Optional.empty();
          }
          setCurrent(jdbc, name, version, change);
          Changes changes = new Changes(_ -> null);
          jdbc.sql(MODELS + "WHERE m.name = :name ORDER BY v.version")
              .param("name", name)
              .query(changes::add);
          return Optional.ofNullable(changes.all().getFirst().model());
        });
  }

  private static List<Integer> versions(JdbcClient jdbc, String name) {
    return jdbc.sql("SELECT version FROM model_versions WHERE model = :name ORDER BY version")
        .param("name", name)
        .query((row, _) -> row.getInt(1))
        .list();
  }

  private static void setCurrent(
      JdbcClient jdbc, String name, @Nullable Integer version, long change) {
    jdbc.sql("UPDATE models SET current_version = :version, change = :change WHERE name = :name")
        .param("name", name)
        .param("version", version, Types.INTEGER)
        .param("change", change)
        .update();
  }

  /// @return whether there was such a version
  boolean delete(String name, int version) {
    return database.write(
        jdbc -> {
          long change = nextChange(jdbc);
          List<Integer> rest = new ArrayList<>(versions(jdbc, name));
          if (!rest.remove(Integer.valueOf(version))) {
            return false;
          }
          remove(jdbc, name, version);
          if (rest.isEmpty()) {
            forget(jdbc, name, change);
          } else {
            int current =
                jdbc.sql("SELECT COALESCE(current_version, 0) FROM models WHERE name = :name")
                    .param("name", name)
                    .query(Integer.class)
                    .single();
            Integer next = current == 0 ? null : Integer.valueOf(current);
            setCurrent(jdbc, name, current == version ? rest.getLast() : next, change);
          }
          return true;
        });
  }

  /// @return whether there was such a model
  boolean delete(String name) {
    return database.write(
        jdbc -> {
          long change = nextChange(jdbc);
          List<Integer> versions = versions(jdbc, name);
          versions.forEach(version -> remove(jdbc, name, version));
          if (!versions.isEmpty()) {
            forget(jdbc, name, change);
          }
          return !versions.isEmpty();
        });
  }

  private static void forget(JdbcClient jdbc, String name, long change) {
    jdbc.sql(
            """
            UPDATE models SET current_version = NULL, created_at = NULL, age = NULL, change = :change
            WHERE name = :name""")
        .param("name", name)
        .param("change", change)
        .update();
  }

  /// Every model that has changed since, as it is now, in the order of the changes.
  ///
  /// @param known what need not be read again; null for a model that is not
  List<Changed> changedSince(long change, Function<String, @Nullable Model> known) {
    Changes changes = new Changes(known);
    database.read(
        jdbc -> {
          jdbc.sql(MODELS + "WHERE m.change > :change ORDER BY m.change, v.version")
              .param("change", change)
              .query(changes::add);
          return true;
        });
    return changes.all();
  }

  /// What it takes to bring a version back; empty where it has been deleted.
  Optional<Stored> find(String name, int version) {
    return database.read(
        jdbc ->
            jdbc.sql(
                    """
                    SELECT document, document_checksum, weights FROM model_versions
                    WHERE model = :name AND version = :version""")
                .param("name", name)
                .param("version", version)
                .query((row, _) -> new Stored(row.getString(1), longOf(row, 2), row.getString(3)))
                .optional());
  }

  /// @return throws [JdbcBlobs.BlobGoneException] where the version is deleted meanwhile
  InputStream read(Stored stored) {
    return blobs.read(stored.weights());
  }

  static @Nullable Long longOf(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : Long.valueOf(value);
  }

  private static @Nullable Integer integer(ResultSet row, String column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? null : Integer.valueOf(value);
  }

  /// Rows on their way to models.
  private final class Changes {

    private final Function<String, @Nullable Model> known;
    private final Map<String, Building> models = new LinkedHashMap<>();

    Changes(Function<String, @Nullable Model> known) {
      this.known = known;
    }

    void add(ResultSet row) throws SQLException {
      String name = row.getString("name");
      Building model = models.get(name);
      if (model == null) {
        model = new Building(row, known.apply(name));
        models.put(name, model);
      }
      model.add(row);
    }

    List<Changed> all() {
      return models.values().stream().map(Building::done).toList();
    }
  }

  private final class Building {

    private final String name;
    private final long change;
    private final long age;
    private final Instant createdAt;
    private final @Nullable Integer current;
    private final @Nullable Model before;
    private final List<VersionHead> versions = new ArrayList<>();
    private @Nullable TargetView target;

    Building(ResultSet row, @Nullable Model before) throws SQLException {
      this.name = row.getString("name");
      this.change = row.getLong("change");
      this.age = row.getLong("age");
      this.createdAt = Micros.instant(row.getLong("created_at"));
      this.current = integer(row, "current_version");
      this.before = before;
    }

    void add(ResultSet row) throws SQLException {
      Integer version = integer(row, "version");
      if (version == null) {
        return;
      }
      VersionHead same = before == null ? null : before.version(version).orElse(null);
      versions.add(same == null ? head(version, row) : same);
      String json = row.getString("target");
      if (json != null) {
        target =
            before != null && same != null && before.shown().equals(same)
                ? before.target()
                : target(json, version);
      }
    }

    private VersionHead head(int version, ResultSet row) throws SQLException {
      return new VersionHead(
          name,
          version,
          Micros.instant(row.getLong("made_at")),
          row.getLong("bytes"),
          row.getString("training_id"));
    }

    /// Where it cannot be read the log tells it, and the model is known all the same.
    private @Nullable TargetView target(String stored, int version) {
      try {
        return json.read(
            stored, TargetView.class, "the target of " + new ModelReference(name, version));
      } catch (ProblemException _) {
        return null;
      }
    }

    Changed done() {
      return versions.isEmpty()
          ? new Changed(name, change, 0, null)
          : new Changed(name, change, age, new Model(name, createdAt, versions, current, target));
    }
  }
}
