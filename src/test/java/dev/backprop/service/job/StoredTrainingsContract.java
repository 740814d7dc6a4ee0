package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.plan.CrossValidationResult;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.artifact.Artifacts;
import dev.backprop.platform.artifact.Engine;
import dev.backprop.platform.http.IdempotencyOfAProcess;
import dev.backprop.platform.http.IdempotencyStore;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.json.StrictJson;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.StoredJson;
import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.dataset.DatasetsOfAProcess;
import dev.backprop.service.intake.Acceptance;
import dev.backprop.service.intake.TrainingPlanner;
import dev.backprop.service.job.Jobs.StepByStep;
import dev.backprop.service.model.JdbcPinnedVersions;
import dev.backprop.service.model.Models;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.InfrastructureProxy;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// Trainings in a database: what it keeps and forgets, and what processes that share it see.
abstract class StoredTrainingsContract extends TrainingsContract {

  private static final JdbcTrainingSchedule.Pace QUICK =
      new JdbcTrainingSchedule.Pace(Duration.ofMillis(50), Duration.ofMillis(100));

  static final int MAX_DEATHS = 7;

  private static final TrainingStore.Filter ALL = new TrainingStore.Filter(null, null);

  static final Instant NOW = Instant.parse("2025-03-01T12:00:00Z");

  static final Engine ENGINE = Engine.here("1", KernelSelection.select("java"));

  private final List<Replica> replicas = new ArrayList<>();

  /// How far the clock was set back.
  private volatile Duration back = Duration.ZERO;

  private final InstantSource clock = () -> Instant.now().minus(back);
  final JdbcDatabase database;
  final Replica one;

  StoredTrainingsContract(JdbcDatabase.Kind kind) {
    database = Databases.empty(kind);
    one = new Replica();
  }

  @AfterEach
  void stop() throws InterruptedException {
    finish();
    for (Replica replica : replicas) {
      replica.trainings.stop(PATIENCE);
    }
  }

  @Override
  Harness process() {
    return one.process;
  }

  /// Of the many that there may be.
  final class Replica {

    final Cut source = new Cut(Databases.source(database.kind()));
    final JdbcTrainingProcesses processes;
    final JdbcBlobs blobs = Databases.blobs(database, Clock.systemUTC());
    final StoredBlobs checkpoints = new StoredBlobs(blobs, ENGINE, Duration.ofMillis(5));
    private final JdbcTrainingSchedule schedule;
    final JdbcTrainingStore store;
    final Harness process;
    final Trainings trainings;

    /// The only one, as far as it knows.
    Replica() {
      this(MEMORY, Duration.ZERO);
    }

    /// @param memory that its trainings may take together
    /// @param patience with larger ones that may come
    Replica(long memory, Duration patience) {
      StoredJson json = new StoredJson(StrictJson.mapper());
      Datasets datasets = DatasetsOfAProcess.over(database);
      schedule = new JdbcTrainingSchedule(database, source, clock, 1, QUICK);
      processes = new JdbcTrainingProcesses(database, clock, memory, patience);
      JdbcTrainingClaims claims =
          new JdbcTrainingClaims(
              database,
              json,
              new JdbcTrainingClaims.Needs(
                  datasets,
                  new JdbcPinnedVersions(blobs, Artifacts.CODEC),
                  new JdbcFormerRequests(
                      database,
                      blobs,
                      json,
                      new TrainingPlanner(
                          StrictJson.mapper(),
                          datasets,
                          Models.inMemory(1 << 20, clock, 1),
                          clock,
                          new TrainingPlanner.Room(
                              new Budget(
                                  "training",
                                  MEMORY,
                                  _ -> new ProblemException(ProblemCode.EXCEEDS_MEMORY, "")),
                              1,
                              true))),
                  checkpoints),
              MAX_DEATHS);
      store = new JdbcTrainingStore(database, json, claims, schedule, processes);
      process = new Harness(store, datasets, memory, Jobs.nobody(), clock, 2);
      trainings = process.trainings;
      replicas.add(this);
    }

    void accept(Acceptance acceptance, TrainingRunner.Works how) {
      process.accept(acceptance, how);
    }

    StepByStep runs(String id, StepByStep work) {
      return process.runs(id, work);
    }
  }

  /// Connections of a process that falls silent.
  static final class Cut extends DelegatingDataSource implements InfrastructureProxy {

