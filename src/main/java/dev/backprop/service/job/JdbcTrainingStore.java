package dev.backprop.service.job;

import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.StoredJson;
import dev.backprop.service.dataset.JdbcDatasetHolds;
import dev.backprop.service.job.TrainingJob.CancelAnswer;
import dev.backprop.service.job.TrainingJob.CancelReason;
import dev.backprop.service.model.JdbcPinnedVersions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/// Trainings in the database: a row each, with what it takes to run them, and rows of epochs.
///
/// Whoever runs a training has claimed it, and says so whenever it writes: what somebody writes who
/// has lost the claim to another is refused. Whoever changes a training changes its row first, so
/// that all take turns.
final class JdbcTrainingStore {

  private static final int AT_A_TIME = 100;

  private static final String HEAD =
      "id, revision, state, started_at, finished_at, acceptance, progress, ending";

  private final JdbcDatabase database;
  private final StoredJson json;

  /// @param json the service's
  JdbcTrainingStore(JdbcDatabase database, JsonMapper json) {
    this.database = database;
    this.json = new StoredJson(json);
  }

  /// What it takes to run a training beside what was decided at its acceptance.
  ///
  /// @param request its body, written
  /// @param datasets that it needs, by their ids
  /// @param start the version that it goes on from; null where it starts anew
  record Inputs(JdbcBlobs.Writer request, List<String> datasets, @Nullable ModelReference start) {}

  /// Accepts a training.
  ///
  /// @param capacity how many may wait
  /// @param together done in the same transaction
  /// @throws ProblemException 429 where the queue is full, 422 or 409 where what it needs has been
  ///   deleted meanwhile; nothing is kept then
  void add(Acceptance acceptance, Inputs inputs, int capacity, Runnable together) {
    String document = json.write(acceptance);
    database.change(
        jdbc -> {
          jdbc.sql("UPDATE training_queue SET accepted = accepted + 1 WHERE id = 1").update();
          if (queued(jdbc) >= capacity) {
            throw TrainingQueue.full(capacity);
          }
          JdbcBlobs.adopt(jdbc, inputs.request().id());
          JdbcPinnedVersions.Pin start = inputs.start() == null ? null : pin(jdbc, inputs.start());
          inputs.datasets().forEach(dataset -> hold(jdbc, dataset, acceptance.id()));
          jdbc.sql(
                  """
                  INSERT INTO trainings
                    (id, model, state, revision, created_at, bytes, acceptance, attempts,
                     cancel_requested, request, request_format, start_document, start_checksum, start_weights)
                  VALUES (:id, :model, :state, 1, :at, :bytes, :acceptance, 0, 0, :request, :format, :document,
                    :checksum, :weights)""")
              .param("id", acceptance.id())
              .param("model", acceptance.model())
              .param("state", JobState.QUEUED.json())
              .param("at", JdbcTrainingRow.micros(acceptance.createdAt()))
              .param("bytes", acceptance.estimatedBytes())
              .param("acceptance", document)
              .param("request", inputs.request().id())
              .param("format", StoredRequests.FORMAT)
              .param("document", start == null ? null : start.document(), Types.VARCHAR)
              .param("checksum", start == null ? null : start.documentChecksum(), Types.BIGINT)
              .param("weights", start == null ? null : start.weights(), Types.VARCHAR)
              .update();
          together.run();
        });
    inputs.request().keep();
  }

  private static JdbcPinnedVersions.Pin pin(JdbcClient jdbc, ModelReference start) {
    return JdbcPinnedVersions.pin(jdbc, start)
        .orElseThrow(
            () ->
                ProblemException.at(
                    ProblemCode.INVALID_SPEC,
                    "/warmStart/version",
                    "must be a version that is there, %s has been deleted".formatted(start)));
  }

  private static void hold(JdbcClient jdbc, String dataset, String training) {
    if (!JdbcDatasetHolds.take(jdbc, dataset, Paths.training(training))) {
      throw new ProblemException(
          ProblemCode.CONFLICT, "data set %s has been deleted meanwhile".formatted(dataset));
    }
  }

  int queued() {
    return database.read(JdbcTrainingStore::queued);
  }

  private static int queued(JdbcClient jdbc) {
    return jdbc.sql("SELECT count(*) FROM trainings WHERE state = :state")
        .param("state", JobState.QUEUED.json())
        .query(Integer.class)
        .single();
  }

  Optional<StoredTraining> find(String id) {
    return database.read(jdbc -> find(jdbc, id));
  }

  Optional<StoredTraining> find(JdbcClient jdbc, String id) {
    return jdbc.sql("SELECT " + HEAD + " FROM trainings WHERE id = :id")
        .param("id", id)
        .query(this::stored)
        .optional()
        .map(training -> shown(jdbc, training));
  }

