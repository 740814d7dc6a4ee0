package dev.backprop.service.job;

import dev.backprop.engine.linalg.Team;
import dev.backprop.platform.artifact.Engine;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.StoredJson;
import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.intake.TrainingPlanner;
import dev.backprop.service.model.JdbcPinnedVersions;
import dev.backprop.service.webhook.CallbackStore;
import dev.backprop.service.webhook.CallbackUrls;
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
  TrainingPlanner.Room trainingRoom(
      Budget trainingMemory, Team team, MachineSpeed speed, CallbackUrls callbacks) {
    return new TrainingPlanner.Room(trainingMemory, team.threads(), true, speed, callbacks);
  }

  @Bean
  StoredBlobs trainingBlobs(JdbcBlobs blobs, Engine engine, TrainingProperties properties) {
    return new StoredBlobs(blobs, engine, properties.checkpointInterval());
  }

  @Bean
  JdbcFormerRequests formerRequests(
      JdbcDatabase database, JdbcBlobs blobs, JsonMapper json, TrainingPlanner planner) {
    return new JdbcFormerRequests(database, blobs, new StoredJson(json), planner);
  }

  @Bean
  JdbcTrainingClaims.Needs trainingNeeds(
      Datasets datasets,
      JdbcPinnedVersions versions,
      JdbcFormerRequests former,
      StoredBlobs blobs) {
    return new JdbcTrainingClaims.Needs(datasets, versions, former, blobs);
  }

  @Bean
  JdbcTrainingClaims trainingClaims(
      JdbcDatabase database,
      JsonMapper json,
      JdbcTrainingClaims.Needs needs,
      TrainingProperties properties) {
    return new JdbcTrainingClaims(database, new StoredJson(json), needs, properties.maxDeaths());
  }

  @Bean
  JdbcTrainingSchedule trainingSchedule(
      JdbcDatabase database, DataSource source, Clock clock, TrainingProperties properties) {
    JdbcTrainingSchedule schedule =
        new JdbcTrainingSchedule(
            database, source, clock, properties.workers(), JdbcTrainingSchedule.Pace.USUAL);
    if (database.kind() == JdbcDatabase.Kind.SQLITE) {
      schedule.endThoseOfOthers();
    }
    return schedule;
  }

  @Bean
  JdbcTrainingProcesses trainingProcesses(
      JdbcDatabase database, Clock clock, Budget trainingMemory) {
    return new JdbcTrainingProcesses(
        database,
        clock,
        trainingMemory.limit(),
        database.kind() == JdbcDatabase.Kind.SQLITE
            ? Duration.ZERO
            : JdbcTrainingProcesses.PATIENCE);
  }

  @Bean
  CallbackStore callbackStore(JdbcDatabase database) {
    return new JdbcTrainingCallbacks(database);
  }

  @Bean
  JdbcTrainingStore trainingStore(
      JdbcDatabase database,
      JdbcTrainingClaims claims,
      JdbcTrainingSchedule schedule,
      JdbcTrainingProcesses processes) {
    return new JdbcTrainingStore(database, claims.json(), claims, schedule, processes);
  }
}
