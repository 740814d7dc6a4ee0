package dev.backprop.service.job;

import dev.backprop.engine.plan.Standing;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.Target;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.http.Sort;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.StoredJson;
import dev.backprop.service.intake.Acceptance;
import dev.backprop.service.intake.AcceptedTraining;
import dev.backprop.service.job.TrainingJob.CancelAnswer;
import dev.backprop.service.job.TrainingJob.CancelReason;
import dev.backprop.service.job.TrainingJob.FinishAnswer;
import dev.backprop.service.job.TrainingStore.Outcome;
import dev.backprop.service.model.JdbcPinnedVersions;
import dev.backprop.service.webhook.Callback;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Trainings in the database. Each has a row with everything that running it needs, and rows of
/// epochs.
///
/// Whoever runs a training has claimed it, and names its claim in every write. The store refuses a
/// write if another has claimed the training meanwhile. Every change locks the training's row
/// first, so that all take turns.
final class JdbcTrainingStore implements TrainingStore {

  /// The format of what a training is run from. Formats 1 and 2 keep the body of the request, see
  /// [JdbcFormerRequests]. From format 3 on, what was decided is kept; format 4 has options and
  /// columns of dates, which format 3 did not know. Format 5 has an owner; a process that did not
  /// know it would make a version of nobody's. Format 6 has a callback, of which a process that did
  /// not know it would tell nobody, notes, which it would lose, or settings of the training that
  /// formats 4 and 5 did not know. What has none of these is kept in the lowest format that has all
  /// it needs.
  static final int FORMAT = 6;

  private static final int WITH_OWNER = 5;
  private static final int WITHOUT_OWNER = 4;

  private static final int AT_ONCE = 100;

  private final JdbcDatabase database;
  private final StoredJson json;
  private final JdbcTrainingReader reader;
  private final JdbcTrainingClaims claims;
  private final JdbcTrainingSchedule schedule;
  private final JdbcTrainingProcesses processes;

  JdbcTrainingStore(
      JdbcDatabase database,
      StoredJson json,
      JdbcTrainingClaims claims,
      JdbcTrainingSchedule schedule,
      JdbcTrainingProcesses processes) {
    this.database = database;
    this.json = json;
    this.reader = new JdbcTrainingReader(database, json);
    this.claims = claims;
    this.schedule = schedule;
    this.processes = processes;
  }

  @Override
  public boolean isLasting() {
    return true;
  }

  @Override
  public Duration checkpointInterval() {
    return claims.needs().blobs().interval();
  }

  @Override
  public void add(AcceptedTraining training, Admission admission) {
    Acceptance acceptance = training.acceptance();
    String document = json.write(acceptance);
    String inputs = json.write(training.inputs());
    database.change(
        jdbc -> {
          jdbc.sql("UPDATE training_queue SET accepted = accepted + 1 WHERE id = 1").update();
          admission.check(
              queued(jdbc), admission.ofOwner() == null ? 0 : underWay(jdbc, acceptance.owner()));
          insert(jdbc, acceptance, document, inputs);
          schedule.add(acceptance.id(), format(acceptance), acceptance.createdAt());
        });
  }

  /// The format of a training whose inputs are kept.
  static int format(Acceptance acceptance) {
    TrainingSpec training = acceptance.spec().training();
    if (acceptance.callback() != null
        || !acceptance.notes().isEmpty()
        || training.calibration()
        || !training.importance()
        || training.threshold() != null
        || training.positive() != null
        || (training.selection() != null
            && isNew(training.selection(), acceptance.target().target()))) {
      return FORMAT;
    }
    return acceptance.owner() == null ? WITHOUT_OWNER : WITH_OWNER;
  }

  /// Whether formats 4 and 5 had no such figure of that target.
  private static boolean isNew(Metric selection, Target target) {
    return switch (selection) {
      case LOSS, LOG_LOSS, ACCURACY, EXACT_MATCH, RMSE, MAE -> false;
      case AUC -> target.outputs() > 1;
      case F1, PR_AUC, MCC, BALANCED_ACCURACY, BRIER, R2, MAPE, PINBALL -> true;
    };
  }

  @Override
  public void offer(String id) {
    database.afterwards(schedule::check);
  }

