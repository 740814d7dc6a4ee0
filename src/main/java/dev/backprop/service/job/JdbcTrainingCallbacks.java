package dev.backprop.service.job;

import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.service.webhook.Callback;
import dev.backprop.service.webhook.CallbackStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The callbacks of trainings, in their rows. A row says from the start when its next try is due,
/// and nobody looks at it before the training has ended: whoever writes the end, even a process of
/// a former version, need not know of callbacks.
final class JdbcTrainingCallbacks implements CallbackStore {

  private final JdbcDatabase database;

  JdbcTrainingCallbacks(JdbcDatabase database) {
    this.database = database;
  }

  /// @return null if the training has none
  static @Nullable Callback of(ResultSet row) throws SQLException {
    String url = row.getString("callback");
    return url == null
        ? null
        : new Callback(
            url,
            Callback.State.ofJson(row.getString("callback_state")),
            row.getInt("callback_attempts"),
            JdbcDatabase.value(row, "callback_status", Integer.class),
            JdbcTrainingRow.instant(row, "callback_at"));
  }

  @Override
  public boolean isLasting() {
    return true;
  }

  @Override
  public List<Due> due(Instant now, Instant horizon, int most) {
    return database.read(
        jdbc ->
            jdbc.sql(
                    """
                    SELECT id, callback, callback_attempts FROM trainings
                    WHERE callback_due IS NOT NULL AND finished_at IS NOT NULL
                      AND (callback_due <= :now OR callback_due > :horizon)
                    ORDER BY callback_due, finished_at, id LIMIT :most""")
                .param("now", JdbcTrainingRow.micros(now))
                .param("horizon", JdbcTrainingRow.micros(horizon))
                .param("most", most)
                .query((row, _) -> new Due(row.getString(1), row.getString(2), row.getInt(3)))
                .list());
  }

  @Override
  public boolean claim(Due due, Instant until) {
    return database.write(
            jdbc ->
                jdbc.sql(
                        """
                        UPDATE trainings SET revision = revision + 1, callback_due = :until,
                          callback_attempts = callback_attempts + 1
                        WHERE id = :id AND callback_attempts = :attempts AND callback_due IS NOT NULL""")
                    .param("id", due.training())
                    .param("attempts", due.attempts())
                    .param("until", JdbcTrainingRow.micros(until))
                    .update())
        == 1;
  }

  @Override
  public boolean note(String training, int attempt, Callback.Tried tried, @Nullable Instant next) {
    boolean delivered = tried.state() == Callback.State.DELIVERED;
    return database.write(
            jdbc ->
                jdbc.sql(
                        """
                        UPDATE trainings SET revision = revision + 1, callback_state = :state,
                          callback_status = :status, callback_at = :at, callback_due = :next
                        WHERE id = :id AND callback_due IS NOT NULL AND callback_attempts >= :from
                          AND callback_attempts <= :to""")
                    .param("id", training)
                    .param("state", tried.state().json())
                    .param("status", tried.status(), Types.INTEGER)
                    .param("at", JdbcTrainingRow.micros(tried.at()))
                    .param("next", next == null ? null : JdbcTrainingRow.micros(next), Types.BIGINT)
                    .param("from", attempt)
                    .param("to", delivered ? Integer.MAX_VALUE : attempt)
                    .update())
        == 1;
  }
}
