package dev.backprop.service.dataset;

import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.NewerFormatException;
import dev.backprop.engine.table.StoredTableParts;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableCodec;
import dev.backprop.engine.table.TableParts;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Corruption;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.Micros;
import dev.backprop.platform.storage.NewerFormat;
import dev.backprop.platform.storage.StoredJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Types;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/// Data sets in the database. Each has a row, a blob of its cells, and a row for each hold on it.
///
/// Holding and deleting a data set both lock its row first, so that they take turns.
final class JdbcDatasetStore implements DatasetStore {

  /// What a caller sees who is no admin.
  private static final String SEEN = " AND (made_by IS NULL OR shared = 1 OR made_by = :caller)";

  /// What has a tag; `LIKE` would not tell upper from lower case in both databases.
  private static final String TAGGED =
      " AND replace(',' || tags || ',', :tag, '') <> ',' || tags || ','";

  private static final String SIZE =
      "500 + length(warnings) + coalesce(length(missing_tokens), 0) + coalesce(length(description), 0) + coalesce(length(tags), 0)";

  private final JdbcDatabase database;
  private final JdbcBlobs blobs;
  private final StoredJson json;
  private final JdbcDatasetRows rows;
  private final JdbcDatasetHolds holds;

  JdbcDatasetStore(JdbcDatabase database, JdbcBlobs blobs, JsonMapper json, InstantSource clock) {
    this.database = database;
    this.blobs = blobs;
    this.json = new StoredJson(json);
    this.rows = new JdbcDatasetRows(this.json);
    this.holds = new JdbcDatasetHolds(database, clock);
  }

  @Override
  public boolean readsAgain() {
    return true;
  }

  @Override
  public Draft draft(Dataset dataset, long heldBytes) {
    JdbcBlobs.Writer cells = blobs.writer();
    boolean written = false;
    try {
      TableCodec.write(dataset.table(), cells);
      cells.finish();
      written = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (!written) {
        cells.close();
      }
    }
    return new Draft() {

      @Override
      public void keep(@Nullable String holder) {
        add(dataset.head(), heldBytes, cells.id(), holder);
        database.afterwards(cells::keep);
      }

      @Override
      public void close() {
        cells.close();
      }
    };
  }

  /// @param cells the blob's id
  /// @param owner the holder to which it belongs alone; null if it is for everybody
  private void add(DatasetHead head, long heldBytes, String cells, @Nullable String owner) {
    database.change(
        jdbc -> {
          if (jdbc.sql("SELECT count(*) FROM datasets WHERE id = :id")
                  .param("id", head.id())
                  .query(Integer.class)
                  .single()
              > 0) {
            throw new IllegalArgumentException("data set " + head.id() + " is kept already");
          }
          JdbcBlobs.adopt(jdbc, cells);
          jdbc.sql(
                  """
                  INSERT INTO datasets
                    (id, name, row_count, bytes, held_bytes, sha256, descriptions, warnings, missing_tokens, created_at, cells, owner, made_by, shared, description, tags)
                  VALUES (:id, :name, :rows, :bytes, :held, :sha256, :columns, :warnings, :missing, :at, :cells, :owner, :maker, :shared, :description, :tags)""")
              .param("id", head.id())
              .param("name", head.name())
              .param("rows", head.rows())
              .param("bytes", head.bytes())
              .param("held", heldBytes)
              .param("sha256", head.sha256())
              .param("columns", json.write(head.columns()))
              .param("warnings", json.write(head.warnings()))
              .param("missing", json.write(head.missing().tokens()))
              .param("at", Micros.of(head.createdAt()))
              .param("cells", cells)
              .param("owner", owner, Types.VARCHAR)
              .param("maker", head.ownership().owner(), Types.VARCHAR)
              .param("shared", head.ownership().shared() ? 1 : 0)
              .param("description", head.notes().description(), Types.VARCHAR)
              .param("tags", head.notes().joinedTags(), Types.VARCHAR)
              .update();
          if (owner != null) {
            // A former version knows no owners. This hold keeps it from deleting the data set.
            JdbcDatasetHolds.take(jdbc, head.id(), owner);
          }
        });
  }