    volatile boolean cut;

    Cut(DataSource source) {
      super(source);
    }

    @Override
    public Object getWrappedObject() {
      return obtainTargetDataSource();
    }

    @Override
    public Connection getConnection() throws SQLException {
      if (cut) {
        throw new SQLTransientConnectionException("cut off");
      }
      return super.getConnection();
    }
  }

  final int count(String sql) {
    return database.read(jdbc -> jdbc.sql(sql).query(Integer.class).single());
  }

  final JdbcTrainingClaim claim(String id) {
    if (one.store.claim(id, NOW) instanceof TrainingStore.Outcome.Won won
        && won.claim() instanceof JdbcTrainingClaim claim) {
      return claim;
    }
    throw new AssertionError("cannot be claimed");
  }

  static TrainingClaim.End end(JobEnd how, Instant at) {
    return new TrainingClaim.End(how, List.of(), TrainingProgress.NONE, at);
  }

  final void assertNothingIsLeftBut(int trainings) {
    assertThat(count("SELECT count(*) FROM trainings")).isEqualTo(trainings);
    assertThat(count("SELECT count(*) FROM trainings WHERE request IS NOT NULL")).isZero();
    Databases.clean(one.blobs);
    assertThat(count("SELECT count(*) FROM blobs")).isZero();
  }

  final void setTheClockBack() {
    back = Duration.ofHours(1);
  }

