package dev.backprop.service.job;

import dev.backprop.platform.http.Page;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Pulse;
import dev.backprop.service.job.TrainingJob.CancelAnswer;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Keeps trainings in a database that other processes may share. One that was accepted is run by
/// any of them, and by another where that one dies.
final class StoredTrainings implements Trainings {

  /// How often the database is told how far trainings are, and asked whether they shall stop.
  private static final Duration REPORT = Duration.ofSeconds(1);

  /// How often it is asked for trainings that somebody looks at and that run elsewhere.
  private static final Duration REFRESH = Duration.ofMillis(500);

  private static final Duration COUNT = Duration.ofSeconds(2);

  /// How often it is asked whether a clock was set back.
  private static final Duration FOLLOW_CLOCK = Duration.ofSeconds(1);

  private static final Duration FORGET = Duration.ofMinutes(1);

  /// Which trainings are kept.
  ///
  /// @param waiting how many may wait
  /// @param finished how many that have ended are remembered
  /// @param age for how long; zero for however long
  record Limits(int waiting, int finished, Duration age) {}

  /// What it takes of a request to accept it.
  interface Requests {

    /// Begins to keep a body.
    StoredRequests.Copy copy();

    /// @throws ProblemException 507 where there can be no room for the model
    void requireRoom(TrainingIntake.Planned planned);
  }

  private final JdbcTrainingStore store;
  private final JdbcTrainingSchedule schedule;
  private final LiveTrainings live;
  private final StoredRunner runner;
  private final JdbcTrainingProcesses processes;
  private final Requests requests;
  private final InstantSource clock;
  private final Limits limits;
  private final Pulse pulse = new Pulse(2);
  private volatile int queued;

  StoredTrainings(
      JdbcTrainingStore store,
      JdbcTrainingSchedule schedule,
      LiveTrainings live,
      StoredRunner runner,
      JdbcTrainingProcesses processes,
      Requests requests,
      InstantSource clock,
      Limits limits) {
    this.store = store;
    this.schedule = schedule;
    this.live = live;
    this.runner = runner;
    this.processes = processes;
    this.requests = requests;
    this.clock = clock;
    this.limits = limits;
  }

  @Override
  public Submission submission() {
    if (runner.isStopping()) {
      throw new ProblemException(
              ProblemCode.SERVICE_STOPPING, "the service is stopping and accepts no trainings")
          .withRetryAfter(Duration.ofSeconds(30));
    }
    return new Pending();
  }

  /// What its data hold is given back in any case: whoever runs it reads them again.
  private final class Pending implements Submission {

    private final Leases leases = new Leases();
    private final StoredRequests.Copy copy = requests.copy();

    @Override
    public Leases leases() {
      return leases;
    }

    @Override
    public InputStream remembered(InputStream body) {
      return copy.of(body);
    }

    @Override
    public Watch accept(TrainingIntake.Planned planned, Consumer<TrainingJob.Snapshot> together) {
      requests.requireRoom(planned);
      Acceptance acceptance = planned.acceptance(clock.instant());
      add(
          acceptance,
          new JdbcTrainingStore.Inputs(
              copy.finished(), planned.request().source().datasets(), planned.start()),
          () -> together.accept(new TrainingJob(acceptance).snapshot(true)));
      return live.watch(acceptance);
    }

    @Override
    public void close() {
      copy.close();
      leases.release();
    }
  }

  /// Accepts a training that has been planned.
  ///
  /// @param together done in the same transaction
  /// @throws ProblemException as [JdbcTrainingStore#add] has it
  void add(Acceptance acceptance, JdbcTrainingStore.Inputs inputs, Runnable together) {
    store.add(
        acceptance,
        inputs,
        limits.waiting(),
        () -> {
          schedule.add(acceptance.id(), acceptance.createdAt());
          together.run();
        });
    schedule.check();
  }

  @Override
  public Optional<Watch> watch(String id) {
    return live.watch(id);
  }

  @Override
  public Page<TrainingJob.Snapshot> list(
      @Nullable String model, @Nullable JobState state, @Nullable String before, int limit) {
    int fitting = Page.fitting(store.sizes(model, state, before, limit), limit);
    Page<JdbcTrainingStore.Listed> page =
        Page.of(
            store.list(model, state, before, fitting + 1), fitting, JdbcTrainingStore.Listed::id);
    return new Page<>(
        page.items().stream()
            .flatMap(listed -> Stream.ofNullable(listed.training()))
            .map(StoredTraining::snapshot)
            .toList(),
        page.nextCursor());
  }

  @Override
  public CancelAnswer cancel(String id) {
    JdbcTrainingStore.Cancelling cancelling = store.cancel(id, clock.instant());
    if (cancelling.answer() == CancelAnswer.REQUESTED) {
      runner.cancel(id);
    }
    if (cancelling.ended() != null) {
      live.end(cancelling.ended());
      runner.tell(cancelling.ended());
    }
    return cancelling.answer();
  }

  @Override
  public int queued() {
    return queued;
  }

  @Override
  public int running() {
    return runner.running();
  }

  @Override
  public void start() {
    schedule.start();
    pulse.every(REPORT, runner::report);
    pulse.every(REFRESH, live::refresh);
    pulse.every(COUNT, () -> queued = store.queued());
    pulse.every(FOLLOW_CLOCK, schedule::followClock);
    pulse.every(JdbcTrainingProcesses.TELL, processes::tell);
    pulse.every(FORGET, this::forget);
  }

  void forget() {
    store.forget(
        limits.finished(), limits.age().isZero() ? null : clock.instant().minus(limits.age()));
  }

  @Override
  public void stop(Duration patience) throws InterruptedException {
    live.close();
    runner.stop(patience);
    schedule.stop();
    pulse.close();
    leaveOthers();
  }

  private void leaveOthers() {
    try {
      processes.leave();
    } catch (ProblemException _) {
      // They notice that nothing is heard of this process any more.
    }
  }
}
