package dev.backprop.service.job;

import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.plan.Checkpoint;
import dev.backprop.engine.plan.Checkpoints;
import dev.backprop.engine.plan.CrossValidationResult;
import dev.backprop.engine.plan.Learned;
import dev.backprop.engine.plan.Supervisor;
import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.plan.TrainingResult;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.Signal;
import dev.backprop.platform.artifact.Engine;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.Provenance;
import dev.backprop.platform.artifact.SpecView;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.UnitOfWork;
import dev.backprop.service.intake.Acceptance;
import dev.backprop.service.intake.OpenTraining;
import dev.backprop.service.intake.TrainingLoader;
import dev.backprop.service.job.TrainingJob.CancelReason;
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

  /// What all trainings of this process share: what computes, the memory to spare, and what keeps
  /// their models.
  record Machine(
      Kernels kernels,
      Team team,
      Loans loans,
      Engine engine,
      InstantSource clock,
      TrainingLoader loader,
      Models models,
      UnitOfWork unit) {}

  private final Machine machine;
  private final JobListener listener;
  private final TrainingStore.Outcome.Won won;
  private final Checkpoints checkpoints;
  private final OpenTraining open;

  /// @param listener told of every epoch
  /// @param checkpoints asks the training for checkpoints while it runs
  /// @throws ProblemException as [TrainingLoader#open] throws it
  PlannedTraining(
      Machine machine,
      JobListener listener,
      TrainingStore.Outcome.Won won,
      Checkpoints checkpoints) {
    this.machine = machine;
    this.listener = listener;
    this.won = won;
    this.checkpoints = checkpoints;
    this.open =
        machine
            .loader()
            .open(won.acceptance(), won.claim().inputs(), won.claim().start(), won.claim().room());
  }

  @Override
  public @Nullable JobEnd run(TrainingJob job) {
    Instant startedAt = machine.clock().instant();
    TrainingResult result =
        plan()
            .run(
                machine.kernels(),
                machine.team(),
                new SteadyClock(machine.clock()),
                new Reports(job, listener, checkpoints, machine.loans()),
                resume(job));
    return switch (result) {
      case TrainingResult.Cancelled _ -> cancelled(job);
      case TrainingResult.Suspended _ -> null;
      case TrainingResult.Diverged diverged ->
          new JobEnd.Failed(
              Problem.of(
                  ProblemCode.DIVERGED,
                  "%s diverged in epoch %d: %s"
                      .formatted(diverged.what(), diverged.epoch(), diverged.detail())));
      case TrainingResult.Trained trained ->
          job.cancelReason() == null ? keep(job, trained, startedAt) : cancelled(job);
    };
  }

  private TrainingPlan plan() {
    return open.plan();
  }

  private @Nullable Checkpoint resume(TrainingJob job) {
    Checkpoint checkpoint = won.claim().checkpoint(plan());
    if (checkpoint != null) {
      JobLog.goesOn(job.acceptance(), checkpoint, won.claim().attempt());
      listener.onResume();
      job.resume(checkpoint, won.progress());
    }
    return checkpoint;
  }

  /// Passes epochs and folds on to the training and the listener. Tells the engine whether to go
  /// on.
  private record Reports(
      TrainingJob job, JobListener listener, Checkpoints checkpoints, Loans loans)
      implements Supervisor {

    @Override
    public Signal signal() {
      return job.cancelReason() == null ? checkpoints.signal() : Signal.CANCEL;
    }

    @Override
    public boolean finishes() {
      return job.finishes();
    }

    @Override
    public void save(Checkpoint checkpoint) {
      checkpoints.save(checkpoint);
    }

    @Override
    public @Nullable Loan lend(long bytes, Runnable callBack) {
      return loans.lend(bytes, callBack);
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

    @Override
    public void onFoldLeft(int fold) {
      job.onFoldLeft(fold);
    }
  }

  /// @return null if another process goes on with the training
  private static @Nullable JobEnd cancelled(TrainingJob job) {
    CancelReason reason = Objects.requireNonNull(job.cancelReason());
    return reason == CancelReason.CLAIM_LOST ? null : JobEnd.Cancelled.because(reason);
  }

  private JobEnd keep(TrainingJob job, TrainingResult.Trained trained, Instant startedAt) {
    Acceptance acceptance = job.acceptance();
    Learned learned = trained.learned();
    Double seconds = plan().secondsPerRow(trained.predictor(), new SteadyClock(machine.clock()));
    ModelDraft draft =
        new ModelDraft(
            trained.predictor(),
            SpecView.of(trained(plan().spec(), learned), plan().splitBy()),
            open.inputs().schema(acceptance.target().target()),
            acceptance.target().inferred(),
            learned.withWarnings(
                Stream.concat(acceptance.warnings().stream(), learned.warnings().stream())
                    .distinct()
                    .toList()),
            new Provenance(
                machine.engine(),
                plan().training().seed(),
                open.inputs().sha256(),
                acceptance.rows(),
                acceptance.warmStart(),
                job.id(),
                startedAt,
                machine.clock().instant(),
                seconds == null ? null : Double.valueOf(Math.rint(seconds * 1e8) / 100),
                null));
    return succeeded(add(job, draft, head -> end(job, succeeded(head, learned))), learned);
  }

  /// The spec that trains the same: that of the member that was chosen; or an ensemble that names
  /// how many of its members were trained.
  private static FitSpec trained(FitSpec spec, Learned learned) {
    if (learned.choice() != null) {
      return spec.chosen(learned.choice().member());
    }
    return spec.ensemble() == null
        ? spec
        : spec.withEnsemble(
            spec.ensemble()
                .withCandidates(learned.ensemble() == null ? 1 : learned.ensemble().candidates()));
  }

  private static JobEnd.Succeeded succeeded(VersionHead version, Learned learned) {
    return JobEnd.Succeeded.of(version.reference(), learned);
  }

  /// Ends the training in the unit of work that adds its version, so that there are both or
  /// neither.
  private void end(TrainingJob job, JobEnd.Succeeded how) {
    won.claim().end(job.ending(how, machine.clock().instant()));
  }

  /// Adds the version, and tries again while the database cannot be reached and the service does
  /// not stop. Waiting is cheaper than training anew, and a second try adds no second version.
  private VersionHead add(TrainingJob job, ModelDraft draft, Consumer<VersionHead> told) {
    while (true) {
      try (Models.Addition addition = machine.models().write(open.room(), made(job), draft)) {
        return machine
            .unit()
            .perform(
                () -> {
                  won.claim().seal();
                  VersionHead version = addition.add(open.inputs().activate()).head();
                  told.accept(version);
                  return version;
                });
      } catch (ProblemException e) {
        if (e.code() != ProblemCode.STORAGE_UNAVAILABLE || endsWithin(job, e.retryAfter())) {
          throw e;
        }
      }
    }
  }

  private static Models.Made made(TrainingJob job) {
    return new Models.Made(
        job.acceptance().model(), job.acceptance().owner(), job.acceptance().notes());
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
    open.leases().release();
  }
}