  @Test
  void othersSeeTheProgress() throws InterruptedException {
    CountDownLatch seen = new CountDownLatch(1);
    CrossValidationResult.Fold fold =
        new CrossValidationResult.Fold(2, 3, 17, 7, Map.of("loss", 0.1));
    StepByStep work =
        new StepByStep(
            job -> {
              job.onFoldEpoch(2, Jobs.epoch(1));
              job.onFold(fold);
              job.onEpoch(Jobs.epoch(1));
              job.onEpoch(Jobs.epoch(2));
              try {
                seen.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              job.onEpoch(Jobs.epoch(3));
              return Jobs.succeeded();
            });
    work.goOn.countDown();
    accept(Jobs.acceptance("a", "m", 100, 3, 2), work);
    one.trainings.start();
    await(work);
    Replica other = new Replica();
    other.trainings.start();
    try (Trainings.Watch watch = other.trainings.watch("a").orElseThrow()) {
      TrainingJob job = watch.job();
      assertThat(job.await(0, 0, PATIENCE, () -> false).epochs())
          .containsExactly(Jobs.epoch(1), Jobs.epoch(2));
      assertThat(job.await(0, 0, PATIENCE, () -> false).folds()).containsExactly(fold);
      assertThat(job.snapshot(false).folds().ended()).isEqualTo(1);
      seen.countDown();
      TrainingJob.News last = job.await(2, 1, PATIENCE, () -> false);
      assertThat(last.epochs()).extracting(EpochReport::epoch).containsExactly(3);
      job.awaitEnd(PATIENCE);
      assertThat(job.snapshot(false).end()).isEqualTo(Jobs.succeeded());
    } finally {
      seen.countDown();
    }
  }

  @Test
  void trainingsThatFormerVersionsHaveEndedShowTheServedEpochToo() {
    submit("a", "m");
    List<EpochReport> epochs = List.of(Jobs.epoch(1), Jobs.epoch(2), Jobs.epoch(3));
    claim("a").end(new TrainingClaim.End(Jobs.succeeded(), epochs, progress(3), NOW));
    assertThat(progress(3).latest()).isEqualTo(Jobs.epoch(3));

    EpochReport served = Jobs.epoch(Jobs.BEST_EPOCH);
    assertThat(one.trainings.list(ALL, null, 9).items().getFirst().shown()).isEqualTo(served);
    try (Trainings.Watch watch = one.trainings.watch("a").orElseThrow()) {
      assertThat(watch.job().snapshot(false).shown()).isEqualTo(served);
    }
  }

  @Test
  void theEpochsOfADeadWorkerAreSeenUntilTheNextOneReports() {
    submit("a", "m");
    JdbcTrainingClaim first = claim("a");
    List<EpochReport> epochs = List.of(Jobs.epoch(1), Jobs.epoch(2), Jobs.epoch(3));
    assertThat(first.report(0, epochs, progress(3))).isEqualTo(TrainingClaim.Order.GO_ON);
    try (Trainings.Watch watch = one.trainings.watch("a").orElseThrow()) {
      JdbcTrainingClaim second = claim("a");
      one.process.runner.live().refresh();
      assertThat(watch.job().history()).isEqualTo(epochs);
      assertThat(first.report(3, List.of(Jobs.epoch(4)), progress(4)))
          .isEqualTo(TrainingClaim.Order.LEAVE);
      assertThat(first.order()).isEqualTo(TrainingClaim.Order.LEAVE);

      second.report(0, List.of(Jobs.epoch(1)), progress(1));
      one.process.runner.live().refresh();
      assertThat(watch.job().history()).containsExactly(Jobs.epoch(1));
      second.report(1, List.of(Jobs.epoch(2)), progress(2));
      one.process.runner.live().refresh();
      assertThat(watch.job().history()).containsExactly(Jobs.epoch(1), Jobs.epoch(2));
    }
  }

  private static TrainingProgress progress(int epochs) {
    return new TrainingProgress(epochs, 0.5 * epochs, Jobs.epoch(epochs), null);
  }

  private void end(String id, Instant at) {
    submit(id, "m");
    List<EpochReport> history = List.of(Jobs.epoch(1));
    claim(id).end(new TrainingClaim.End(Jobs.succeeded(), history, progress(1), at));
  }

  @Test
  void forgetsTheOldestAndTheOldOnes() {
    Instant now = Instant.now();
    end("5", now.minusSeconds(5));
    end("1", now.minusSeconds(1));
    end("3", now.minusSeconds(3));
    submit("9", "m");

    one.trainings.forget();
    assertThat(one.trainings.list(ALL, null, 9).items())
        .extracting(job -> job.acceptance().id())
        .containsExactly("9", "3", "1");
    assertThat(count("SELECT count(*) FROM training_epochs")).isEqualTo(2);

    one.store.forget(2, now.minusSeconds(2));
    assertThat(one.trainings.watch("3")).isEmpty();
    assertThat(one.trainings.watch("1")).isPresent();
    for (int i = 0; i < 250; i++) {
      end("old " + i, NOW);
    }
    one.trainings.forget();
    assertThat(count("SELECT count(*) FROM trainings")).isEqualTo(2);
  }

  @Test
  void theQueueOfAllProcessesIsBounded() {
    submit("a", "m");
    submit("b", "m");
    Replica other = new Replica();
    other.accept(Jobs.acceptance("c", "m", 100), (_, _) -> StepByStep.succeeding());

    assertThatThrownBy(() -> submit("d", "m")).hasMessageContaining("at most 3");
    assertThat(one.store.queued()).isEqualTo(3);
  }

  @Test
  void aTrainingThatCannotBeReadIsFailedAndTheNextOneRuns() throws InterruptedException {
    submit("a", "m");
    StepByStep next = submit("b", "m");
    database.change(
        jdbc -> jdbc.sql("UPDATE trainings SET acceptance = '{' WHERE id = 'a'").update());
    one.trainings.start();
    await(next);

    assertThat(count("SELECT count(*) FROM trainings WHERE id = 'a' AND state = 'failed'"))
        .isEqualTo(1);
    assertThatThrownBy(() -> one.trainings.watch("a"))
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> assertThat(problem.code()).isEqualTo(ProblemCode.STORAGE_CORRUPT));
  }

  @Test
  void whatANewerVersionHasAcceptedIsLeftToItsProcesses() throws InterruptedException {
    submit("a", "m");
    submit("b", "m");
    StepByStep next = submit("c", "m");
    database.change(
        jdbc -> {
          jdbc.sql("UPDATE trainings SET request_format = 99 WHERE id = 'a'").update();
          jdbc.sql("UPDATE scheduled_tasks SET task_name = 'training-99' WHERE task_instance = 'b'")
              .update();
        });
    one.trainings.start();
    await(next);
    next.goOn.countDown();
    assertThat(ended(one.trainings, "c").end()).isEqualTo(Jobs.succeeded());

    assertThat(
            count(
                "SELECT count(*) FROM trainings WHERE id IN ('a', 'b')"
                    + " AND state = 'queued' AND attempts = 0 AND claim IS NULL"))
        .isEqualTo(2);
    assertThat(
            count(
                "SELECT count(*) FROM scheduled_tasks WHERE task_instance = 'b' AND version = 1"
                    + " AND picked_by IS NULL"))
        .as("whose name is not known is not touched")
        .isEqualTo(1);
    assertThat(count("SELECT count(*) FROM scheduled_tasks WHERE task_instance = 'a'"))
        .as("the other comes up again")
        .isEqualTo(1);
    assertThat(one.trainings.cancel("a")).isEqualTo(TrainingJob.CancelAnswer.WAS_QUEUED);
  }

