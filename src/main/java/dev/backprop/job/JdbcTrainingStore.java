package dev.backprop.job;

import dev.backprop.dataset.JdbcDatasetHolds;
import dev.backprop.http.Problem;
import dev.backprop.http.ProblemCode;
import dev.backprop.http.ProblemException;
import dev.backprop.job.TrainingJob.CancelAnswer;
import dev.backprop.job.TrainingJob.CancelReason;
import dev.backprop.model.JdbcPinnedVersions;
import dev.backprop.model.ModelReference;
import dev.backprop.storage.JdbcBlobs;
import dev.backprop.storage.JdbcDatabase;
import dev.backprop.storage.StoredJson;
import dev.backprop.training.EpochReport;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/// Trainings in the database: a row each, with what it takes to run them, and rows of epochs.
///
/// Whoever runs a training has claimed it, under a name of its own choice, and says so whenever it
/// writes: what somebody writes who has lost the claim to another is refused. Whoever changes a
/// training changes its row first, so that all take turns.
final class JdbcTrainingStore {

  /// Claims that may end with the death of who had it.
  static final int MAX_ATTEMPTS = 3;

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

  /// A training as it is stored, without its history.
  ///
  /// @param end null until it has ended
  record Stored(
      Acceptance acceptance,
      long revision,
      JobState state,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt,
      TrainingProgress progress,
      @Nullable JobEnd end) {}

  /// What came of an attempt to claim a training.
  sealed interface Claim {

    /// @param startedAt the first time
    /// @param request the body's blob
    /// @param start the version that it goes on from; null where it starts anew
    record Won(
        Acceptance acceptance,
        Instant startedAt,
        String request,
        JdbcPinnedVersions.@Nullable Pin start)
        implements Claim {}

    /// It has just been ended instead.
    ///
    /// @param training as it is now
    record Ended(Stored training) implements Claim {}

    /// It had ended before.
    record Over() implements Claim {}
  }

  /// What whoever runs a training is told when it reports.
  enum Order {
    GO_ON,
    CANCEL,
    /// The claim is lost.
    LEAVE
  }

  /// How a training ended, as JSON; the fields that its state has.
  private record Ending(
      @Nullable JobResult result, @Nullable List<String> warnings, @Nullable Problem error) {

    static Ending of(JobEnd end) {
      return switch (end) {
        case JobEnd.Succeeded(JobResult result, List<String> warnings) ->
            new Ending(result, warnings, null);
        case JobEnd.Failed(Problem error) -> new Ending(null, null, error);
        case JobEnd.Cancelled(Problem error) -> new Ending(null, null, error);
      };
    }

    @Nullable JobEnd end(JobState state) {
      return switch (state) {
        case QUEUED, RUNNING -> null;
        case SUCCEEDED -> new JobEnd.Succeeded(known(result), known(warnings));
        case FAILED -> new JobEnd.Failed(known(error));
        case CANCELLED -> new JobEnd.Cancelled(known(error));
      };
    }

    private static <T> T known(@Nullable T field) {
      if (field == null) {
        throw new IllegalStateException("an ending lacks what its state has");
      }
      return field;
    }
  }