  private static void insert(
      JdbcClient jdbc, Acceptance acceptance, String document, String inputs) {
    ModelReference version = acceptance.warmStart();
    JdbcPinnedVersions.Pin start = version == null ? null : pin(jdbc, version);
    jdbc.sql(
            """
            INSERT INTO trainings
              (id, model, state, revision, created_at, bytes, acceptance, attempts,
               cancel_requested, inputs, request_format, start_document, start_checksum, start_weights,
               made_by, callback, callback_state, callback_due, description, tags)
            VALUES (:id, :model, :state, 1, :at, :bytes, :acceptance, 0, 0, :inputs, :format, :document,
              :checksum, :weights, :owner, :callback, :pending, :due, :description, :tags)""")
        .param("id", acceptance.id())
        .param("model", acceptance.model())
        .param("state", JobState.QUEUED.json())
        .param("at", JdbcTrainingRow.micros(acceptance.createdAt()))
        .param("bytes", acceptance.estimatedBytes())
        .param("acceptance", document)
        .param("inputs", inputs)
        .param("format", format(acceptance))
        .param("owner", acceptance.owner(), Types.VARCHAR)
        .param("callback", acceptance.callback(), Types.VARCHAR)
        .param(
            "pending",
            acceptance.callback() == null ? null : Callback.State.PENDING.json(),
            Types.VARCHAR)
        .param("due", acceptance.callback() == null ? null : 0, Types.BIGINT)
        .param("description", acceptance.notes().description(), Types.VARCHAR)
        .param("tags", acceptance.notes().joinedTags(), Types.VARCHAR)
        .param("document", start == null ? null : start.document(), Types.VARCHAR)
        .param("checksum", start == null ? null : start.documentChecksum(), Types.BIGINT)
        .param("weights", start == null ? null : start.weights(), Types.VARCHAR)
        .update();
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

  @Override
  public int queued() {
    return database.read(JdbcTrainingStore::queued);
  }

  private static int queued(JdbcClient jdbc) {
    return jdbc.sql("SELECT count(*) FROM trainings WHERE state = :state")
        .param("state", JobState.QUEUED.json())
        .query(Integer.class)
        .single();
  }

  private static int underWay(JdbcClient jdbc, @Nullable String owner) {
    return jdbc.sql("SELECT count(*) FROM trainings WHERE made_by = :owner AND finished_at IS NULL")
        .param("owner", owner, Types.VARCHAR)
        .query(Integer.class)
        .single();
  }

  @Override
  public Optional<StoredTraining> find(String id) {
    return reader.find(id);
  }

  @Override
  public Page<StoredTraining> list(Filter filter, @Nullable String before, int limit) {
    return reader.list(filter, before, limit);
  }

  @Override
  public Page<StoredTraining> list(
      Filter filter, Sort sort, Sort.@Nullable Place after, int limit) {
    return reader.list(filter, sort, after, limit);
  }

  @Override
  public void completeStandings(Function<ModelReference, Optional<Standing>> standings) {
    while (database.write(jdbc -> JdbcTrainingFigures.complete(jdbc, json, standings))) {}
  }

  @Override
  public Map<String, Long> revisions(Collection<String> ids) {
    return reader.revisions(ids);
  }

  @Override
  public List<EpochReport> epochs(String id, int seen) {
    return reader.epochs(id, seen);
  }

  @Override
  public OptionalLong bytes(String id) {
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

  @Override
  public long largestBudget() {
    return processes.largestBudget();
  }

  @Override
  public int processes() {
    return processes.seen();
  }

  @Override
  public Cancelling cancel(String id, Instant now) {
    return database.write(
        jdbc -> {
          JdbcTrainingRow row = JdbcTrainingRow.lock(jdbc, id).orElse(null);
          if (row == null) {
            return new Cancelling(CancelAnswer.UNKNOWN, null);
          }
          return switch (row.state()) {
            case QUEUED -> {
              row.end(
                  jdbc,
                  json,
                  claims.needs().datasets(),
                  JobEnd.Cancelled.because(CancelReason.REQUEST),
                  now);
              yield new Cancelling(CancelAnswer.WAS_QUEUED, reader.find(id).orElseThrow());
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

  @Override
  public FinishAnswer finish(String id) {
    return database.write(
        jdbc -> {
          JdbcTrainingRow row = JdbcTrainingRow.lock(jdbc, id).orElse(null);
          if (row == null) {
            return FinishAnswer.UNKNOWN;
          }
          FinishAnswer answer =
              FinishAnswer.of(row.state(), reader.find(id).orElseThrow().acceptance());
          if (answer == FinishAnswer.REQUESTED) {
            jdbc.sql("UPDATE trainings SET finish_requested = 1 WHERE id = :id")
                .param("id", id)
                .update();
          }
          return answer;
        });
  }

  @Override
  public Outcome claim(String id, Instant now) {
    return claims.claim(id, now);
  }

  @Override
  public Outcome end(String id, JobEnd how, Instant now) {
    return claims.end(id, how, now);
  }

  @Override
  public void forget(int kept, @Nullable Instant until, Instant unsettled) {
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
    long latest = JdbcTrainingRow.micros(unsettled);
    while (database.write(jdbc -> forgetSome(jdbc, horizon, latest)) == AT_ONCE) {}
  }

  private static int forgetSome(JdbcClient jdbc, long horizon, long unsettled) {
    List<String> old =
        jdbc.sql(
                """
                SELECT id FROM trainings
                WHERE finished_at <= :horizon AND (callback_due IS NULL OR finished_at <= :unsettled)
                ORDER BY finished_at LIMIT :some""")
            .param("horizon", horizon)
            .param("unsettled", unsettled)
            .param("some", AT_ONCE)
            .query((row, _) -> row.getString(1))
            .list();
    if (!old.isEmpty()) {
      remove(jdbc, old);
    }
    return old.size();
  }

  /// @param ended trainings that have
  private static void remove(JdbcClient jdbc, List<String> ended) {
    jdbc.sql("DELETE FROM training_epochs WHERE training IN (:old)").param("old", ended).update();
    JdbcTrainingFigures.remove(jdbc, ended);
    jdbc.sql("DELETE FROM trainings WHERE id IN (:old)").param("old", ended).update();
  }

  @Override
  public Deletion delete(String id) {
    return database.write(
        jdbc -> {
          JdbcTrainingRow row = JdbcTrainingRow.lock(jdbc, id).orElse(null);
          if (row == null) {
            return Deletion.UNKNOWN;
          }
          if (!row.state().ended()) {
            return Deletion.UNDER_WAY;
          }
          remove(jdbc, List.of(id));
          return Deletion.DELETED;
        });
  }

  @Override
  public void start(Worker worker) {
    schedule.start(worker);
    processes.start();
  }

  @Override
  public void stop() {
    schedule.stop();
    processes.leave();
  }
}
