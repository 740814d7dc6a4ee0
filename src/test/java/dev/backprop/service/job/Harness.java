package dev.backprop.service.job;

import static dev.backprop.platform.caller.Caller.ANYBODY;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.plan.Checkpoints;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Table;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.dataset.Dataset;
import dev.backprop.service.dataset.DatasetHead;
import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.dataset.Ownership;
import dev.backprop.service.intake.Acceptance;
import dev.backprop.service.intake.AcceptedTraining;
import dev.backprop.service.job.Jobs.StepByStep;
import dev.backprop.service.model.Models;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/// A process that keeps trainings in a store, whose work tests steer by hand.
final class Harness {

  /// Trainings that may wait.
  private static final int CAPACITY = 3;

  final TrainingStore store;
  final Datasets datasets;
  final Budget memory;
  final TrainingRunner runner;
  final Trainings trainings;
  private final Map<String, TrainingRunner.Works> works = new ConcurrentHashMap<>();
  private final List<StepByStep> submitted = new ArrayList<>();

  Harness(
      TrainingStore store,
      Datasets datasets,
      long memory,
      JobListener listener,
      InstantSource clock,
      int kept) {
    this.store = store;
    this.datasets = datasets;
    this.memory =
        new Budget("training", memory, _ -> new ProblemException(ProblemCode.EXCEEDS_MEMORY, ""));
    this.runner = new TrainingRunner(store, this::work, this.memory, listener, clock);
    this.trainings =
        new Trainings(
            store,
            datasets,
            runner,
            clock,
            new Trainings.Limits(CAPACITY, kept, Duration.ofDays(1)));
  }

  private TrainingWork work(TrainingStore.Outcome.Won won, Checkpoints checkpoints) {
    return Objects.requireNonNull(works.get(won.acceptance().id())).of(won, checkpoints);
  }

  void accept(Acceptance acceptance, TrainingRunner.Works how) {
    works.put(acceptance.id(), how);
    accept(acceptance);
  }

  void accept(Acceptance acceptance) {
    accept(acceptance, new Jobs.CountedRoom());
  }

  /// @param room reserved for its model
  void accept(Acceptance acceptance, Models.Reservation room) {
    try (AcceptedTraining training = Jobs.accepted(acceptance, null, room)) {
      trainings.accept(training, ANYBODY);
    }
  }

  /// @param caller whose limits hold
  void accept(Acceptance acceptance, Caller caller) {
    works.putIfAbsent(acceptance.id(), (_, _) -> StepByStep.succeeding());
    try (AcceptedTraining training = Jobs.accepted(acceptance, null, new Jobs.CountedRoom())) {
      trainings.accept(training, caller);
    }
  }

  /// Accepts a training with a data set of its own, which has its id.
  void acceptWithData(Acceptance acceptance) {
    Table table =
        new BareExamples(DenseRows.of(new double[][] {{1}, {2}}), null)
            .table(ByteBudget::unbounded);
    DatasetHead head =
        new DatasetHead(
            acceptance.id(),
            "own",
            table.rows(),
            table.bytes(),
            "",
            List.of(),
            List.of(),
            MissingTokens.NONE,
            acceptance.createdAt(),
            Ownership.of(acceptance.owner()),
            Notes.NONE);
    try (Budget.Claim claim = datasets.reserve()) {
      claim.grow(table.bytes());
      try (AcceptedTraining training =
          Jobs.accepted(
              acceptance,
              datasets.draft(claim, new Dataset(head, table)),
              new Jobs.CountedRoom())) {
        trainings.accept(training, ANYBODY);
      }
    }
  }

  /// Accepts a training that has been planned.
  StepByStep submit(String id, String model) {
    return submit(id, model, StepByStep.succeeding());
  }

  StepByStep submit(String id, String model, StepByStep work) {
    return submit(Jobs.acceptance(id, model, 100), work);
  }

  StepByStep submit(Acceptance acceptance, StepByStep work) {
    submitted.add(work);
    accept(acceptance, (_, _) -> work);
    return work;
  }

  /// Lets everything that was submitted go on.
  void finish() {
    submitted.forEach(work -> work.goOn.countDown());
  }

  /// Takes part in running a training that another has accepted.
  StepByStep runs(String id, StepByStep work) {
    works.put(id, (_, _) -> work);
    return work;
  }
}
