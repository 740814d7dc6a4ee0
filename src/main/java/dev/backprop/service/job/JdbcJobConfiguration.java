package dev.backprop.service.job;

import dev.backprop.engine.linalg.Team;
import dev.backprop.platform.artifact.Engine;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.service.model.JdbcPinnedVersions;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/// Puts together what keeps trainings in a database.
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "backprop.storage", havingValue = "jdbc", matchIfMissing = true)
class JdbcJobConfiguration {

  @Bean
  TrainingIntake trainingIntake(MemoryLedger ledger, Team team) {
    return new TrainingIntake(ledger, team.threads(), true);
  }

  @Bean
  StoredCheckpoints storedCheckpoints(
      JdbcBlobs blobs, Engine engine, TrainingProperties properties, JobListener listener) {
    return new StoredCheckpoints(blobs, engine, properties.checkpointInterval(), listener);
  }

  @Bean
  StoredRequests storedRequests(
      JdbcBlobs blobs,
      JdbcPinnedVersions versions,
      TrainingRequests requests,
      TrainingIntake intake,
      StoredCheckpoints checkpoints,
      PlannedTraining.Machine machine,
      JobListener listener) {
    return new StoredRequests(blobs, versions, requests, intake, checkpoints, machine, listener);
  }

  @Bean
  StoredTrainings storedTrainings(
      JdbcDatabase database,
      DataSource source,
      JsonMapper json,
      StoredRequests requests,
      StoredCheckpoints checkpoints,
      MemoryLedger ledger,
      JobListener listener,
      Clock clock,
      TrainingProperties properties) {
    JdbcTrainingStore store = new JdbcTrainingStore(database, json);
    LiveTrainings live = new LiveTrainings(store);
    JdbcTrainingProcesses processes =
        new JdbcTrainingProcesses(
            database,
            clock,
            ledger.budget(),
            database.kind() == JdbcDatabase.Kind.SQLITE
                ? Duration.ZERO
                : JdbcTrainingProcesses.PATIENCE);
    StoredRunner runner =
        new StoredRunner(
            store,
            new JdbcTrainingClaims(database, json, store, properties.maxDeaths()),
            processes,
            live,
            requests,
            checkpoints,
            ledger,
            listener,
            clock);
    JdbcTrainingSchedule schedule =
        new JdbcTrainingSchedule(
            database,
            source,
            clock,
            properties.workers(),
            JdbcTrainingSchedule.Pace.USUAL,
            runner::look);
    if (database.kind() == JdbcDatabase.Kind.SQLITE) {
      schedule.endThoseOfOthers();
    }
    StoredTrainings.Limits limits =
        new StoredTrainings.Limits(
            properties.queueCapacity(),
            properties.keepFinishedInDatabase(),
            properties.keepFinishedFor());
    return new StoredTrainings(store, schedule, live, runner, processes, requests, clock, limits);
  }
}