  /// A training in a list.
  ///
  /// @param training null where it cannot be read, which stands in no other's way
  record Listed(String id, @Nullable StoredTraining training) {}

  /// As [Trainings#list] has it.
  ///
  /// @param limit at most so many
  List<Listed> list(
      @Nullable String model, @Nullable JobState state, @Nullable String before, int limit) {
    return newestFirst(
        HEAD,
        model,
        state,
        before,
        limit,
        (jdbc, rows) ->
            rows.query(this::listed).list().stream().map(listed -> shown(jdbc, listed)).toList());
  }

  /// What those of such a list take in it.
  List<Long> sizes(
      @Nullable String model, @Nullable JobState state, @Nullable String before, int limit) {
    return newestFirst(
        "500 + length(acceptance) + coalesce(length(ending), 0) + coalesce(length(progress), 0)",
        model,
        state,
        before,
        limit,
        (_, rows) -> rows.query(Long.class).list());
  }

  private <T> List<T> newestFirst(
      String what,
      @Nullable String model,
      @Nullable JobState state,
      @Nullable String before,
      int limit,
      BiFunction<JdbcClient, JdbcClient.StatementSpec, List<T>> query) {
    Map<String, Object> params = new HashMap<>();
    StringBuilder where = new StringBuilder();
    filter(where, params, "model = :model", "model", model);
    filter(where, params, "state = :state", "state", state == null ? null : state.json());
    filter(where, params, "id < :before", "before", before);
    return database.read(
        jdbc ->
            query.apply(
                jdbc,
                jdbc.sql(
                        "SELECT "
                            + what
                            + " FROM trainings"
                            + where
                            + " ORDER BY id DESC LIMIT :limit")
                    .params(params)
                    .param("limit", limit)));
  }

  private Listed shown(JdbcClient jdbc, Listed listed) {
    try {
      return listed.training() == null
          ? listed
          : new Listed(listed.id(), shown(jdbc, listed.training()));
    } catch (ProblemException e) {
      if (e.code() != ProblemCode.STORAGE_CORRUPT) {
        throw e;
      }
      return new Listed(listed.id(), null);
    }
  }

  /// Former versions wrote the figures of the latest epoch down when a training had succeeded, not
  /// those of the one whose parameters are served.
  private StoredTraining shown(JdbcClient jdbc, StoredTraining training) {
    TrainingProgress progress = training.progress();
    int epoch = JobEnd.shownEpoch(training.end(), progress.epochs());
    if (progress.latest() == null || progress.latest().epoch() == epoch) {
      return training;
    }
    String id = training.acceptance().id();
    return jdbc
        .sql(
            """
            SELECT reports FROM training_epochs
            WHERE training = :id AND first_epoch <= :epoch AND last_epoch >= :epoch""")
        .param("id", id)
        .param("epoch", epoch)
        .query((row, _) -> json.read(row.getString(1), EpochReport[].class, what(id)))
        .list()
        .stream()
        .flatMap(Arrays::stream)
        .filter(report -> report.epoch() == epoch)
        .findFirst()
        .map(report -> training.with(progress.showing(report)))
        .orElse(training);
  }

  private Listed listed(ResultSet row, int number) throws SQLException {
    String id = row.getString("id");
    try {
      return new Listed(id, stored(row, number));
    } catch (ProblemException _) {
      return new Listed(id, null);
    }
  }

  private static void filter(
      StringBuilder where,
      Map<String, Object> params,
      String condition,
      String name,
      @Nullable String value) {
    if (value != null) {
      where.append(params.isEmpty() ? " WHERE " : " AND ").append(condition);
      params.put(name, value);
    }
  }

  /// The revisions of those that there are.
  Map<String, Long> revisions(Collection<String> ids) {
    Map<String, Long> revisions = new HashMap<>();
    List<String> rest = List.copyOf(ids);
    while (!rest.isEmpty()) {
      List<String> some = rest.subList(0, Math.min(AT_A_TIME, rest.size()));
      database.read(
          jdbc -> {
            jdbc.sql("SELECT id, revision FROM trainings WHERE id IN (:ids)")
                .param("ids", some)
                .query(
                    row -> {
                      revisions.put(row.getString(1), row.getLong(2));
                    });
            return true;
          });
      rest = rest.subList(some.size(), rest.size());
    }
    return revisions;
  }