  @Override
  public Optional<Stored> find(String id) {
    return database.read(jdbc -> find(jdbc, id, JdbcDatasetHolds.NOBODY));
  }

  private Optional<Stored> find(JdbcClient jdbc, String id, String holder) {
    return jdbc.sql(
            "SELECT "
                + JdbcDatasetRows.HEAD
                + ", descriptions FROM datasets WHERE id = :id AND coalesce(owner, :holder) = :holder")
        .param("id", id)
        .param("holder", holder)
        .query(rows::whole)
        .optional();
  }

  @Override
  public Optional<Ownership> ownership(String id) {
    return database.read(
        jdbc ->
            jdbc.sql("SELECT made_by, shared FROM datasets WHERE id = :id AND owner IS NULL")
                .param("id", id)
                .query(JdbcDatasetRows::ownership)
                .optional());
  }

  /// Asks for data sets that a caller sees, the newest first. The values of what `where` names and
  /// of the limit are missing.
  private static JdbcClient.StatementSpec seen(
      JdbcClient jdbc, String what, String where, Caller caller) {
    return jdbc.sql(
            "SELECT "
                + what
                + " FROM datasets WHERE owner IS NULL AND "
                + where
                + (caller.isAdmin() ? "" : SEEN)
                + " ORDER BY number DESC LIMIT :limit")
        .param("caller", caller.id(), Types.VARCHAR);
  }

  @Override
  public List<String> named(String name, Caller caller, int limit) {
    return database.read(
        jdbc ->
            seen(jdbc, "id", "name = :name", caller)
                .param("name", name)
                .param("limit", limit)
                .query((row, _) -> row.getString(1))
                .list());
  }

  @Override
  public List<Long> sizes(Caller caller, @Nullable String tag, long before, int limit) {
    return database.read(
        jdbc ->
            seen(jdbc, SIZE, "number < :before" + (tag == null ? "" : TAGGED), caller)
                .param("tag", tag == null ? null : Notes.amongJoined(tag), Types.VARCHAR)
                .param("before", before)
                .param("limit", limit)
                .query(Long.class)
                .list());
  }

  @Override
  public List<Stored> list(Caller caller, @Nullable String tag, long before, int limit) {
    String where = "number < :before" + (tag == null ? "" : TAGGED);
    return database.read(
        jdbc ->
            seen(jdbc, JdbcDatasetRows.HEAD, where, caller)
                .param("tag", tag == null ? null : Notes.amongJoined(tag), Types.VARCHAR)
                .param("before", before)
                .param("limit", limit)
                .query(rows::shown)
                .list());
  }

  @Override
  public Optional<Stored> note(String id, UnaryOperator<Notes> change) {
    return database.write(
        jdbc -> {
          if (!JdbcDatasetHolds.takeTurn(jdbc, id, JdbcDatasetHolds.NOBODY)) {
            return Optional.empty();
          }
          Notes now = change.apply(notes(jdbc, id));
          jdbc.sql("UPDATE datasets SET description = :description, tags = :tags WHERE id = :id")
              .param("id", id)
              .param("description", now.description(), Types.VARCHAR)
              .param("tags", now.joinedTags(), Types.VARCHAR)
              .update();
          return find(jdbc, id, JdbcDatasetHolds.NOBODY);
        });
  }

  private static Notes notes(JdbcClient jdbc, String id) {
    return jdbc.sql("SELECT description, tags FROM datasets WHERE id = :id")
        .param("id", id)
        .query((row, _) -> Notes.ofColumns(row.getString(1), row.getString(2)))
        .single();
  }

  @Override
  public long bytesOf(String owner) {
    return database.read(
        jdbc ->
            jdbc.sql("SELECT coalesce(sum(bytes), 0) FROM datasets WHERE made_by = :owner")
                .param("owner", owner)
                .query(Long.class)
                .single());
  }

