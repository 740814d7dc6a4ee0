package dev.backprop.service.job;

import dev.backprop.platform.http.Page;
import dev.backprop.service.job.TrainingJob.CancelAnswer;
import dev.backprop.service.job.TrainingJob.CancelReason;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Trainings that live as long as the process.
final class InMemoryTrainings implements Trainings {

  /// Makes the work of a training that is being accepted.
  @FunctionalInterface
  interface Works {

    /// @param leases what it holds so far, and will let go of when it is released
    TrainingWork of(TrainingIntake.Planned planned, Leases leases);
  }

  private final TrainingQueue queue;
  private final JobRunner runner;
  private final InstantSource clock;
  private final Works works;

  InMemoryTrainings(TrainingQueue queue, JobRunner runner, InstantSource clock, Works works) {
    this.queue = queue;
    this.runner = runner;
    this.clock = clock;
    this.works = works;
  }

  @Override
  public Submission submission() {
    runner.refuseWhileStopping();
    return new Pending();
  }

  /// What the training holds is its own from its acceptance on.
  private final class Pending implements Submission {

    private Leases leases = new Leases();

    @Override
    public Leases leases() {
      return leases;
    }

    @Override
    public InputStream remembered(InputStream body) {
      return body;
    }

    @Override
    public Watch accept(TrainingIntake.Planned planned, Consumer<TrainingJob.Snapshot> together) {
      TrainingWork work = works.of(planned, leases);
      TrainingJob job = new TrainingJob(planned.acceptance(clock.instant()), work);
      runner.submit(job);
      leases = new Leases();
      together.accept(job.snapshot(true));
      return new Held(job);
    }

    @Override
    public void close() {
      leases.release();
    }
  }

  private record Held(TrainingJob job) implements Watch {

    @Override
    public void close() {}
  }

  @Override
  public Optional<Watch> watch(String id) {
    return queue.find(id).map(Held::new);
  }

  @Override
  public Page<TrainingJob.Snapshot> list(
      @Nullable String model, @Nullable JobState state, @Nullable String before, int limit) {
    return queue.list(model, state, before, limit).map(job -> job.snapshot(false));
  }

  @Override
  public CancelAnswer cancel(String id) {
    return queue
        .find(id)
        .map(job -> runner.cancel(job, CancelReason.REQUEST))
        .orElse(CancelAnswer.UNKNOWN);
  }

  @Override
  public int queued() {
    return queue.queued();
  }

  @Override
  public int running() {
    return (int) queue.active().stream().filter(job -> job.state() == JobState.RUNNING).count();
  }

  @Override
  public void start() {
    runner.start();
  }

  @Override
  public void stop(Duration patience) throws InterruptedException {
    runner.stop(patience);
  }
}
