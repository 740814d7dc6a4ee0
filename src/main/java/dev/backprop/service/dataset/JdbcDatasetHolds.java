package dev.backprop.service.dataset;

import dev.backprop.platform.storage.JdbcDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Who holds which data set. A process holds one as long as it lives and renews its hold. A
/// training holds one until its hold is ended, even if processes die meanwhile.
public final class JdbcDatasetHolds {

  /// How long a hold of a process lasts unless it is renewed. A process that does not renew it has
  /// died.
  static final Duration HOLD = Duration.ofMinutes(1);

  /// A holder to which no data set belongs: it finds only data sets that are for everybody.
  static final String NOBODY = "";

  /// The process of a hold that needs no living process.
  private static final String NO_PROCESS = "";

  private final JdbcDatabase database;
  private final InstantSource clock;
  private final String process = UUID.randomUUID().toString();

  JdbcDatasetHolds(JdbcDatabase database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /// Keeps a data set from being deleted until [#end], as a part of the caller's transaction.
  ///
  /// @param holder who needs it, such as the path of a training
  /// @return false if there is no such data set
  public static boolean take(JdbcClient jdbc, String dataset, String holder) {
    return take(jdbc, dataset, holder, NO_PROCESS, Long.MAX_VALUE);
  }

  /// Keeps a data set from being deleted until [#release], or until this process is dead.
  boolean takeForProcess(JdbcClient jdbc, String dataset, String holder) {
    return take(jdbc, dataset, holder, process, clock.instant().plus(HOLD).toEpochMilli());
  }

  private static boolean take(
      JdbcClient jdbc, String dataset, String holder, String process, long until) {
    if (!takeTurn(jdbc, dataset, holder)) {
      return false;
    }
    jdbc.sql(
            """
            INSERT INTO dataset_holds (dataset, holder, process, held_until)
            VALUES (:dataset, :holder, :process, :until)
            ON CONFLICT (dataset, holder, process) DO UPDATE SET held_until = :until""")
        .param("dataset", dataset)
        .param("holder", holder)
        .param("process", process)
        .param("until", until)
        .update();
    return true;
  }

  /// Locks a data set's row by changing it, so that holding it and deleting it take turns.
  ///
  /// @return false if there is no such data set, or it belongs to another holder alone
  static boolean takeTurn(JdbcClient jdbc, String dataset, String holder) {
    return jdbc.sql(
                """
                UPDATE datasets SET turns = turns + 1
                WHERE id = :dataset AND coalesce(owner, :holder) = :holder""")
            .param("dataset", dataset)
            .param("holder", holder)
            .update()
        == 1;
  }

  void release(String dataset, String holder) {
    database.change(
        jdbc ->
            jdbc.sql(
                    """
                    DELETE FROM dataset_holds
                    WHERE dataset = :dataset AND holder = :holder AND process = :process""")
                .param("dataset", dataset)
                .param("holder", holder)
                .param("process", process)
                .update());
  }

  /// Ends every hold of a holder, also those that processes have taken for it. Removes the data
  /// sets that belong to that holder alone.
  ///
  /// @return the data sets that are gone
  public static List<String> end(JdbcClient jdbc, String holder) {
    jdbc.sql("DELETE FROM dataset_holds WHERE holder = :holder").param("holder", holder).update();
    List<String> owned =
        jdbc.sql("SELECT id FROM datasets WHERE owner = :holder")
            .param("holder", holder)
            .query((row, _) -> row.getString(1))
            .list();
    owned.forEach(id -> JdbcDatasetStore.remove(jdbc, id));
    return owned;
  }

  /// Renews the holds of this process. If a hold of another process ends much later than these, a
  /// clock was set back after it was taken. It is made to end with these, unless its process lives
  /// and renews it.
  void renew() {
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
                .param("none", NO_PROCESS)
                .update());
  }

  /// Ends the holds of every other process.
  void endThoseOfOthers() {
    database.change(
        jdbc ->
            jdbc.sql("DELETE FROM dataset_holds WHERE process NOT IN (:process, :none)")
                .param("process", process)
                .param("none", NO_PROCESS)
                .update());
  }

  /// A hold that ends before has ended.
  long now() {
    return clock.instant().toEpochMilli();
  }

  /// One of those who hold a data set; empty if nobody does. Removes holds of dead processes first.
  Optional<String> anyHolder(JdbcClient jdbc, String dataset) {
    jdbc.sql("DELETE FROM dataset_holds WHERE dataset = :dataset AND held_until < :now")
        .param("dataset", dataset)
        .param("now", clock.instant().toEpochMilli())
        .update();
    return jdbc.sql(
            "SELECT holder FROM dataset_holds WHERE dataset = :dataset ORDER BY holder LIMIT 1")
        .param("dataset", dataset)
        .query((row, _) -> row.getString(1))
        .optional();
  }
}
