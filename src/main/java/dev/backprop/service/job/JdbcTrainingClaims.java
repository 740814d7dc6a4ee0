package dev.backprop.service.job;

import dev.backprop.platform.artifact.Engine;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.StoredJson;
import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.intake.Acceptance;
import dev.backprop.service.intake.TrainingInputs;
import dev.backprop.service.job.TrainingJob.CancelReason;
import dev.backprop.service.job.TrainingStore.Outcome;
import dev.backprop.service.model.JdbcPinnedVersions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Claims and ends trainings in the database.
///
/// If a process has a claim and neither gives it back nor ends the training, it counts as dead when
/// another claims the training. Machines may be taken away at any time, so a training goes on as
/// long as it gets further. If [#MAX_ATTEMPTS] claims end in deaths without a newer checkpoint
/// between them, the training itself is probably the cause, and is given up. It is also given up
/// after a larger number of deaths in all.
final class JdbcTrainingClaims {

  /// The most claims without a newer checkpoint between them that may end in a death.
  static final int MAX_ATTEMPTS = 3;

  private final JdbcDatabase database;
  private final StoredJson json;
  private final JdbcTrainingReader reader;
  private final Needs needs;
  private final int maxDeaths;

  /// What claims need beside the rows of trainings.
  ///
  /// @param datasets that trainings hold
  /// @param versions that trainings go on from
  /// @param former decides requests that former versions have kept
  /// @param blobs the checkpoints of trainings
  record Needs(
      Datasets datasets,
      JdbcPinnedVersions versions,
      JdbcFormerRequests former,
      StoredBlobs blobs) {}

  /// @param maxDeaths the most deaths of processes that ran a training, in all, before it is given
  ///   up
  JdbcTrainingClaims(JdbcDatabase database, StoredJson json, Needs needs, int maxDeaths) {
    this.database = database;
    this.json = json;
    this.reader = new JdbcTrainingReader(database, json);
    this.needs = needs;
    this.maxDeaths = maxDeaths;
  }

  JdbcDatabase database() {
    return database;
  }

  StoredJson json() {
    return json;
  }

  Needs needs() {
    return needs;
  }

  /// Claims a training for whoever is going to run it. Whoever had claimed it before loses the
  /// claim.
  Outcome claim(String id, Instant now) {
    String name = UUID.randomUUID().toString();
    return database.write(
        jdbc -> {
          JdbcTrainingRow row = JdbcTrainingRow.lock(jdbc, id).orElse(null);
          if (row == null || row.state().ended()) {
            return new Outcome.Over();
          }
          if (row.cancelRequested()) {
            return end(jdbc, row, JobEnd.Cancelled.because(CancelReason.REQUEST), now);
          }
          Optional<String> newer = newer(jdbc, id);
          if (newer.isPresent()) {
            return new Outcome.Newer(newer.get());
          }
          if (row.attempts() >= MAX_ATTEMPTS || row.attempts() + row.deaths() >= maxDeaths) {
            return end(jdbc, row, new JobEnd.Failed(died(row)), now);
          }
          write(jdbc, id, name, now);
          try {
            return won(
                jdbc,
                name,
                id,
                new JdbcTrainingClaim.Turn(
                    row.attempts() + row.deaths() + 1, row.state() == JobState.RUNNING));
          } catch (ProblemException e) {
            // What cannot be read now cannot be read by the next claim either.
            row.end(jdbc, json, needs.datasets(), new JobEnd.Failed(e.problem(null)), now);
            return new Outcome.Over();
          }
        });
  }

  /// Ends a training without running it. Whoever had claimed it before loses the claim.
  Outcome end(String id, JobEnd how, Instant now) {
    return database.write(
        jdbc -> {
          JdbcTrainingRow row = JdbcTrainingRow.lock(jdbc, id).orElse(null);
          if (row == null || row.state().ended()) {
            return new Outcome.Over();
          }
          return end(
              jdbc,
              row,
              row.cancelRequested() ? JobEnd.Cancelled.because(CancelReason.REQUEST) : how,
              now);
        });
  }