  @Override
  public int count() {
    return database.read(
        jdbc ->
            jdbc.sql("SELECT count(*) FROM datasets WHERE owner IS NULL")
                .query(Integer.class)
                .single());
  }

  @Override
  public Optional<Table> read(String id, int rows, ByteBudget budget) {
    Optional<String> blob = database.read(jdbc -> cells(jdbc, id));
    if (blob.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream cells = blobs.read(blob.get())) {
      return Optional.of(TableCodec.read(cells, rows, budget));
    } catch (ProblemException e) {
      throw e;
    } catch (JdbcBlobs.BlobGoneException _) {
      return Optional.empty();
    } catch (NewerFormatException e) {
      throw NewerFormat.of("data set " + id, e);
    } catch (IOException | RuntimeException e) {
      throw Corruption.of("data set " + id, e);
    }
  }

  @Override
  public Optional<TableParts> parts(String id, ByteBudget budget) {
    return database
        .read(jdbc -> cells(jdbc, id))
        .map(blob -> new JdbcTableParts(id, new StoredTableParts(blobs.read(blob), budget)));
  }

  private static Optional<String> cells(JdbcClient jdbc, String id) {
    return jdbc.sql("SELECT cells FROM datasets WHERE id = :id")
        .param("id", id)
        .query(String.class)
        .optional();
  }

  @Override
  public Optional<Stored> hold(String id, String holder) {
    return database.write(
        jdbc -> holds.takeForProcess(jdbc, id, holder) ? find(jdbc, id, holder) : Optional.empty());
  }

  @Override
  public void release(String id, String holder) {
    holds.release(id, holder);
  }

  @Override
  public boolean keep(String id, String holder) {
    return database.write(jdbc -> JdbcDatasetHolds.take(jdbc, id, holder));
  }

  @Override
  public List<String> end(String holder) {
    return database.write(jdbc -> JdbcDatasetHolds.end(jdbc, holder));
  }

  @Override
  public void renewHolds() {
    holds.renew();
    database.change(JdbcDatasetStore::removeThoseOfNobody);
  }

  /// Removes data sets whose owner has ended its holds. A former version, which knows of no owners,
  /// leaves them behind.
  private static void removeThoseOfNobody(JdbcClient jdbc) {
    jdbc.sql(
            """
            SELECT id FROM datasets WHERE owner IS NOT NULL AND NOT EXISTS
              (SELECT 1 FROM dataset_holds WHERE dataset = datasets.id AND holder = datasets.owner)""")
        .query((row, _) -> row.getString(1))
        .list()
        .forEach(id -> remove(jdbc, id));
  }

  /// Ends the holds of every other process, because there can be no other.
  void endHoldsOfOthers() {
    holds.endThoseOfOthers();
  }

  @Override
  public List<String> older(Instant until, int most) {
    return database.read(
        jdbc ->
            jdbc.sql(
                    """
                    SELECT id FROM datasets WHERE owner IS NULL AND created_at < :until AND NOT EXISTS
                      (SELECT 1 FROM dataset_holds WHERE dataset = datasets.id AND held_until >= :now)
                    ORDER BY number LIMIT :most""")
                .param("until", Micros.of(until))
                .param("now", holds.now())
                .param("most", most)
                .query((row, _) -> row.getString(1))
                .list());
  }

  @Override
  public Optional<Optional<String>> delete(String id) {
    return database.write(
        jdbc -> {
          if (!JdbcDatasetHolds.takeTurn(jdbc, id, JdbcDatasetHolds.NOBODY)) {
            return Optional.empty();
          }
          Optional<String> holder = holds.anyHolder(jdbc, id);
          if (holder.isEmpty()) {
            remove(jdbc, id);
          }
          return Optional.of(holder);
        });
  }

  /// Removes a data set that nobody holds.
  static void remove(JdbcClient jdbc, String id) {
    cells(jdbc, id).ifPresent(cells -> JdbcBlobs.abandon(jdbc, cells));
    jdbc.sql("DELETE FROM datasets WHERE id = :id").param("id", id).update();
  }
}
