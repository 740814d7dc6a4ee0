package dev.backprop.service.job;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Team;
import dev.backprop.platform.artifact.Engine;
import dev.backprop.platform.http.Connections;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.HeapShare;
import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.model.Models;
import java.time.Clock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/// Puts the parts of this package together.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TrainingProperties.class)
class JobConfiguration {

  @Bean
  MemoryLedger memoryLedger(TrainingProperties properties) {
    return new MemoryLedger(HeapShare.TRAININGS.bytes(properties.memoryBudget()));
  }

  @Bean
  ProgressStreams progressStreams(
      TrainingProperties properties, Connections connections, Budget inFlight, JsonMapper json) {
    return new ProgressStreams(
        Math.min(properties.maxStreams(), connections.forLong()),
        properties.heartbeat(),
        inFlight,
        json);
  }

  @Bean
  @ConditionalOnProperty(name = "backprop.storage", havingValue = "memory")
  InMemoryTrainings inMemoryTrainings(
      TrainingProperties properties,
      MemoryLedger ledger,
      PlannedTraining.Machine machine,
      JobListener listener,
      Clock clock) {
    TrainingQueue queue =
        new TrainingQueue(properties.queueCapacity(), properties.keepFinishedInMemory());
    return new InMemoryTrainings(
        queue,
        new JobRunner(queue, ledger, listener, clock, properties.workers()),
        clock,
        (planned, leases) -> new PlannedTraining(machine, planned, leases, listener));
  }

  @Bean
  JobLifecycle jobLifecycle(
      Trainings trainings, ProgressStreams streams, TrainingProperties properties) {
    return new JobLifecycle(trainings, streams, properties.shutdownTimeout());
  }

  @Bean
  Team team(TrainingProperties properties) {
    return new Team(properties.computeThreads());
  }

  @Bean
  TrainingIds trainingIds(Clock clock) {
    return new TrainingIds(clock);
  }

  @Bean
  TrainingRequests trainingRequests(JsonMapper json, Datasets datasets, Models models) {
    return new TrainingRequests(json, datasets, models);
  }

  @Bean
  @ConditionalOnProperty(name = "backprop.storage", havingValue = "memory")
  TrainingIntake trainingIntake(MemoryLedger ledger, Team team) {
    return new TrainingIntake(ledger, team.threads(), false);
  }

  @Bean
  PlannedTraining.Machine trainingMachine(
      Models models, KernelSelection kernels, Team team, Engine engine, Clock clock) {
    return new PlannedTraining.Machine(kernels.kernels(), team, engine, clock, models);
  }
}
