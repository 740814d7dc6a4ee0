package dev.backprop.service.dataset;

import dev.backprop.platform.storage.JdbcDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Who holds which data set: a process for as long as it lives and says so, or somebody who
/// outlives processes until the hold is ended.
public final class JdbcDatasetHolds {

  /// What a hold of a process is good for unless it is renewed. Whoever does not renew it has died.
  static final Duration HOLD = Duration.ofMinutes(1);

  /// In the place of a holder: a data set that is somebody's alone is not to be found then.
  static final String NOBODY = "";

  /// In the place of the process that would have to live.
  private static final String NO_PROCESS = "";

  private final JdbcDatabase database;
  private final InstantSource clock;
  private final String process = UUID.randomUUID().toString();

  JdbcDatasetHolds(JdbcDatabase database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /// Keeps a data set from being deleted until [#end], as part of a transaction of the caller's.
  ///
  /// @param holder who needs it, such as the path of a training
  /// @return false if there is none of that id
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

  /// Changes a data set's row, so that those who hold it and those who delete it take turns.
  ///
  /// @return false if there is none of that id, or it is another holder's
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

  /// Ends every hold of a holder, those that processes have taken for it as well, and removes the
  /// data sets that are that holder's alone.
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

  /// Renews the holds of this process. Those of others that end much later than any that is renewed
  /// now are of a time before a clock was set back. They end when these would, unless their process
  /// lives and renews them.
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

  /// Somebody who holds a data set. Holds of dead processes are removed first.
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
