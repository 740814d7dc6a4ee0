package dev.backprop.service.model;

import dev.backprop.engine.figures.Threshold;
import dev.backprop.engine.plan.Standing;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.artifact.TargetView;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.Micros;
import dev.backprop.platform.storage.StoredJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Rows of [#SELECT] on their way to models.
final class JdbcModelRows {

  /// What a version's head is read from.
  static final String HEAD =
      "v.version, v.created_at AS made_at, v.bytes, v.training_id, v.made_by, v.description, v.tags, v.standing, v.threshold, v.positive, v.revision";

  /// Rows of models and their versions, with the target of the version that is shown.
  static final String SELECT =
      "SELECT m.name, m.current_version, m.created_at, m.age, m.change, "
          + HEAD
          + """
      ,
        CASE WHEN v.version = COALESCE(m.current_version,
            (SELECT max(l.version) FROM model_versions l WHERE l.model = m.name)) THEN v.target
          END AS target
      FROM models m LEFT JOIN model_versions v ON v.model = m.name
      """;

  private final StoredJson json;
  private final Function<String, @Nullable Model> known;
  private final Map<String, Building> models = new LinkedHashMap<>();

  /// @param known what need not be read again; null for a model that is not known
  JdbcModelRows(StoredJson json, Function<String, @Nullable Model> known) {
    this.json = json;
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

  List<ModelStore.Changed> all() {
    return models.values().stream().map(Building::done).toList();
  }

  VersionHead head(String model, ResultSet row) throws SQLException {
    return new VersionHead(
        model,
        row.getInt("version"),
        Micros.instant(row.getLong("made_at")),
        row.getLong("bytes"),
        row.getString("training_id"),
        row.getString("made_by"),
        Notes.ofColumns(row.getString("description"), row.getString("tags")),
        standing(row.getString("standing"), model),
        threshold(row),
        row.getInt("revision"));
  }

  /// If it cannot be read, the log tells it, and the version is known all the same.
  private @Nullable Standing standing(@Nullable String stored, String model) {
    try {
      return stored == null
          ? null
          : json.read(stored, Standing.class, "the standing of a version of " + model);
    } catch (ProblemException _) {
      return Standing.NONE;
    }
  }

  private static @Nullable Threshold threshold(ResultSet row) throws SQLException {
    Integer positive = JdbcDatabase.value(row, "positive", Integer.class);
    return positive == null ? null : new Threshold(row.getDouble("threshold"), positive);
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
      this.current = JdbcDatabase.value(row, "current_version", Integer.class);
      this.before = before;
    }

    void add(ResultSet row) throws SQLException {
      Integer version = JdbcDatabase.value(row, "version", Integer.class);
      if (version == null) {
        return;
      }
      VersionHead same = before == null ? null : before.version(version).orElse(null);
      boolean isKnown = same != null && same.revision() == row.getInt("revision");
      versions.add(isKnown ? same : head(name, row));
      String json = row.getString("target");
      if (json != null) {
        target =
            before != null && same != null && before.shown().equals(same)
                ? before.target()
                : target(json, version);
      }
    }

    /// If it cannot be read, the log tells it, and the model is known all the same.
    private @Nullable TargetView target(String stored, int version) {
      try {
        return json.read(
            stored, TargetView.class, "the target of " + new ModelReference(name, version));
      } catch (ProblemException _) {
        return null;
      }
    }

    ModelStore.Changed done() {
      return versions.isEmpty()
          ? new ModelStore.Changed(name, change, 0, null)
          : new ModelStore.Changed(
              name, change, age, new Model(name, createdAt, versions, current, target));
    }
  }
}
