package dev.backprop.service.dataset;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Holds on data sets that outlive the process which takes them, as part of a transaction of
/// somebody else's.
public final class JdbcDatasetHolds {

  /// In the place of the process that would have to live.
  static final String NO_PROCESS = "";

  /// In the place of a holder: a data set that is somebody's alone is not to be found then.
  static final String NOBODY = "";

  private JdbcDatasetHolds() {}

  /// Keeps a data set from being deleted until [#end].
  ///
  /// @param holder who needs it, such as the path of a training
  /// @return false if there is none of that id
  public static boolean take(JdbcClient jdbc, String dataset, String holder) {
    if (!JdbcDatasetStore.takeTurn(jdbc, dataset, holder)) {
      return false;
    }
    jdbc.sql(
            """
            INSERT INTO dataset_holds (dataset, holder, process, held_until)
            VALUES (:dataset, :holder, :process, :until) ON CONFLICT DO NOTHING""")
        .param("dataset", dataset)
        .param("holder", holder)
        .param("process", NO_PROCESS)
        .param("until", Long.MAX_VALUE)
        .update();
    return true;
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
}