  /// The columns that changes depend on.
  private record Row(
      JobState state,
      @Nullable String claim,
      int attempts,
      boolean cancelRequested,
      @Nullable Instant finishedAt,
      @Nullable String request,
      @Nullable String startWeights) {

    boolean isRunBy(String other) {
      return state == JobState.RUNNING && other.equals(claim);
    }
  }

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
                     cancel_requested, request, start_document, start_weights)
                  VALUES (:id, :model, :state, 1, :at, :bytes, :acceptance, 0, 0, :request, :document, :weights)""")
              .param("id", acceptance.id())
              .param("model", acceptance.model())
              .param("state", JobState.QUEUED.json())
              .param("at", micros(acceptance.createdAt()))
              .param("bytes", acceptance.estimatedBytes())
              .param("acceptance", document)
              .param("request", inputs.request().id())
              .param("document", start == null ? null : start.document(), Types.VARCHAR)
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
    if (!JdbcDatasetHolds.take(jdbc, dataset, TrainingResource.PATH + training)) {
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

  Optional<Stored> find(String id) {
    return database.read(jdbc -> find(jdbc, id));
  }

  private Optional<Stored> find(JdbcClient jdbc, String id) {
    return jdbc.sql("SELECT " + HEAD + " FROM trainings WHERE id = :id")
        .param("id", id)
        .query(this::stored)
        .optional();
  }

  /// As [Trainings#list] has it.
  ///
  /// @param limit at most so many
  List<Stored> list(
      @Nullable String model, @Nullable JobState state, @Nullable String before, int limit) {
    Map<String, Object> params = new HashMap<>();
    StringBuilder where = new StringBuilder();
    filter(where, params, "model = :model", "model", model);
    filter(where, params, "state = :state", "state", state == null ? null : state.json());
    filter(where, params, "id < :before", "before", before);
    return database.read(
        jdbc ->
            jdbc.sql(
                    "SELECT " + HEAD + " FROM trainings" + where + " ORDER BY id DESC LIMIT :limit")
                .params(params)
                .param("limit", limit)
                .query(this::stored)
                .list());
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

  /// Claims a training for whoever is going to run it, from whoever had claimed it before.
  ///
  /// @param claim a name that nobody has used before
  Claim claim(String id, String claim, Instant now) {
    return database.write(
        jdbc -> {
          Row row = lock(jdbc, id).orElse(null);
          if (row == null || row.state().ended()) {
            return new Claim.Over();
          }
          if (row.cancelRequested()) {
            return end(jdbc, id, row, JobEnd.Cancelled.because(CancelReason.REQUEST), now);
          }
          if (row.attempts() >= MAX_ATTEMPTS) {
            return end(jdbc, id, row, new JobEnd.Failed(died(row.attempts())), now);
          }
          jdbc.sql(
                  """
                  UPDATE trainings SET state = :running, claim = :claim, attempts = attempts + 1,
                    started_at = COALESCE(started_at, :now) WHERE id = :id""")
              .param("id", id)
              .param("running", JobState.RUNNING.json())
              .param("claim", claim)
              .param("now", micros(now))
              .update();
          try {
            return won(jdbc, id);
          } catch (ProblemException e) {
            // Whoever tries again reads the same.
            write(jdbc, id, row, new JobEnd.Failed(e.problem(null)), now);
            return new Claim.Over();
          }
        });
  }

  private Claim.Won won(JdbcClient jdbc, String id) {
    return jdbc.sql(
            """
            SELECT id, acceptance, started_at, request, start_document, start_weights
            FROM trainings WHERE id = :id""")
        .param("id", id)
        .query((row, _) -> won(row))
        .single();
  }

  private Claim.Won won(ResultSet row) throws SQLException {
    String document = row.getString("start_document");
    return new Claim.Won(
        acceptance(row),
        instant(row.getLong("started_at")),
        row.getString("request"),
        document == null
            ? null
            : new JdbcPinnedVersions.Pin(document, row.getString("start_weights")));
  }

  private static Problem died(int attempts) {
    return Problem.of(
        ProblemCode.WORKERS_DIED,
        "%d processes that ran the training died or fell silent; it is not tried again"
            .formatted(attempts));
  }

  private Claim end(JdbcClient jdbc, String id, Row row, JobEnd how, Instant now) {
    write(jdbc, id, row, how, now);
    return new Claim.Ended(find(jdbc, id).orElseThrow());
  }

  /// Gives a claim back: the training waits again, and nothing has happened to it.
  void giveBack(String id, String claim) {
    database.change(
        jdbc ->
            jdbc.sql(
                    """
                    UPDATE trainings SET revision = revision + 1, state = :queued, claim = NULL,
                      attempts = attempts - 1
                    WHERE id = :id AND claim = :claim AND state = :running""")
                .param("id", id)
                .param("claim", claim)
                .param("queued", JobState.QUEUED.json())
                .param("running", JobState.RUNNING.json())
                .update());
  }

  /// Asks what to do where there is nothing to report.
  Order order(String id, String claim) {
    return database.read(
        jdbc ->
            jdbc.sql(
                    """
                    SELECT cancel_requested FROM trainings
                    WHERE id = :id AND claim = :claim AND state = :running""")
                .param("id", id)
                .param("claim", claim)
                .param("running", JobState.RUNNING.json())
                .query(Integer.class)
                .optional()
                .map(requested -> requested == 0 ? Order.GO_ON : Order.CANCEL)
                .orElse(Order.LEAVE));
  }

  /// Reports epochs; those that somebody else has reported after as many are forgotten.
  ///
  /// @param reported how many this claim has reported before
  /// @param epochs those after them
  Order report(
      String id, String claim, int reported, List<EpochReport> epochs, TrainingProgress progress) {
    String document = json.write(progress);
    return database.write(
        jdbc -> {
          Row row = lock(jdbc, id).orElse(null);
          if (row == null || !row.isRunBy(claim)) {
            return Order.LEAVE;
          }
          jdbc.sql("UPDATE trainings SET progress = :progress WHERE id = :id")
              .param("id", id)
              .param("progress", document)
              .update();
          replaceEpochs(jdbc, id, reported, epochs);
          return row.cancelRequested() ? Order.CANCEL : Order.GO_ON;
        });
  }

  private void replaceEpochs(JdbcClient jdbc, String id, int kept, List<EpochReport> epochs) {
    jdbc.sql("DELETE FROM training_epochs WHERE training = :id AND first_epoch > :kept")
        .param("id", id)
        .param("kept", kept)
        .update();
    if (!epochs.isEmpty()) {
      jdbc.sql(
              """
              INSERT INTO training_epochs (training, first_epoch, last_epoch, reports)
              VALUES (:id, :first, :last, :reports)""")
          .param("id", id)
          .param("first", epochs.getFirst().epoch())
          .param("last", epochs.getLast().epoch())
          .param("reports", json.write(epochs))
          .update();
    }
  }

  /// Ends a training. Ending it again changes nothing.
  ///
  /// @param history every epoch
  /// @return when it ended
  /// @throws FencedException where the claim is lost, or where it has succeeded after somebody
  ///   asked to cancel it
  Instant end(
      String id,
      String claim,
      JobEnd how,
      List<EpochReport> history,
      TrainingProgress progress,
      Instant now) {
    return database.write(jdbc -> end(jdbc, id, claim, how, history, progress, now));
  }

  /// The same, in the transaction that the calling thread is in.
  void endTogether(
      String id,
      String claim,
      JobEnd how,
      List<EpochReport> history,
      TrainingProgress progress,
      Instant now) {
    database.join(jdbc -> end(jdbc, id, claim, how, history, progress, now));
  }

  private Instant end(
      JdbcClient jdbc,
      String id,
      String claim,
      JobEnd how,
      List<EpochReport> history,
      TrainingProgress progress,
      Instant now) {
    Row row = lock(jdbc, id).orElseThrow(() -> new FencedException(CancelReason.CLAIM_LOST));
    if (row.finishedAt() != null && claim.equals(row.claim())) {
      return row.finishedAt();
    }
    if (!row.isRunBy(claim)) {
      throw new FencedException(CancelReason.CLAIM_LOST);
    }
    if (row.cancelRequested() && how instanceof JobEnd.Succeeded) {
      throw new FencedException(CancelReason.REQUEST);
    }
    jdbc.sql("UPDATE trainings SET progress = :progress WHERE id = :id")
        .param("id", id)
        .param("progress", json.write(progress))
        .update();
    replaceEpochs(jdbc, id, 0, history);
    write(jdbc, id, row, how, now);
    return instant(micros(now));
  }

  /// Writes the end down and lets go of everything that the training needed.
  private void write(JdbcClient jdbc, String id, Row row, JobEnd how, Instant now) {
    jdbc.sql(
            """
            UPDATE trainings SET state = :state, ending = :ending, finished_at = :now,
              request = NULL, start_document = NULL, start_weights = NULL WHERE id = :id""")
        .param("id", id)
        .param("state", how.state().json())
        .param("ending", json.write(Ending.of(how)))
        .param("now", micros(now))
        .update();
    if (row.request() != null) {
      JdbcBlobs.abandon(jdbc, row.request());
    }
    if (row.startWeights() != null) {
      JdbcPinnedVersions.unpin(jdbc, row.startWeights());
    }
    JdbcDatasetHolds.end(jdbc, TrainingResource.PATH + id);
  }

  /// What came of an attempt to cancel a training.
  ///
  /// @param ended as it is now, where this has ended it
  record Cancelling(CancelAnswer answer, @Nullable Stored ended) {}

  /// Cancels a training that waits, and has whoever runs it asked to stop.
  Cancelling cancel(String id, Instant now) {
    return database.write(
        jdbc -> {
          Row row = lock(jdbc, id).orElse(null);
          if (row == null) {
            return new Cancelling(CancelAnswer.UNKNOWN, null);
          }
          return switch (row.state()) {
            case QUEUED -> {
              write(jdbc, id, row, JobEnd.Cancelled.because(CancelReason.REQUEST), now);
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
            until == null ? Long.MIN_VALUE : micros(until),
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

  /// Takes the turn to change a training.
  private static Optional<Row> lock(JdbcClient jdbc, String id) {
    jdbc.sql("UPDATE trainings SET revision = revision + 1 WHERE id = :id")
        .param("id", id)
        .update();
    return jdbc.sql(
            """
            SELECT state, claim, attempts, cancel_requested, finished_at, request, start_weights
            FROM trainings WHERE id = :id""")
        .param("id", id)
        .query((row, _) -> row(row))
        .optional();
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        state(row),
        row.getString("claim"),
        row.getInt("attempts"),
        row.getInt("cancel_requested") == 1,
        instant(row, "finished_at"),
        row.getString("request"),
        row.getString("start_weights"));
  }

  private Stored stored(ResultSet row, int number) throws SQLException {
    JobState state = state(row);
    String progress = row.getString("progress");
    String ending = row.getString("ending");
    String what = what(row.getString("id"));
    return new Stored(
        acceptance(row),
        row.getLong("revision"),
        state,
        instant(row, "started_at"),
        instant(row, "finished_at"),
        progress == null
            ? TrainingProgress.NONE
            : json.read(progress, TrainingProgress.class, what),
        ending == null ? null : json.read(ending, Ending.class, what).end(state));
  }

  private Acceptance acceptance(ResultSet row) throws SQLException {
    return json.read(row.getString("acceptance"), Acceptance.class, what(row.getString("id")));
  }

  private static String what(String id) {
    return "training " + id;
  }

  private static JobState state(ResultSet row) throws SQLException {
    return JobState.ofJson(row.getString("state")).orElseThrow();
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? null : instant(micros);
  }
}
