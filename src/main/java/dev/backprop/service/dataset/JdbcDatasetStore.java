package dev.backprop.service.dataset;

import dev.backprop.engine.data.MissingTokens;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.Micros;
import dev.backprop.platform.storage.StoredJson;
import java.io.InputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/// Data sets in the database: a row, a blob of its cells, and a row for each hold on it.
///
/// Whoever holds one and whoever deletes one first change its row, so that they take turns.
final class JdbcDatasetStore {

  /// What a hold is good for unless it is renewed: whoever does not renew it has died.
  static final Duration HOLD = Duration.ofMinutes(1);

  private static final String HEAD =
      "number, id, name, row_count, bytes, held_bytes, sha256, warnings, missing_tokens, created_at, cells";

  private final JdbcDatabase database;
  private final JdbcBlobs blobs;
  private final StoredJson json;
  private final InstantSource clock;
  private final String process = UUID.randomUUID().toString();

  JdbcDatasetStore(JdbcDatabase database, JdbcBlobs blobs, JsonMapper json, InstantSource clock) {
    this.database = database;
    this.blobs = blobs;
    this.json = new StoredJson(json);
    this.clock = clock;
  }

  /// A data set as it is stored.
  ///
  /// @param number its place in lists
  /// @param heldBytes what it takes in memory while somebody works with it
  /// @param cells the blob's id
  record Stored(long number, DatasetHead head, long heldBytes, String cells) {}

  /// Begins the cells of a data set.
  JdbcBlobs.Writer writer() {
    return blobs.writer();
  }

  /// Adds a data set whose cells have been written.
  ///
  /// @param together done in the same transaction
  void add(DatasetHead head, long heldBytes, JdbcBlobs.Writer cells, Runnable together) {
    String columns = json.write(head.columns());
    String warnings = json.write(head.warnings());
    String missing = json.write(head.missing().tokens());
    database.change(
        jdbc -> {
          if (jdbc.sql("SELECT count(*) FROM datasets WHERE id = :id")
                  .param("id", head.id())
                  .query(Integer.class)
                  .single()
              > 0) {
            throw new IllegalArgumentException("data set " + head.id() + " is kept already");
          }
          JdbcBlobs.adopt(jdbc, cells.id());
          jdbc.sql(
                  """
                  INSERT INTO datasets
                    (id, name, row_count, bytes, held_bytes, sha256, descriptions, warnings, missing_tokens, created_at, cells)
                  VALUES (:id, :name, :rows, :bytes, :held, :sha256, :columns, :warnings, :missing, :at, :cells)""")
              .param("id", head.id())
              .param("name", head.name())
              .param("rows", head.rows())
              .param("bytes", head.bytes())
              .param("held", heldBytes)
              .param("sha256", head.sha256())
              .param("columns", columns)
              .param("warnings", warnings)
              .param("missing", missing)
              .param("at", Micros.of(head.createdAt()))
              .param("cells", cells.id())
              .update();
          together.run();
        });
    cells.keep();
  }

  Optional<Stored> find(String id) {
    return database.read(jdbc -> find(jdbc, id));
  }

  private Optional<Stored> find(JdbcClient jdbc, String id) {
    return jdbc.sql("SELECT " + HEAD + ", descriptions FROM datasets WHERE id = :id")
        .param("id", id)
        .query(this::whole)
        .optional();
  }

  /// What those before a number take in a list, the highest first.
  List<Long> sizes(long before, int limit) {
    return database.read(
        jdbc ->
            jdbc.sql(
                    "SELECT 500 + length(warnings) + coalesce(length(missing_tokens), 0) FROM datasets WHERE number < :before ORDER BY number DESC LIMIT :limit")
                .param("before", before)
                .param("limit", limit)
                .query(Long.class)
                .list());
  }

  /// Those before a number, the highest first, without their columns.
  List<Stored> list(long before, int limit) {
    return database.read(
        jdbc ->
            jdbc.sql(
                    "SELECT "
                        + HEAD
                        + " FROM datasets WHERE number < :before ORDER BY number DESC LIMIT :limit")
                .param("before", before)
                .param("limit", limit)
                .query((row, _) -> stored(row, List.of(), shownWarnings(row)))
                .list());
  }

  int count() {
    return database.read(
        jdbc -> jdbc.sql("SELECT count(*) FROM datasets").query(Integer.class).single());
  }

  /// @return throws [JdbcBlobs.BlobGoneException] where the data set is deleted meanwhile
  InputStream read(Stored stored) {
    return blobs.read(stored.cells());
  }