  @Test
  void aTrainingThatGoesOnFromANewerModelIsLeftToNewerProcesses() {
    submit("a", "m");
    database.change(
        jdbc ->
            jdbc.sql("UPDATE trainings SET start_document = '{\"format\":99,\"unheard\":1}'")
                .update());

    assertThat(one.store.claim("a", NOW))
        .isInstanceOfSatisfying(
            TrainingStore.Outcome.Newer.class,
            newer -> assertThat(newer.why()).contains("format 99"));
    assertThat(count("SELECT count(*) FROM trainings WHERE state = 'queued' AND attempts = 0"))
        .isEqualTo(1);
  }

  @Test
  void oneThatCannotBeReadStandsInNoOthersWayInLists() {
    submit("a", "m");
    submit("b", "m");
    submit("c", "m");
    database.change(
        jdbc -> jdbc.sql("UPDATE trainings SET acceptance = '{' WHERE id = 'b'").update());

    Page<TrainingJob.Snapshot> first = one.trainings.list(ALL, null, 2);
    Page<TrainingJob.Snapshot> second = one.trainings.list(ALL, Page.after(first.nextCursor()), 2);

    assertThat(first.items()).extracting(job -> job.acceptance().id()).containsExactly("c");
    assertThat(second.items()).extracting(job -> job.acceptance().id()).containsExactly("a");
    assertThat(second.nextCursor()).isNull();
  }

  @Test
  void isAcceptedAndScheduledOrNeither() {
    assertThatThrownBy(
            () ->
                database.perform(
                    () -> {
                      one.process.accept(Jobs.acceptance("a", "m", 100));
                      throw new IllegalStateException("planted");
                    }))
        .hasMessage("planted");

    assertThat(count("SELECT count(*) FROM scheduled_tasks")).isZero();
    assertNothingIsLeftBut(0);
  }

  @Test
  void whoSendsARequestAgainWhoseProcessWasKilledGetsItsTraining() {
    IdempotencyStore killed = IdempotencyOfAProcess.over(database, () -> NOW);
    assertThat(killed.begin("accepted")).isNull();
    assertThat(killed.begin("refused")).isNull();
    IdempotencyStore.Remembered answer =
        new IdempotencyStore.Remembered("print", 202, null, Paths.training("a"), new byte[0], NOW);
    database.perform(
        () -> {
          one.process.accept(Jobs.acceptance("a", "m", 100));
          killed.accept("accepted", answer);
        });
    assertThatThrownBy(
            () ->
                database.perform(
                    () -> {
                      one.process.accept(Jobs.acceptance("b", "m", 100));
                      killed.accept("refused", answer);
                      throw new IllegalStateException("planted");
                    }))
        .hasMessage("planted");

    IdempotencyStore other =
        IdempotencyOfAProcess.over(database, () -> NOW.plus(Duration.ofMinutes(2)));

    assertThat(other.begin("accepted"))
        .isNotNull()
        .extracting(IdempotencyStore.Remembered::location)
        .isEqualTo(Paths.training("a"));
    assertThat(other.begin("refused")).isNull();
    assertThat(one.trainings.watch("b")).isEmpty();
    assertThat(one.store.queued()).isEqualTo(1);
    assertThat(count("SELECT count(*) FROM scheduled_tasks")).isEqualTo(1);
  }

  @Test
  void aTrainingThatIsRefusedLeavesNothingBehind() {
    for (String id : List.of("a", "b", "c")) {
      submit(id, "m");
    }
    assertThatThrownBy(() -> submit("d", "m")).hasMessageContaining("at most 3");
    for (String id : List.of("a", "b", "c")) {
      one.trainings.cancel(id);
    }

    assertNothingIsLeftBut(3);
    assertThat(count("SELECT count(*) FROM scheduled_tasks")).isEqualTo(3);
  }
}
