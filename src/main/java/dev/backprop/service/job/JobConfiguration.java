package dev.backprop.service.job;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Team;
import dev.backprop.platform.artifact.Engine;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.Connections;
import dev.backprop.platform.limits.HeapShare;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.UnitOfWork;
import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.intake.TrainingLoader;
import dev.backprop.service.intake.TrainingPlanner;
import dev.backprop.service.model.Models;
import dev.backprop.service.webhook.CallbackBodies;
import dev.backprop.service.webhook.CallbackStore;
import dev.backprop.service.webhook.CallbackUrls;
import java.time.Clock;
import java.time.Duration;
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
  Budget trainingMemory(TrainingProperties properties) {
    return new Budget(
        "training",
        HeapShare.TRAININGS.bytes(properties.memoryBudget()),
        shortage ->
            new ProblemException(
                ProblemCode.EXCEEDS_MEMORY,
                "the training needs %d bytes, trainings may take %d bytes together"
                    .formatted(shortage.total(), shortage.limit())));
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
  InMemoryTrainingStore trainingStore(
      TrainingProperties properties, Budget trainingMemory, Datasets datasets) {
    return new InMemoryTrainingStore(
        properties.workers(), properties.keepFinishedInMemory(), trainingMemory.limit(), datasets);
  }

  @Bean
  @ConditionalOnProperty(name = "backprop.storage", havingValue = "memory")
  CallbackStore callbackStore(InMemoryTrainingStore store) {
    return store.callbacks();
  }

  /// What is told of a training that has ended: as it is shown, without its history.
  @Bean
  CallbackBodies callbackBodies(TrainingStore store, JsonMapper json) {
    return id ->
        store
            .find(id)
            .map(training -> json.writeValueAsBytes(TrainingResource.of(training.snapshot())));
  }

  @Bean
  TrainingRunner trainingRunner(
      TrainingStore store,
      PlannedTraining.Machine machine,
      Budget trainingMemory,
      JobListener listener,
      Clock clock) {
    return new TrainingRunner(
        store,
        (won, checkpoints) -> new PlannedTraining(machine, listener, won, checkpoints),
        trainingMemory,
        listener,
        clock);
  }

  @Bean
  Trainings trainings(
      TrainingStore store,
      Datasets datasets,
      Models models,
      TrainingRunner runner,
      Clock clock,
      TrainingProperties properties) {
    Trainings.Limits limits =
        new Trainings.Limits(
            properties.queueCapacity(),
            store.isLasting()
                ? properties.keepFinishedInDatabase()
                : properties.keepFinishedInMemory(),
            store.isLasting() ? properties.keepFinishedFor() : Duration.ZERO);
    Trainings trainings = new Trainings(store, datasets, runner, clock, limits);
    models.whileNeeded(trainings::starts);
    trainings.completeFrom(models::standing);
    return trainings;
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
  MachineSpeed machineSpeed(KernelSelection kernels, Budget trainingMemory) {
    return new MachineSpeed(kernels.kernels(), trainingMemory);
  }

  @Bean
  TrainingPlanner trainingPlanner(
      JsonMapper json, Datasets datasets, Models models, Clock clock, TrainingPlanner.Room room) {
    return new TrainingPlanner(json, datasets, models, clock, room);
  }

  @Bean
  @ConditionalOnProperty(name = "backprop.storage", havingValue = "memory")
  TrainingPlanner.Room trainingRoom(
      Budget trainingMemory, Team team, MachineSpeed speed, CallbackUrls callbacks) {
    return new TrainingPlanner.Room(trainingMemory, team.threads(), false, speed, callbacks);
  }

  @Bean
  PlannedTraining.Machine trainingMachine(
      Models models,
      KernelSelection kernels,
      Team team,
      Budget trainingMemory,
      Engine engine,
      Clock clock,
      Datasets datasets,
      UnitOfWork unit) {
    return new PlannedTraining.Machine(
        kernels.kernels(),
        team,
        new Loans(trainingMemory),
        engine,
        clock,
        new TrainingLoader(datasets, models),
        models,
        unit);
  }
}
