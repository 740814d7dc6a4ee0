package dev.backprop.job;

import dev.backprop.dataset.Datasets;
import dev.backprop.http.HeapShare;
import dev.backprop.linalg.KernelSelection;
import dev.backprop.linalg.Team;
import dev.backprop.model.Engine;
import dev.backprop.model.Models;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/// Puts the parts of this package together.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TrainingProperties.class)
class JobConfiguration {

  @Bean
  TrainingJobs trainingJobs(TrainingProperties properties) {
    return new InMemoryTrainingJobs(properties.queueCapacity(), properties.keepFinished());
  }

  @Bean
  MemoryLedger memoryLedger(TrainingProperties properties) {
    return new MemoryLedger(HeapShare.TRAININGS.bytes(properties.memoryBudget()));
  }

  @Bean
  ProgressStreams progressStreams(TrainingProperties properties, JsonMapper json) {
    return new ProgressStreams(properties.maxStreams(), properties.heartbeat(), json);
  }

  @Bean
  JobRunner jobRunner(
      TrainingJobs jobs,
      MemoryLedger ledger,
      JobListener listener,
      Clock clock,
      TrainingProperties properties) {
    return new JobRunner(jobs, ledger, listener, clock, properties.workers());
  }

  @Bean
  JobLifecycle jobLifecycle(
      JobRunner runner, ProgressStreams streams, TrainingProperties properties) {
    return new JobLifecycle(runner, streams, properties.shutdownTimeout());
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
  TrainingIntake trainingIntake(
      JobRunner runner,
      MemoryLedger ledger,
      Models models,
      KernelSelection kernels,
      Team team,
      Engine engine,
      Clock clock,
      JobListener listener) {
    return new TrainingIntake(
        runner,
        ledger,
        new PlannedTraining.Machine(kernels.kernels(), team, engine, clock, models),
        listener);
  }
}
