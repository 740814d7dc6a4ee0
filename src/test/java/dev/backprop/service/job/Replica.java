package dev.backprop.service.job;

import static dev.backprop.service.job.Jobs.MEMORY;
import static dev.backprop.service.job.Jobs.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.plan.MachineFigures;
import dev.backprop.platform.artifact.Artifacts;
import dev.backprop.platform.artifact.Engine;
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
import dev.backprop.service.webhook.CallbackUrls;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import org.springframework.core.InfrastructureProxy;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// A process of the many that may share a database, as tests steer it.
final class Replica {

  static final int MAX_DEATHS = 7;

  static final Instant NOW = Instant.parse("2025-03-01T12:00:00Z");

  static final Engine ENGINE = Engine.here("1", KernelSelection.select("java"));

  private static final JdbcTrainingSchedule.Pace QUICK =
      new JdbcTrainingSchedule.Pace(Duration.ofMillis(50), Duration.ofMillis(100));

  /// What all processes have in common.
  private static final class Shared {

    final JdbcDatabase database;
    final List<Replica> replicas = new ArrayList<>();

    /// How far the clock was set back.
    private volatile Duration back = Duration.ZERO;

    Shared(JdbcDatabase database) {
      this.database = database;
    }

    Instant now() {
      return Instant.now().minus(back);
    }
  }

  private final Shared shared;
  final JdbcDatabase database;
  final Cut source;
  final JdbcTrainingProcesses processes;
  final JdbcBlobs blobs;
  final StoredBlobs checkpoints;
  final JdbcTrainingStore store;
  final Harness process;
  final Trainings trainings;

  /// The only one, as far as it knows.
  Replica(JdbcDatabase database) {
    this(new Shared(database), MEMORY, Duration.ZERO);
  }

  private Replica(Shared shared, long memory, Duration patience) {
    this.shared = shared;
    this.database = shared.database;
    InstantSource clock = shared::now;
    source = new Cut(Databases.source(database.kind()));
    blobs = Databases.blobs(database, Clock.systemUTC());
    checkpoints = new StoredBlobs(blobs, ENGINE, Duration.ofMillis(5));
    StoredJson json = new StoredJson(StrictJson.mapper());
    Datasets datasets = DatasetsOfAProcess.over(database);
    JdbcTrainingSchedule schedule = new JdbcTrainingSchedule(database, source, clock, 1, QUICK);
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
                            true,
                            () -> MachineFigures.BUILT_IN,
                            CallbackUrls.NONE))),
                checkpoints),
            MAX_DEATHS);
    store = new JdbcTrainingStore(database, json, claims, schedule, processes);
    process = new Harness(store, datasets, memory, Jobs.nobody(), clock, 2);
    trainings = process.trainings;
    shared.replicas.add(this);
  }

  /// Another process with the same database.
  Replica another() {
    return another(MEMORY, Duration.ZERO);
  }

  /// @param memory that its trainings may take together
  /// @param patience with larger ones that may come
  Replica another(long memory, Duration patience) {
    return new Replica(shared, memory, patience);
  }

  /// Stops all processes.
  void stop() throws InterruptedException {
    process.finish();
    for (Replica replica : shared.replicas) {
      replica.trainings.stop(PATIENCE);
    }
  }

  void setTheClockBack() {
    shared.back = Duration.ofHours(1);
  }

  void accept(Acceptance acceptance, TrainingRunner.Works how) {
    process.accept(acceptance, how);
  }

  StepByStep submit(String id) {
    return process.submit(id, "m");
  }

  StepByStep runs(String id, StepByStep work) {
    return process.runs(id, work);
  }

  int count(String sql) {
    return database.read(jdbc -> jdbc.sql(sql).query(Integer.class).single());
  }

  /// Claims a training past the schedule, as the one that runs it next.
  JdbcTrainingClaim claim(String id) {
    if (store.claim(id, NOW) instanceof TrainingStore.Outcome.Won won
        && won.claim() instanceof JdbcTrainingClaim claim) {
      return claim;
    }
    throw new AssertionError("cannot be claimed");
  }

  static TrainingClaim.End end(JobEnd how, Instant at) {
    return new TrainingClaim.End(how, List.of(), TrainingProgress.NONE, at);
  }

  void assertNothingIsLeftBut(int trainings) {
    assertThat(count("SELECT count(*) FROM trainings")).isEqualTo(trainings);
    assertThat(count("SELECT count(*) FROM trainings WHERE request IS NOT NULL")).isZero();
    Databases.clean(blobs);
    assertThat(count("SELECT count(*) FROM blobs")).isZero();
  }

  /// Connections of a process that falls silent.
  static final class Cut extends DelegatingDataSource implements InfrastructureProxy {

    /// One for every time that the process turned to the database.
    final Semaphore asked = new Semaphore(0);

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
      asked.release();
      if (cut) {
        throw new SQLTransientConnectionException("cut off");
      }
      return super.getConnection();
    }
  }
}
