package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.plan.Checkpoint;
import dev.backprop.engine.plan.Checkpoints;
import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.plan.TrainingResult;
import dev.backprop.engine.training.Signal;
import dev.backprop.platform.artifact.Engine;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.service.job.Jobs.StepByStep;
import dev.backprop.service.job.TrainingJob.CancelAnswer;
import dev.backprop.service.job.TrainingJob.CancelReason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Trainings in a database whose processes claim them, die, stop and go on from checkpoints.
@ParameterizedClass
@EnumSource(JdbcDatabase.Kind.class)
class JdbcTrainingsTest extends StoredTrainingsContract {

  JdbcTrainingsTest(JdbcDatabase.Kind kind) {
    super(kind);
  }

  private static Problem error(TrainingJob.Snapshot ended) {
    if (ended.end() instanceof JobEnd.Failed(Problem error)) {
      return error;
    }
    throw new AssertionError("has not failed but " + ended.state());
  }

  @Test
  void anyProcessRunsWhatOneHasAccepted() throws InterruptedException {
    submit("a", "m");
    Replica other = new Replica();
    StepByStep work = other.runs("a", StepByStep.succeeding());
    other.trainings.start();
    await(work);
    assertThat(state(one.trainings, "a")).isEqualTo(JobState.RUNNING);
    work.goOn.countDown();

    assertThat(ended(other.trainings, "a").end()).isEqualTo(Jobs.succeeded());
    assertThat(state(one.trainings, "a")).isEqualTo(JobState.SUCCEEDED);
    assertNothingIsLeftBut(1);
  }

