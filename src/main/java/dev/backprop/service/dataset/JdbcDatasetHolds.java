package dev.backprop.service.dataset;

import org.springframework.jdbc.core.simple.JdbcClient;

/// Holds on data sets that outlive the process which takes them, as part of a transaction of
/// somebody else's.
public final class JdbcDatasetHolds {

  /// In the place of the process that would have to live.
  static final String NO_PROCESS = "";

  private JdbcDatasetHolds() {}

  /// Keeps a data set from being deleted until [#end].
  ///
  /// @param holder who needs it, such as the path of a training
  /// @return false where there is none of that id
  public static boolean take(JdbcClient jdbc, String dataset, String holder) {
    if (!JdbcDatasetStore.takeTurn(jdbc, dataset)) {
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

  /// Ends every hold of a holder, those that processes have taken for it as well.
  public static void end(JdbcClient jdbc, String holder) {
    jdbc.sql("DELETE FROM dataset_holds WHERE holder = :holder").param("holder", holder).update();
  }
}
