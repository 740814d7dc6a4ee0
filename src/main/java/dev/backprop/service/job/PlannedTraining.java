package dev.backprop.service.job;

import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.plan.Checkpoint;
import dev.backprop.engine.plan.Checkpoints;
import dev.backprop.engine.plan.CrossValidationResult;
import dev.backprop.engine.plan.Supervisor;
import dev.backprop.engine.plan.TrainingResult;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.Signal;
import dev.backprop.platform.artifact.Engine;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.Provenance;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.model.Models;
import dev.backprop.service.model.VersionHead;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Carries out a plan and keeps the model that comes of it.
final class PlannedTraining implements TrainingWork {

  /// What computes, for every training of this process.
  record Machine(Kernels kernels, Team team, Engine engine, InstantSource clock, Models models) {}

  private final Machine machine;
  private final TrainingIntake.Planned planned;
  private final Models.Reservation room;
  private final Leases leases;
  private final JobListener listener;
  private final Consumer<JobEnd.Succeeded> together;
  private final Checkpoints checkpoints;
  private @Nullable Resumption from;

  /// Where a training goes on from.
  ///
  /// @param known how far the database says that it was
  record Resumption(Checkpoint checkpoint, TrainingProgress known) {}

  /// Reserves room for the model of a training that is never interrupted.
  ///
  /// @param leases that the training has, which take the room too
  /// @throws ProblemException 507 where there is no room
  PlannedTraining(
      Machine machine, TrainingIntake.Planned planned, Leases leases, JobListener listener) {
    this(machine, planned, leases, listener, _ -> {}, Checkpoints.NONE, null);
  }

  /// Reserves room for the model.
  ///
  /// @param leases that the training has, which take the room too
  /// @param together told of the end before anybody sees the version, as [Models#add] says it
  /// @param from null where it begins
  /// @throws ProblemException 507 where there is no room
  PlannedTraining(
      Machine machine,
      TrainingIntake.Planned planned,
      Leases leases,
      JobListener listener,
      Consumer<JobEnd.Succeeded> together,
      Checkpoints checkpoints,
      @Nullable Resumption from) {
    this.machine = machine;
    this.planned = planned;
    this.leases = leases;
    this.listener = listener;
    this.together = together;
    this.checkpoints = checkpoints;
    this.from = from;
    this.room = machine.models().expect(planned.plan().modelBytes());
    leases.add(room::release);
  }

  @Override
  public @Nullable JobEnd run(TrainingJob job) {
    Instant startedAt = machine.clock().instant();
    TrainingResult result =
        planned
            .plan()
            .run(
                machine.kernels(),
                machine.team(),
                new SteadyClock(machine.clock()),
                new Reports(job, listener, checkpoints),
                resume(job));
    return switch (result) {
      case TrainingResult.Cancelled _ -> cancelled(job);
      case TrainingResult.Suspended _ -> null;
      case TrainingResult.Diverged(Integer fold, int epoch, String detail) ->
          new JobEnd.Failed(
              Problem.of(
                  ProblemCode.DIVERGED,
                  "%s diverged in epoch %d: %s"
                      .formatted(fold == null ? "the training" : "fold " + fold, epoch, detail)));
      case TrainingResult.Trained trained ->
          job.complete() ? keep(job, trained, startedAt) : cancelled(job);
    };
  }

  private @Nullable Checkpoint resume(TrainingJob job) {
    if (from == null) {
      return null;
    }
    Checkpoint checkpoint = from.checkpoint();
    JobLog.goesOn(job.acceptance(), checkpoint);
    job.resume(checkpoint, from.known());
    from = null; // it is large
    return checkpoint;
  }

  /// Tells the training and whoever counts what it hears, and the engine whether it may go on.
  private record Reports(TrainingJob job, JobListener listener, Checkpoints checkpoints)
      implements Supervisor {

    @Override
    public Signal signal() {
      return job.cancelReason() == null ? checkpoints.signal() : Signal.CANCEL;
    }

    @Override
    public void save(Checkpoint checkpoint) {
      checkpoints.save(checkpoint);
    }

    @Override
    public void onEpoch(EpochReport report) {
      job.onEpoch(report);
      listener.onEpoch(job.acceptance().rows().training(), report);
    }

    @Override
    public void onFoldEpoch(int fold, EpochReport report) {
      job.onFoldEpoch(fold, report);
      listener.onEpoch(job.acceptance().trainingRowsOf(fold), report);
    }

    @Override
    public void onFold(CrossValidationResult.Fold fold) {
      job.onFold(fold);
    }
  }

  private static JobEnd cancelled(TrainingJob job) {
    return JobEnd.Cancelled.because(Objects.requireNonNull(job.cancelReason()));
  }

  private JobEnd keep(TrainingJob job, TrainingResult.Trained trained, Instant startedAt) {
    Acceptance acceptance = job.acceptance();
    ModelDraft draft =
        new ModelDraft(
            trained.predictor(),
            planned.plan().training(),
            planned.plan().splitBy(),
            planned.request().source().schema(),
            acceptance.target().inferred(),
            trained.evaluations(),
            trained.crossValidation(),
            job.history(),
            trained.bestEpoch(),
            trained.stoppedEarly(),
            trained.stoppedByTime(),
            trained.converged(),
            Stream.concat(acceptance.warnings().stream(), trained.warnings().stream())
                .distinct()
                .toList(),
            new Provenance(
                machine.engine(),
                planned.plan().training().seed(),
                planned.request().source().sha256(),
                acceptance.rows(),
                acceptance.warmStart(),
                job.id(),
                startedAt,
                machine.clock().instant(),
                null));
    return succeeded(add(job, draft, head -> together.accept(succeeded(head, trained))), trained);
  }

  private static JobEnd.Succeeded succeeded(VersionHead version, TrainingResult.Trained trained) {
    return new JobEnd.Succeeded(
        new JobResult(
            version.name(),
            version.version(),
            trained.stoppedEarly(),
            trained.stoppedByTime(),
            trained.converged(),
            trained.epochs(),
            trained.bestEpoch(),
            trained.crossValidation()),
        trained.warnings());
  }

  /// What has been learned is worth to wait for the database: as long as it cannot be reached and
  /// the service does not stop. Trying again adds nothing twice.
  private VersionHead add(TrainingJob job, ModelDraft draft, Consumer<VersionHead> told) {
    while (true) {
      try {
        return machine
            .models()
            .add(room, job.acceptance().model(), draft, planned.request().activate(), told)
            .head();
      } catch (ProblemException e) {
        if (e.code() != ProblemCode.STORAGE_UNAVAILABLE || endsWithin(job, e.retryAfter())) {
          throw e;
        }
      }
    }
  }

  private static boolean endsWithin(TrainingJob job, @Nullable Duration patience) {
    try {
      job.awaitEnd(patience == null ? Duration.ofSeconds(1) : patience);
      return job.state().ended() || job.isLeft();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Override
  public void release() {
    leases.release();
  }
}