  /// The epochs that have been reported after so many, oldest first.
  List<EpochReport> epochs(String id, int seen) {
    List<EpochReport> epochs = new ArrayList<>();
    database.read(
        jdbc -> {
          jdbc.sql(
                  """
                  SELECT reports FROM training_epochs
                  WHERE training = :id AND last_epoch > :seen ORDER BY first_epoch""")
              .param("id", id)
              .param("seen", seen)
              .query(
                  row -> {
                    addAfter(id, seen, row, epochs);
                  });
          return true;
        });
    return epochs;
  }

  private void addAfter(String id, int seen, ResultSet row, List<EpochReport> epochs)
      throws SQLException {
    for (EpochReport report : json.read(row.getString(1), EpochReport[].class, what(id))) {
      if (report.epoch() > seen + epochs.size()) {
        epochs.add(report);
      }
    }
  }

  /// What a training takes in memory while it runs; empty where it has ended or is not there.
  OptionalLong bytes(String id) {
    return database
        .read(
            jdbc ->
                jdbc.sql("SELECT bytes FROM trainings WHERE id = :id AND finished_at IS NULL")
                    .param("id", id)
                    .query(Long.class)
                    .optional())
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  /// What came of an attempt to cancel a training.
  ///
  /// @param ended as it is now, where this has ended it
  record Cancelling(CancelAnswer answer, @Nullable StoredTraining ended) {}

  /// Cancels a training that waits, and has whoever runs it asked to stop.
  Cancelling cancel(String id, Instant now) {
    return database.write(
        jdbc -> {
          JdbcTrainingRow row = JdbcTrainingRow.lock(jdbc, id).orElse(null);
          if (row == null) {
            return new Cancelling(CancelAnswer.UNKNOWN, null);
          }
          return switch (row.state()) {
            case QUEUED -> {
              row.end(jdbc, json, JobEnd.Cancelled.because(CancelReason.REQUEST), now);
              yield new Cancelling(CancelAnswer.WAS_QUEUED, find(jdbc, id).orElseThrow());
            }
            case RUNNING -> {
              jdbc.sql("UPDATE trainings SET cancel_requested = 1 WHERE id = :id")
                  .param("id", id)
                  .update();
              yield new Cancelling(CancelAnswer.REQUESTED, null);
            }
            case SUCCEEDED, FAILED, CANCELLED -> new Cancelling(CancelAnswer.TOO_LATE, null);
          };
        });
  }

  /// Forgets trainings that have ended.
  ///
  /// @param kept how many are not forgotten: those that have ended last
  /// @param until forgets those among them, too, that had ended by then; null for none
  void forget(int kept, @Nullable Instant until) {
    long horizon =
        Math.max(
            until == null ? Long.MIN_VALUE : JdbcTrainingRow.micros(until),
            database
                .read(
                    jdbc ->
                        jdbc.sql(
                                """
                                SELECT finished_at FROM trainings WHERE finished_at IS NOT NULL
                                ORDER BY finished_at DESC LIMIT 1 OFFSET :kept""")
                            .param("kept", kept)
                            .query(Long.class)
                            .optional())
                .orElse(Long.MIN_VALUE));
    while (database.write(jdbc -> forgetSome(jdbc, horizon)) == AT_A_TIME) {}
  }

  private static int forgetSome(JdbcClient jdbc, long horizon) {
    List<String> old =
        jdbc.sql(
                """
                SELECT id FROM trainings WHERE finished_at <= :horizon
                ORDER BY finished_at LIMIT :some""")
            .param("horizon", horizon)
            .param("some", AT_A_TIME)
            .query((row, _) -> row.getString(1))
            .list();
    if (!old.isEmpty()) {
      jdbc.sql("DELETE FROM training_epochs WHERE training IN (:old)").param("old", old).update();
      jdbc.sql("DELETE FROM trainings WHERE id IN (:old)").param("old", old).update();
    }
    return old.size();
  }

  private StoredTraining stored(ResultSet row, int number) throws SQLException {
    JobState state = JdbcTrainingRow.state(row);
    String ending = row.getString("ending");
    String what = what(row.getString("id"));
    return new StoredTraining(
        acceptance(row),
        row.getLong("revision"),
        state,
        JdbcTrainingRow.instant(row, "started_at"),
        JdbcTrainingRow.instant(row, "finished_at"),
        progress(row),
        ending == null ? null : json.read(ending, StoredEnding.class, what).end(state));
  }

  TrainingProgress progress(ResultSet row) throws SQLException {
    String progress = row.getString("progress");
    return progress == null
        ? TrainingProgress.NONE
        : json.read(progress, TrainingProgress.class, what(row.getString("id")));
  }

  Acceptance acceptance(ResultSet row) throws SQLException {
    return json.read(row.getString("acceptance"), Acceptance.class, what(row.getString("id")));
  }

  static String what(String id) {
    return "training " + id;
  }
}