  private Outcome end(JdbcClient jdbc, JdbcTrainingRow row, JobEnd how, Instant now) {
    row.end(jdbc, json, needs.datasets(), how, now);
    return new Outcome.Ended(reader.find(jdbc, row.id()).orElseThrow());
  }

  private Problem died(JdbcTrainingRow row) {
    return Problem.of(
        ProblemCode.WORKERS_DIED,
        row.attempts() >= MAX_ATTEMPTS
            ? "%d processes that ran the training died or fell silent without a newer checkpoint between them; it is not tried again"
                .formatted(row.attempts())
            : "%d processes that ran the training died or fell silent, backprop.training.max-deaths is %d; it is not tried again"
                .formatted(row.attempts() + row.deaths(), maxDeaths));
  }

  /// Why this version of the service cannot read what a training is run from; empty if it can.
  private static Optional<String> newer(JdbcClient jdbc, String id) {
    return jdbc.sql(
            "SELECT request_format, substr(start_document, 1, 100) FROM trainings WHERE id = :id")
        .param("id", id)
        .query(
            (row, _) -> {
              int format = format(row.getInt(1));
              String start = row.getString(2);
              if (format > JdbcTrainingStore.FORMAT) {
                return "is a request of format %d, up to %d are read"
                    .formatted(format, JdbcTrainingStore.FORMAT);
              }
              return start == null ? "" : JdbcPinnedVersions.newer(start).orElse("");
            })
        .optional()
        .filter(why -> !why.isEmpty());
  }

  /// @param stored 0 for null
  private static int format(int stored) {
    return stored == 0 ? 1 : stored;
  }

  private static void write(JdbcClient jdbc, String id, String name, Instant now) {
    jdbc.sql(
            """
            UPDATE trainings SET state = :running, claim = :claim, attempts = attempts + 1,
              started_at = COALESCE(started_at, :now) WHERE id = :id""")
        .param("id", id)
        .param("running", JobState.RUNNING.json())
        .param("claim", name)
        .param("now", JdbcTrainingRow.micros(now))
        .update();
  }

  private Outcome.Won won(JdbcClient jdbc, String name, String id, JdbcTrainingClaim.Turn turn) {
    return jdbc.sql(
            """
            SELECT id, acceptance, made_by, callback, description, tags, started_at, progress, inputs, request,
              request_format, start_document,
              start_checksum, start_weights, checkpoint, checkpoint_engine, finish_requested
            FROM trainings WHERE id = :id""")
        .param("id", id)
        .query((row, _) -> won(row, name, turn))
        .single();
  }

  private Outcome.Won won(ResultSet row, String name, JdbcTrainingClaim.Turn turn)
      throws SQLException {
    String document = row.getString("start_document");
    String inputs = row.getString("inputs");
    Acceptance acceptance = reader.acceptance(row);
    JdbcTrainingClaim.Stored stored =
        new JdbcTrainingClaim.Stored(
            inputs == null
                ? null
                : json.read(inputs, TrainingInputs.class, JdbcTrainingReader.what(acceptance.id())),
            row.getString("request"),
            format(row.getInt("request_format")),
            document == null ? null : pin(document, row),
            checkpoint(row),
            row.getInt("finish_requested") == 1,
            turn);
    return new Outcome.Won(
        new JdbcTrainingClaim(this, acceptance, name, stored),
        acceptance,
        JdbcTrainingRow.instant(row.getLong("started_at")),
        reader.progress(row));
  }

  private static JdbcPinnedVersions.Pin pin(String document, ResultSet row) throws SQLException {
    long checksum = row.getLong("start_checksum");
    return new JdbcPinnedVersions.Pin(
        document, row.wasNull() ? null : Long.valueOf(checksum), row.getString("start_weights"));
  }

  private JdbcTrainingClaim.@Nullable StoredCheckpoint checkpoint(ResultSet row)
      throws SQLException {
    String blob = row.getString("checkpoint");
    return blob == null
        ? null
        : new JdbcTrainingClaim.StoredCheckpoint(
            blob,
            json.read(
                row.getString("checkpoint_engine"),
                Engine.class,
                JdbcTrainingReader.what(row.getString("id"))));
  }
}