  @Test
  void reclaimsJobOfDeadWorker() throws InterruptedException {
    StepByStep first =
        submit(
            "a",
            "m",
            new StepByStep(
                job -> {
                  job.onEpoch(Jobs.epoch(1));
                  return new JobEnd.Failed(
                      Problem.of(ProblemCode.DIVERGED, "of the one that fell silent"));
                }));
    one.trainings.start();
    await(first);
    Replica other = new Replica();
    StepByStep second = other.runs("a", StepByStep.succeeding());
    other.trainings.start();

    one.source.cut = true;
    await(second);
    first.goOn.countDown();
    assertThat(first.released.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    second.goOn.countDown();

    TrainingJob.Snapshot last = ended(other.trainings, "a");
    assertThat(last.end()).isEqualTo(Jobs.succeeded());
    assertThat(last.history()).isEmpty();
    assertThat(ended(one.trainings, "a").end()).isEqualTo(Jobs.succeeded());
    one.source.cut = false;
  }

  @Test
  void whoHasLostItsClaimPublishesNothing() throws InterruptedException {
    CountDownLatch refused = new CountDownLatch(1);
    StepByStep gate = StepByStep.succeeding();
    one.accept(
        Jobs.acceptance("a", "m", 100),
        (won, _) ->
            new TrainingWork() {
              @Override
              public JobEnd run(TrainingJob job) {
                gate.run(job);
                try {
                  publish("of the first", won.claim(), job);
                } catch (FencedException e) {
                  refused.countDown();
                  throw e;
                }
                return Jobs.succeeded();
              }

              @Override
              public void release() {}
            });
    one.trainings.start();
    await(gate);
    JdbcTrainingClaim another = claim("a");

    gate.goOn.countDown();

    assertThat(refused.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(published()).isZero();
    assertThat(state(one.trainings, "a")).isEqualTo(JobState.RUNNING);
    publish("of the second", another, Jobs.job("a"));
    assertThat(published()).isEqualTo(1);
    assertThat(another.end(end(Jobs.succeeded(), NOW.plusSeconds(1)))).isEqualTo(NOW);
    assertThat(state(one.trainings, "a")).isEqualTo(JobState.SUCCEEDED);
  }

  /// As a version is published: something that others see, together with the end.
  private void publish(String what, TrainingClaim claim, TrainingJob job) {
    database.change(
        jdbc -> {
          jdbc.sql("INSERT INTO blobs (id, adopted, written_at) VALUES (:id, 7, 1)")
              .param("id", what)
              .update();
          claim.end(job.ending(Jobs.succeeded(), NOW));
        });
  }

  private int published() {
    return count("SELECT count(*) FROM blobs WHERE adopted = 7");
  }

  @Test
  void aTrainingThatKillsItsWorkerThreeTimesIsFailed() throws InterruptedException {
    StepByStep work = submit("a", "m");
    for (int death = 1; death <= 3; death++) {
      claim("a");
    }
    one.trainings.start();

    TrainingJob.Snapshot last = ended(one.trainings, "a");
    assertThat(error(last).code()).isEqualTo("workers-died");
    assertThat(error(last).detail()).startsWith("3 processes");
    assertThat(work.begun.getCount()).isEqualTo(1);
    assertNothingIsLeftBut(1);
  }

  @Test
  void aTrainingGoesOnAsLongAsItGetsFurther() throws Exception {
    submit("a", "m");
    for (int death = 1; death < MAX_DEATHS; death++) {
      kept(claim("a"), death);
    }
    assertThat(count("SELECT attempts FROM trainings")).isEqualTo(1);
    JdbcTrainingClaim claim = claim("a");
    kept(claim, 0);
    claim.giveBack();
    assertThat(count("SELECT attempts + deaths FROM trainings")).isEqualTo(MAX_DEATHS - 1);
    StepByStep last = one.runs("a", StepByStep.succeeding());
    one.trainings.start();
    await(last);
    last.goOn.countDown();
    assertThat(ended(one.trainings, "a").state()).isEqualTo(JobState.SUCCEEDED);
    assertNothingIsLeftBut(1);
  }

  @Test
  void aTrainingDoesNotGoOnForever() throws Exception {
    submit("a", "m");
    for (int death = 1; death <= MAX_DEATHS; death++) {
      kept(claim("a"), death);
    }
    one.trainings.start();

    TrainingJob.Snapshot last = ended(one.trainings, "a");
    assertThat(error(last).code()).isEqualTo("workers-died");
    assertThat(error(last).detail())
        .startsWith(MAX_DEATHS + " processes")
        .contains("backprop.training.max-deaths is " + MAX_DEATHS);
    assertNothingIsLeftBut(1);
  }

  @Test
  void threeDeathsWithoutANewerCheckpointEndWhatHasGotFurtherBefore() throws Exception {
    submit("a", "m");
    kept(claim("a"), 1);
    kept(claim("a"), 2); // then it dies
    claim("a");
    claim("a");
    one.trainings.start();

    TrainingJob.Snapshot last = ended(one.trainings, "a");
    assertThat(error(last).code()).isEqualTo("workers-died");
    assertThat(error(last).detail())
        .startsWith("3 processes")
        .contains("without a newer checkpoint");
  }

  @Test
  void whatNoProcessCanHoldAnyMoreEndsWithBothNumbers() throws InterruptedException {
    StepByStep waiting = StepByStep.succeeding();
    StepByStep interrupted = StepByStep.succeeding();
    accept(Jobs.acceptance("a", "m", MEMORY + 1), waiting);
    accept(Jobs.acceptance("b", "m", MEMORY + 2), interrupted);
    claim("b");
    one.trainings.start();

    for (String id : List.of("a", "b")) {
      Problem error = error(ended(one.trainings, id));
      assertThat(error.code()).isEqualTo("exceeds-memory");
      assertThat(error.detail())
          .contains("needs %d bytes".formatted(MEMORY + (id.equals("a") ? 1 : 2)))
          .contains("more than %d bytes".formatted(MEMORY));
    }
    assertThat(waiting.begun.getCount() + interrupted.begun.getCount()).isEqualTo(2);
    assertNothingIsLeftBut(2);
  }

  @Test
  void whatALargerProcessCanHoldIsLeftToIt() throws InterruptedException {
    Replica small = new Replica(MEMORY, Duration.ofNanos(1));
    Replica large = new Replica(10 * MEMORY, Duration.ofNanos(1));
    small.processes.tell();
    large.processes.tell();
    small.processes.tell();
    StepByStep work = StepByStep.succeeding();
    large.accept(Jobs.acceptance("a", "m", MEMORY + 1), (_, _) -> work);
    small.trainings.start();
    large.trainings.start();
    await(work);
    work.goOn.countDown();
    assertThat(ended(small.trainings, "a").state()).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void aProcessThatHasLeftIsNotWaitedFor() throws InterruptedException {
    Replica small = new Replica(MEMORY, Duration.ofNanos(1));
    Replica large = new Replica(10 * MEMORY, Duration.ofNanos(1));
    assertThat(small.processes.largestBudget()).isEqualTo(Long.MAX_VALUE);
    large.processes.tell();
    small.processes.tell();
    assertThat(small.processes.largestBudget()).isEqualTo(10 * MEMORY);

    large.trainings.stop(PATIENCE);
    small.processes.tell();
    assertThat(small.processes.largestBudget()).isEqualTo(MEMORY);

    large.processes.tell(); // and is killed
    small.processes.tell();
    assertThat(small.processes.largestBudget()).isEqualTo(10 * MEMORY);
    setTheClockBack();
    small.processes.tell();
    assertThat(small.processes.largestBudget()).isEqualTo(MEMORY);
  }

  @Test
  void whatWaitsDoesNotWaitForAClockThatWasSetBack() throws InterruptedException {
    StepByStep first = submit("a", "m");
    StepByStep second = submit("b", "m");
    setTheClockBack();
    one.trainings.start();
    await(first);
    assertThat(second.begun.getCount()).isEqualTo(1);
    first.goOn.countDown();
    await(second);
    second.goOn.countDown();
    assertThat(ended(one.trainings, "b").state()).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void whoWaitsForTrainingsGoesOnWaitingWhenTheClockIsSetBack() throws InterruptedException {
    one.trainings.start();
    StepByStep before = submit("a", "m");
    await(before);
    before.goOn.countDown();
    ended(one.trainings, "a");
    setTheClockBack();
    Replica other = new Replica();
    StepByStep work = one.runs("b", StepByStep.succeeding());
    other.accept(Jobs.acceptance("b", "m", 100), (_, _) -> StepByStep.succeeding());
    await(work);
    work.goOn.countDown();
    assertThat(ended(one.trainings, "b").state()).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void aDeadProcessIsNoticedWhenTheClockIsSetBack() throws InterruptedException {
    StepByStep first = submit("a", "m");
    one.trainings.start();
    await(first);
    Replica other = new Replica();
    StepByStep second = other.runs("a", StepByStep.succeeding());
    other.trainings.start();
    one.source.cut = true;
    setTheClockBack();
    await(second);
    first.goOn.countDown();
    second.goOn.countDown();
    assertThat(ended(other.trainings, "a").state()).isEqualTo(JobState.SUCCEEDED);
    one.source.cut = false;
  }

  @Test
  void whoRunsATrainingGoesOnSayingSoWhenTheClockIsSetBack() throws InterruptedException {
    StepByStep work = submit("a", "m");
    one.trainings.start();
    await(work);
    setTheClockBack();
    String last = heartbeat();
    CountDownLatch never = new CountDownLatch(1);
    for (int beats = 0; beats < 4; ) {
      assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
      String now = heartbeat();
      beats += now.equals(last) ? 0 : 1;
      last = now;
    }
    work.goOn.countDown();
    assertThat(ended(one.trainings, "a").state()).isEqualTo(JobState.SUCCEEDED);
  }

  private String heartbeat() {
    return database.read(
        jdbc ->
            jdbc.sql("SELECT CAST(last_heartbeat AS TEXT) FROM scheduled_tasks")
                .query(String.class)
                .single());
  }

  private @Nullable String kept(JdbcTrainingClaim claim, int content) throws IOException {
    try (JdbcBlobs.Writer writer = one.blobs.writer()) {
      writer.write(content);
      writer.finish();
      return claim.keep(writer, ENGINE) ? writer.id() : null;
    }
  }

  @Test
  void theNewestCheckpointIsGoneOnWith() throws IOException {
    submit("a", "m");
    JdbcTrainingClaim first = claim("a");
    assertThat(first.stored().checkpoint()).isNull();
    String newest = Objects.requireNonNull(kept(first, 1));

    JdbcTrainingClaim second = claim("a");
    assertThat(second.stored().checkpoint())
        .isEqualTo(new JdbcTrainingClaim.StoredCheckpoint(newest, ENGINE));
    assertThat(kept(first, 2)).isNull();
    String two = Objects.requireNonNull(kept(second, 3));
    Databases.clean(one.blobs);
    assertThat(count("SELECT count(*) FROM blobs WHERE adopted = 1")).isEqualTo(1);

    JdbcTrainingClaim third = claim("a");
    assertThat(third.stored().checkpoint())
        .isEqualTo(new JdbcTrainingClaim.StoredCheckpoint(two, ENGINE));
    assertThat(one.blobs.read(two).readAllBytes()).containsExactly(3);
    third.end(end(Jobs.succeeded(), NOW));
    assertNothingIsLeftBut(1);
  }

  @Test
  void whatIsHandedOverDoesNotCountAsADeath() {
    submit("a", "m");
    for (int handover = 1; handover <= 5; handover++) {
      JdbcTrainingClaim claim = claim("a");
      claim.giveBack();
      assertThat(state(one.trainings, "a")).isEqualTo(JobState.QUEUED);
      claim.giveBack();
    }

    assertThat(count("SELECT attempts FROM trainings")).isZero();
  }

  @Test
  void anotherGoesOnAtOnceWhenAProcessStops() throws InterruptedException {
    begun("a");
    StepByStep waiting = submit("b", "m");
    Replica other = new Replica();
    StepByStep second = other.runs("a", StepByStep.succeeding());
    other.runs("b", waiting);

    one.trainings.stop(PATIENCE);
    other.trainings.start();

    await(second);
    second.goOn.countDown();
    await(waiting);
    waiting.goOn.countDown();
    assertThat(ended(other.trainings, "a").state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(ended(other.trainings, "b").state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(count("SELECT max(attempts) FROM trainings")).isEqualTo(1);
  }

  @Test
  void cancellationReachesTheProcessThatRunsIt() throws InterruptedException {
    begun("a");
    Replica other = new Replica();
    other.trainings.start();

    try (Trainings.Watch watch = other.trainings.watch("a").orElseThrow()) {
      assertThat(other.trainings.cancel("a")).isEqualTo(CancelAnswer.REQUESTED);
      long asked = System.nanoTime();
      watch.job().awaitEnd(PATIENCE);
      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(3));
      assertThat(watch.job().state()).isEqualTo(JobState.CANCELLED);
    }
  }

  /// As a training that asks before every batch.
  private static final class Endless implements TrainingWork {

    private final Checkpoints wishes;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    Endless(Checkpoints wishes) {
      this.wishes = wishes;
    }

    @Override
    public @Nullable JobEnd run(TrainingJob job) {
      begun.countDown();
      try {
        while (job.cancelReason() == null && wishes.signal() != Signal.SUSPEND) {
          job.awaitEnd(Duration.ofMillis(5));
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return job.cancelReason() == null ? null : JobEnd.Cancelled.because(CancelReason.REQUEST);
    }

    @Override
    public void release() {
      released.countDown();
    }
  }

  private Endless begun(String id) throws InterruptedException {
    CompletableFuture<Endless> begun = new CompletableFuture<>();
    one.accept(
        Jobs.acceptance(id, "m", 100),
        (_, wishes) -> {
          Endless work = new Endless(wishes);
          begun.complete(work);
          return work;
        });
    one.trainings.start();
    Endless work = begun.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    assertThat(work.begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return work;
  }

  @Test
  void whatDoesNotNoticeThatItsProcessStopsIsHandedOverAllTheSame() throws InterruptedException {
    StepByStep first = submit("a", "m");
    one.trainings.start();
    await(first);

    one.trainings.stop(Duration.ZERO);

    assertThat(state(one.trainings, "a")).isEqualTo(JobState.QUEUED);
    assertThat(count("SELECT attempts FROM trainings")).isZero();
    JdbcTrainingClaim next = claim("a");
    first.goOn.countDown();
    assertThat(first.released.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    next.end(end(Jobs.succeeded(), NOW));
    assertNothingIsLeftBut(1);
  }

  /// Goes on for some steps, and is then suspended.
  private TrainingResult suspended(
      TrainingPlan plan, JdbcTrainingClaim claim, @Nullable Checkpoint from, int steps) {
    TrainingResult result;
    try (CheckpointKeeper keeper =
        new CheckpointKeeper("a", one.checkpoints.interval(), claim::keep)) {
      result = XorPlans.run(plan, from, keeper, steps);
    }
    claim.giveBack();
    return result;
  }

  @Test
  void goesOnFromOneCheckpointToTheNext() {
    submit("a", "m");
    TrainingPlan plan = XorPlans.of(1_000, "a");
    List<Integer> epochs = new ArrayList<>();
    TrainingResult result;
    do {
      JdbcTrainingClaim won = claim("a");
      Checkpoint from = won.checkpoint(plan);
      epochs.add(from == null ? 0 : from.history().size());
      result = suspended(plan, won, from, 300);
    } while (result instanceof TrainingResult.Suspended);

    assertThat(epochs).containsExactly(0, 300, 600, 900);
    assertThat(XorPlans.parameters(result))
        .isEqualTo(XorPlans.parameters(XorPlans.undisturbed(plan)));
    claim("a").end(end(Jobs.succeeded(), NOW));
    assertNothingIsLeftBut(1);
  }

  @Test
  void beginsAnewWhereTheCheckpointIsOfNoUse() throws IOException {
    submit("a", "m");
    TrainingPlan plan = XorPlans.of(100, "a");
    suspended(plan, claim("a"), null, 50);
    JdbcTrainingClaim.StoredCheckpoint stored =
        Objects.requireNonNull(claim("a").stored().checkpoint());
    Engine newer = Engine.here("2", KernelSelection.select("java"));

    assertThat(one.checkpoints.read(stored, "a", plan)).isNotNull();
    assertThat(one.checkpoints.read(stored, "a", XorPlans.of(100, "b"))).isNull();
    assertThat(
            one.checkpoints.read(
                new JdbcTrainingClaim.StoredCheckpoint(stored.blob(), newer), "a", plan))
        .isNull();
    String torn = Objects.requireNonNull(kept(claim("a"), 1));
    assertThat(
            one.checkpoints.read(new JdbcTrainingClaim.StoredCheckpoint(torn, ENGINE), "a", plan))
        .isNull();
    Databases.clean(one.blobs);
    assertThat(one.checkpoints.read(stored, "a", plan)).isNull();
  }

  @Test
  void whoHasLostItsClaimStops() throws InterruptedException {
    Endless work = begun("a");

    claim("a");

    assertThat(work.released.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(state(one.trainings, "a")).isEqualTo(JobState.RUNNING);
  }
}