  /// Holds a data set for this process, until [#release] or until this process is dead.
  ///
  /// @return empty where there is none of that id
  Optional<Stored> hold(String id, String holder) {
    return database.write(
        jdbc -> {
          if (!takeTurn(jdbc, id)) {
            return Optional.empty();
          }
          jdbc.sql(
                  """
                  INSERT INTO dataset_holds (dataset, holder, process, held_until)
                  VALUES (:id, :holder, :process, :until)
                  ON CONFLICT (dataset, holder, process) DO UPDATE SET held_until = :until""")
              .param("id", id)
              .param("holder", holder)
              .param("process", process)
              .param("until", clock.instant().plus(HOLD).toEpochMilli())
              .update();
          return find(jdbc, id);
        });
  }

  static boolean takeTurn(JdbcClient jdbc, String id) {
    return jdbc.sql("UPDATE datasets SET turns = turns + 1 WHERE id = :id").param("id", id).update()
        == 1;
  }

  void release(String id, String holder) {
    database.change(
        jdbc ->
            jdbc.sql(
                    """
                    DELETE FROM dataset_holds
                    WHERE dataset = :id AND holder = :holder AND process = :process""")
                .param("id", id)
                .param("holder", holder)
                .param("process", process)
                .update());
  }

  /// Renews the holds of this process. Those of others that end much later than any that is renewed
  /// now are of a time before a clock was set back: they end when these would, unless their process
  /// lives and renews them.
  void renewHolds() {
    Instant until = clock.instant().plus(HOLD);
    database.change(
        jdbc ->
            jdbc.sql(
                    """
                    UPDATE dataset_holds SET held_until = :until
                    WHERE process = :process OR (process <> :none AND held_until > :late)""")
                .param("until", until.toEpochMilli())
                .param("late", until.plus(HOLD).toEpochMilli())
                .param("process", process)
                .param("none", JdbcDatasetHolds.NO_PROCESS)
                .update());
  }

  /// Ends the holds of every other process, where there can be no other.
  void endHoldsOfOthers() {
    database.change(
        jdbc ->
            jdbc.sql("DELETE FROM dataset_holds WHERE process NOT IN (:process, :none)")
                .param("process", process)
                .param("none", JdbcDatasetHolds.NO_PROCESS)
                .update());
  }

  /// Deletes a data set unless somebody holds it.
  ///
  /// @return empty where there is none of that id; a holder in it where there is one
  Optional<Optional<String>> delete(String id) {
    return database.write(
        jdbc -> {
          if (!takeTurn(jdbc, id)) {
            return Optional.empty();
          }
          jdbc.sql("DELETE FROM dataset_holds WHERE dataset = :id AND held_until < :now")
              .param("id", id)
              .param("now", clock.instant().toEpochMilli())
              .update();
          Optional<String> holder =
              jdbc.sql(
                      "SELECT holder FROM dataset_holds WHERE dataset = :id ORDER BY holder LIMIT 1")
                  .param("id", id)
                  .query((row, _) -> row.getString(1))
                  .optional();
          if (holder.isEmpty()) {
            JdbcBlobs.abandon(
                jdbc,
                jdbc.sql("SELECT cells FROM datasets WHERE id = :id")
                    .param("id", id)
                    .query(String.class)
                    .single());
            jdbc.sql("DELETE FROM datasets WHERE id = :id").param("id", id).update();
          }
          return Optional.of(holder);
        });
  }

  private Stored whole(ResultSet row, int number) throws SQLException {
    return stored(
        row,
        list(row, "descriptions", ColumnDescription[].class),
        list(row, "warnings", String[].class));
  }

  /// Where they cannot be read, that is what they tell: in a list one data set does not stand in
  /// the way of the others.
  private List<String> shownWarnings(ResultSet row) throws SQLException {
    try {
      return list(row, "warnings", String[].class);
    } catch (ProblemException e) {
      return List.of(e.detail());
    }
  }

  private <T> List<T> list(ResultSet row, String column, Class<T[]> type) throws SQLException {
    return List.of(json.read(row.getString(column), type, "data set " + row.getString("id")));
  }

  /// A former version has kept no tokens.
  private MissingTokens missing(ResultSet row) throws SQLException {
    return row.getString("missing_tokens") == null
        ? MissingTokens.FORMER
        : new MissingTokens(list(row, "missing_tokens", String[].class));
  }

  private Stored stored(ResultSet row, List<ColumnDescription> columns, List<String> warnings)
      throws SQLException {
    return new Stored(
        row.getLong("number"),
        new DatasetHead(
            row.getString("id"),
            row.getString("name"),
            row.getInt("row_count"),
            row.getLong("bytes"),
            row.getString("sha256"),
            columns,
            warnings,
            missing(row),
            Micros.instant(row.getLong("created_at"))),
        row.getLong("held_bytes"),
        row.getString("cells"));
  }
}
