package dev.backprop.job;

import dev.backprop.http.ProblemCode;
import dev.backprop.http.ProblemException;
import dev.backprop.model.ModelReference;
import dev.backprop.model.Models;
import dev.backprop.model.RowCounts;
import dev.backprop.model.SpecView;
import dev.backprop.model.TargetView;
import dev.backprop.spec.CrossValidationSpec;
import dev.backprop.training.TrainingPlan;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Turns a request into a training: everything that can be decided before the first epoch is
/// decided here, and everything that the training will need is set aside.
final class TrainingIntake {

  private final JobRunner runner;
  private final MemoryLedger ledger;
  private final Models models;
  private final PlannedTraining.Machine machine;
  private final JobListener listener;

  TrainingIntake(
      JobRunner runner,
      MemoryLedger ledger,
      PlannedTraining.Machine machine,
      JobListener listener) {
    this.runner = runner;
    this.ledger = ledger;
    this.models = machine.models();
    this.machine = machine;
    this.listener = listener;
  }

  /// Checks a request against its data.
  ///
  /// @throws ProblemException 422 with the pointer of what cannot be
  Planned plan(TrainingRequest request) {
    TrainingPlan plan =
        TrainingPlan.of(
            request.source().data(),
            request.source().validation(),
            request.network(),
            request.training());
    if (request.start() != null) {
      plan = request.start().begin(plan);
    }
    long bytes = request.source().inlineBytes() + plan.estimatedBytes(machine.team().threads());
    if (bytes > ledger.budget()) {
      throw new ProblemException(
          ProblemCode.EXCEEDS_MEMORY,
          "the training needs %d bytes, trainings may take %d bytes together"
              .formatted(bytes, ledger.budget()));
    }
    return new Planned(request, plan, bytes);
  }

  /// Accepts a training: reserves room for its model and queues it.
  ///
  /// @param leases what the training holds so far; from here on the training's where this succeeds,
  ///   else still the caller's
  /// @throws ProblemException 507 where models leave no room, 429 where the queue is full, 503
  ///   where the service stops
  TrainingJob accept(Planned planned, Leases leases) {
    runner.refuseWhileStopping();
    Models.Reservation room = models.reserve(planned.plan().modelBytes());
    leases.add(room::release);
    TrainingJob job =
        new TrainingJob(
            planned.acceptance(machine.clock(), machine.team().threads()),
            new PlannedTraining(machine, planned, room, leases, listener));
    runner.submit(job);
    return job;
  }

  /// A request with its plan.
  ///
  /// @param bytes what it takes from the memory ledger while it runs
  record Planned(TrainingRequest request, TrainingPlan plan, long bytes) {

    /// @param threads of the team
    Acceptance acceptance(InstantSource clock, int threads) {
      CrossValidationSpec folds = plan.training().crossValidation();
      return new Acceptance(
          request.id(),
          request.model(),
          clock.instant(),
          request.source().dataset(),
          start(),
          rows(),
          plan.training().epochs(),
          folds == null ? 0 : folds.folds(),
          plan.atOnce(threads),
          plan.parameters(),
          bytes,
          target(),
          spec(),
          request.source().warnings());
    }

    RowCounts rows() {
      return new RowCounts(plan.trainingRows(), plan.validationRows(), plan.testRows());
    }

    /// The version that it goes on from; null where it starts anew.
    @Nullable ModelReference start() {
      return request.start() == null ? null : request.start().reference();
    }

    TargetView target() {
      return TargetView.of(request.source().data().target(), request.source().taskInferred());
    }

    SpecView spec() {
      return new SpecView(plan.network(), plan.training());
    }
  }
}
