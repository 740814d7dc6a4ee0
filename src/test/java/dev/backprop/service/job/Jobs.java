package dev.backprop.service.job;

import static dev.backprop.platform.caller.Caller.ANYBODY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.plan.RowCounts;
import dev.backprop.engine.spec.CrossValidationSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.PresetName;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.artifact.SpecView;
import dev.backprop.platform.artifact.TargetView;
import dev.backprop.platform.problem.Problem;
import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.intake.Acceptance;
import dev.backprop.service.intake.AcceptedTraining;
import dev.backprop.service.intake.Leases;
import dev.backprop.service.intake.TrainingInputs;
import dev.backprop.service.model.Models;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Trainings that tests steer by hand.
final class Jobs {

  static final Duration PATIENCE = Duration.ofSeconds(30);

  /// Bytes that running ones may take together.
  static final long MEMORY = 1_000;

  /// Of [#succeeded].
  static final int BEST_EPOCH = 2;

  private Jobs() {}

  static TrainingJob job(String id) {
    return job(id, 0, 1);
  }

  /// @param folds of a cross-validation, 0 for none
  static TrainingJob job(String id, int folds, int foldsAtOnce) {
    return new TrainingJob(acceptance(id, "m", 100, folds, foldsAtOnce));
  }

  /// A training of a data set that is its own, and that has its id.
  ///
  /// @param own its data set; null for one that is there already
  static AcceptedTraining accepted(
      Acceptance acceptance, Datasets.@Nullable Draft own, Models.Reservation room) {
    return new AcceptedTraining(
        acceptance,
        new TrainingInputs(
            new TrainingInputs.Rows(null, acceptance.id()), null, null, null, false, true, ""),
        null,
        room,
        own == null ? List.of() : List.of(own),
        new Leases());
  }

  /// A room that counts how often it is given back.
  static final class CountedRoom implements Models.Reservation {

    private int released;

    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public void release() {
      released++;
    }

    int released() {
      return released;
    }
  }

  static Acceptance acceptance(String id, String model, long bytes) {
    return acceptance(id, model, bytes, 0, 1);
  }

  static Acceptance acceptance(String id, String model, long bytes, int folds, int foldsAtOnce) {
    return new Acceptance(
        id,
        model,
        null,
        null,
        null,
        PresetName.PLAIN,
        // In the order of their ids.
        Instant.EPOCH.plusMillis(id.charAt(0)),
        null,
        null,
        new RowCounts(10, 0, 0),
        100,
        foldsAtOnce,
        7,
        bytes,
        new TargetView("regression", List.of("y"), null, null, true),
        SpecView.of(FitSpec.of(NetworkSpec.of(null, null, null), training(folds)), null),
        List.of());
  }

  /// Of one number; what it may be selected by is not looked at.
  static Acceptance selecting(String id, Metric metric) {
    Acceptance of = acceptance(id, "m", 100);
    return new Acceptance(
        of.id(),
        of.model(),
        of.owner(),
        of.callback(),
        of.said(),
        of.given(),
        of.createdAt(),
        of.dataset(),
        of.warmStart(),
        of.rows(),
        of.epochs(),
        of.foldsAtOnce(),
        of.parameters(),
        of.estimatedBytes(),
        of.target(),
        SpecView.of(
            FitSpec.of(
                NetworkSpec.of(null, null, null),
                TrainingSpecs.training().selection(metric).spec()),
            null),
        of.warnings());
  }

  private static TrainingSpec training(int folds) {
    return TrainingSpecs.training()
        .crossValidation(folds == 0 ? null : new CrossValidationSpec(folds))
        .spec()
        .resolve(0, 10, 0);
  }

  /// What nobody listens to.
  static JobListener nobody() {
    return new JobListener() {
      @Override
      public void onEpoch(int rows, EpochReport report) {}

      @Override
      public void onCheckpoint(Duration took) {}

      @Override
      public void onEnd(String id, JobState state, Duration ran) {}
    };
  }

  static EpochReport epoch(int epoch) {
    return new EpochReport(epoch, 1.0 / epoch, null, null, null, null, null, null, 0.001, 0.5);
  }

  static JobEnd.Succeeded succeeded() {
    return new JobEnd.Succeeded(
        new JobResult("m", 1, true, false, false, 3, BEST_EPOCH, null, null, null, null),
        List.of());
  }

  static void await(CountDownLatch event) throws InterruptedException {
    assertThat(event.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  static void await(StepByStep work) throws InterruptedException {
    await(work.begun);
  }

  /// Waits for the end of a training.
  static TrainingJob.Snapshot ended(Trainings trainings, String id) throws InterruptedException {
    try (Trainings.Watch watch = trainings.watch(id, ANYBODY).orElseThrow()) {
      watch.job().awaitEnd(PATIENCE);
      TrainingJob.Snapshot last = watch.job().snapshot(true);
      assertThat(last.state().ended()).as(id + " is " + last.state()).isTrue();
      return last;
    }
  }

  static JobState state(Trainings trainings, String id) {
    try (Trainings.Watch watch = trainings.watch(id, ANYBODY).orElseThrow()) {
      return watch.job().state();
    }
  }

  /// Why it has failed.
  static Problem error(TrainingJob.Snapshot ended) {
    if (ended.end() instanceof JobEnd.Failed(Problem error)) {
      return error;
    }
    throw new AssertionError("has not failed but " + ended.state());
  }

  /// Work that says when it has begun, and goes on when it is told to.
  static final class StepByStep implements TrainingWork {

    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    final CountDownLatch released = new CountDownLatch(1);
    private final Function<TrainingJob, JobEnd> then;

    StepByStep(Function<TrainingJob, JobEnd> then) {
      this.then = then;
    }

    static StepByStep succeeding() {
      return new StepByStep(_ -> succeeded());
    }

    @Override
    public JobEnd run(TrainingJob job) {
      begun.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      TrainingJob.CancelReason reason = job.cancelReason();
      return reason == null ? then.apply(job) : JobEnd.Cancelled.because(reason);
    }

    @Override
    public void release() {
      if (released.getCount() == 0) {
        throw new IllegalStateException("released twice");
      }
      released.countDown();
    }

    boolean isReleased() {
      return released.getCount() == 0;
    }
  }
}
