package dev.backprop.service.job;

import dev.backprop.engine.plan.Checkpoints;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/// A process that keeps trainings in a store, whose work tests steer by hand.
final class Harness {

  final TrainingStore store;
  final Budget memory;
  final TrainingRunner runner;
  final Trainings trainings;
  private final Map<String, TrainingRunner.Works> works = new ConcurrentHashMap<>();

  Harness(TrainingStore store, long memory, JobListener listener, InstantSource clock, int kept) {
    this.store = store;
    this.memory =
        new Budget("training", memory, _ -> new ProblemException(ProblemCode.EXCEEDS_MEMORY, ""));
    this.runner = new TrainingRunner(store, this::work, this.memory, listener, clock);
    this.trainings =
        new Trainings(
            store,
            runner,
            clock,
            new Trainings.Limits(TrainingsContract.CAPACITY, kept, Duration.ofDays(1)));
  }

  private TrainingWork work(TrainingStore.Outcome.Won won, Checkpoints checkpoints) {
    return Objects.requireNonNull(works.get(won.acceptance().id())).of(won, checkpoints);
  }

  void accept(Acceptance acceptance, TrainingRunner.Works how) {
    works.put(acceptance.id(), how);
    accept(acceptance);
  }

  void accept(Acceptance acceptance) {
    accept(acceptance, new Leases());
  }

  /// @param leases that the training holds
  void accept(Acceptance acceptance, Leases leases) {
    try (TrainingStore.Body body = store.body()) {
      body.finish();
      trainings.accept(new TrainingStore.Accepted(acceptance, Jobs.open(leases), body));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Takes part in running a training that another has accepted.
  Jobs.StepByStep runs(String id, Jobs.StepByStep work) {
    works.put(id, (_, _) -> work);
    return work;
  }
}
