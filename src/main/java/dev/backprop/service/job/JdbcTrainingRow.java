package dev.backprop.service.job;

import dev.backprop.engine.plan.Standing;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.StoredJson;
import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.model.JdbcPinnedVersions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The row of a training, locked by whoever is about to change it until the transaction ends.
///
/// @param claim the claim of whoever runs the training or ran it last
/// @param attempts claims since the newest checkpoint that have not been given back
/// @param deaths how many processes died with a claim before the newest checkpoint
/// @param finishedAt null until it has ended
/// @param request the blob of the request's body, if a former version has accepted it; null after
///   the training has ended, as are all components below
/// @param startWeights the blob with the weights of the version that it goes on from
/// @param checkpoint the blob of the newest checkpoint
record JdbcTrainingRow(
    String id,
    JobState state,
    @Nullable String claim,
    int attempts,
    int deaths,
    boolean cancelRequested,
    boolean finishRequested,
    @Nullable Instant finishedAt,
    @Nullable String request,
    @Nullable String startWeights,
    @Nullable String checkpoint) {

  /// Locks a training's row for a change.
  ///
  /// @return empty if there is no such training
  static Optional<JdbcTrainingRow> lock(JdbcClient jdbc, String id) {
    jdbc.sql("UPDATE trainings SET revision = revision + 1 WHERE id = :id")
        .param("id", id)
        .update();
    return jdbc.sql(
            """
            SELECT id, state, claim, attempts, deaths, cancel_requested, finish_requested, finished_at,
              request, start_weights, checkpoint
            FROM trainings WHERE id = :id""")
        .param("id", id)
        .query((row, _) -> of(row))
        .optional();
  }

  private static JdbcTrainingRow of(ResultSet row) throws SQLException {
    return new JdbcTrainingRow(
        row.getString("id"),
        state(row),
        row.getString("claim"),
        row.getInt("attempts"),
        row.getInt("deaths"),
        row.getInt("cancel_requested") == 1,
        row.getInt("finish_requested") == 1,
        instant(row, "finished_at"),
        row.getString("request"),
        row.getString("start_weights"),
        row.getString("checkpoint"));
  }

  boolean isRunBy(String other) {
    return state == JobState.RUNNING && other.equals(claim);
  }

  /// Writes the end, and deletes everything that only a training that goes on needs. Ends its holds
  /// on data sets, too.
  ///
  /// @param datasets the data sets that it holds
  void end(JdbcClient jdbc, StoredJson json, Datasets datasets, JobEnd how, Instant now) {
    Standing standing = how instanceof JobEnd.Succeeded succeeded ? succeeded.standing() : null;
    jdbc.sql(
            """
            UPDATE trainings SET state = :state, ending = :ending, standing = :standing, finished_at = :now,
              inputs = NULL, request = NULL, start_document = NULL, start_checksum = NULL, start_weights = NULL,
              checkpoint = NULL,
              checkpoint_engine = NULL
            WHERE id = :id""")
        .param("id", id)
        .param("state", how.state().json())
        .param("ending", json.write(StoredEnding.of(how)))
        .param("standing", standing == null ? null : json.write(standing), Types.VARCHAR)
        .param("now", micros(now))
        .update();
    if (standing != null) {
      JdbcTrainingFigures.add(jdbc, id, standing);
    }
    if (request != null) {
      JdbcBlobs.abandon(jdbc, request);
    }
    if (startWeights != null) {
      JdbcPinnedVersions.unpin(jdbc, startWeights);
    }
    abandonCheckpoint(jdbc);
    datasets.end(Paths.training(id));
  }

  void abandonCheckpoint(JdbcClient jdbc) {
    if (checkpoint != null) {
      JdbcBlobs.abandon(jdbc, checkpoint);
    }
  }

  static JobState state(ResultSet row) throws SQLException {
    return JobState.ofJson(row.getString("state")).orElseThrow();
  }

  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? null : instant(micros);
  }
}
