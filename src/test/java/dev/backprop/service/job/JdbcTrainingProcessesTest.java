package dev.backprop.service.job;

import static dev.backprop.platform.caller.Caller.ANYBODY;
import static dev.backprop.service.job.Jobs.MEMORY;
import static dev.backprop.service.job.Jobs.PATIENCE;
import static dev.backprop.service.job.Jobs.await;
import static dev.backprop.service.job.Jobs.ended;
import static dev.backprop.service.job.Jobs.error;
import static dev.backprop.service.job.Jobs.state;
import static dev.backprop.service.job.Replica.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.plan.Checkpoints;
import dev.backprop.engine.training.Signal;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.service.job.Jobs.StepByStep;
import dev.backprop.service.job.TrainingJob.CancelAnswer;
import dev.backprop.service.job.TrainingJob.CancelReason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Processes that share a database: they run, stop and leave what others have accepted.
@ParameterizedClass
@EnumSource(JdbcDatabase.Kind.class)
class JdbcTrainingProcessesTest {

  private final Replica one;

  JdbcTrainingProcessesTest(JdbcDatabase.Kind kind) {
    one = new Replica(Databases.empty(kind));
  }

  @AfterEach
  void stop() throws InterruptedException {
    one.stop();
  }

  @Test
  void anyProcessRunsWhatOneHasAccepted() throws InterruptedException {
    one.submit("a");
    Replica other = one.another();
    StepByStep work = other.runs("a", StepByStep.succeeding());
    other.trainings.start();
    await(work);
    assertThat(state(one.trainings, "a")).isEqualTo(JobState.RUNNING);
    work.goOn.countDown();

    assertThat(ended(other.trainings, "a").end()).isEqualTo(Jobs.succeeded());
    assertThat(state(one.trainings, "a")).isEqualTo(JobState.SUCCEEDED);
    one.assertNothingIsLeftBut(1);
  }

  @Test
  void reclaimsJobOfDeadWorker() throws InterruptedException {
    StepByStep first =
        one.process.submit(
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
    Replica other = one.another();
    StepByStep second = other.runs("a", StepByStep.succeeding());
    other.trainings.start();

    one.source.cut = true;
    await(second);
    first.goOn.countDown();
    await(first.released);
    second.goOn.countDown();

    TrainingJob.Snapshot last = ended(other.trainings, "a");
    assertThat(last.end()).isEqualTo(Jobs.succeeded());
    assertThat(last.history()).isEmpty();
    assertThat(ended(one.trainings, "a").end()).isEqualTo(Jobs.succeeded());
    one.source.cut = false;
  }

  @Test
  void whatNoProcessCanHoldAnyMoreEndsWithBothNumbers() throws InterruptedException {
    StepByStep waiting = StepByStep.succeeding();
    StepByStep interrupted = StepByStep.succeeding();
    one.process.submit(Jobs.acceptance("a", "m", MEMORY + 1), waiting);
    one.process.submit(Jobs.acceptance("b", "m", MEMORY + 2), interrupted);
    one.claim("b");
    one.trainings.start();

    for (String id : List.of("a", "b")) {
      Problem error = error(ended(one.trainings, id));
      assertThat(error.code()).isEqualTo("exceeds-memory");
      assertThat(error.detail())
          .contains("needs %d bytes".formatted(MEMORY + (id.equals("a") ? 1 : 2)))
          .contains("more than %d bytes".formatted(MEMORY));
    }
    assertThat(waiting.begun.getCount() + interrupted.begun.getCount()).isEqualTo(2);
    one.assertNothingIsLeftBut(2);
  }

  @Test
  void whatALargerProcessCanHoldIsLeftToIt() throws InterruptedException {
    Replica small = one.another(MEMORY, Duration.ofNanos(1));
    Replica large = one.another(10 * MEMORY, Duration.ofNanos(1));
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
    Replica small = one.another(MEMORY, Duration.ofNanos(1));
    Replica large = one.another(10 * MEMORY, Duration.ofNanos(1));
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
    one.setTheClockBack();
    small.processes.tell();
    assertThat(small.processes.largestBudget()).isEqualTo(MEMORY);
  }

  @Test
  void whatWaitsDoesNotWaitForAClockThatWasSetBack() throws InterruptedException {
    StepByStep first = one.submit("a");
    StepByStep second = one.submit("b");
    one.setTheClockBack();
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
    StepByStep before = one.submit("a");
    await(before);
    before.goOn.countDown();
    ended(one.trainings, "a");
    one.setTheClockBack();
    Replica other = one.another();
    StepByStep work = one.runs("b", StepByStep.succeeding());
    other.accept(Jobs.acceptance("b", "m", 100), (_, _) -> StepByStep.succeeding());
    await(work);
    work.goOn.countDown();
    assertThat(ended(one.trainings, "b").state()).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void aDeadProcessIsNoticedWhenTheClockIsSetBack() throws InterruptedException {
    StepByStep first = one.submit("a");
    one.trainings.start();
    await(first);
    Replica other = one.another();
    StepByStep second = other.runs("a", StepByStep.succeeding());
    other.trainings.start();
    one.source.cut = true;
    one.setTheClockBack();
    await(second);
    first.goOn.countDown();
    second.goOn.countDown();
    assertThat(ended(other.trainings, "a").state()).isEqualTo(JobState.SUCCEEDED);
    one.source.cut = false;
  }

  @Test
  void whoRunsATrainingGoesOnSayingSoWhenTheClockIsSetBack() throws InterruptedException {
    StepByStep work = one.submit("a");
    one.trainings.start();
    await(work);
    one.setTheClockBack();
    String last = heartbeat();
    for (int beats = 0; beats < 4; ) {
      assertThat(one.source.asked.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      String now = heartbeat();
      beats += now.equals(last) ? 0 : 1;
      last = now;
    }
    work.goOn.countDown();
    assertThat(ended(one.trainings, "a").state()).isEqualTo(JobState.SUCCEEDED);
  }

  private String heartbeat() {
    return one.database.read(
        jdbc ->
            jdbc.sql("SELECT CAST(last_heartbeat AS TEXT) FROM scheduled_tasks")
                .query(String.class)
                .single());
  }

  @Test
  void anotherGoesOnAtOnceWhenAProcessStops() throws InterruptedException {
    begun("a");
    StepByStep waiting = one.submit("b");
    Replica other = one.another();
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
    assertThat(one.count("SELECT max(attempts) FROM trainings")).isEqualTo(1);
  }

  @Test
  void cancellationReachesTheProcessThatRunsIt() throws InterruptedException {
    begun("a");
    // One that never takes it over, however slow this machine is: it could not hold it.
    Replica other = one.another(1, PATIENCE);
    other.trainings.start();

    try (Trainings.Watch watch = other.trainings.watch("a", ANYBODY).orElseThrow()) {
      assertThat(other.trainings.cancel("a", ANYBODY)).isEqualTo(CancelAnswer.REQUESTED);
      watch.job().awaitEnd(PATIENCE);
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
    await(work.begun);
    return work;
  }

  @Test
  void whatDoesNotNoticeThatItsProcessStopsIsHandedOverAllTheSame() throws InterruptedException {
    StepByStep first = one.submit("a");
    one.trainings.start();
    await(first);

    one.trainings.stop(Duration.ZERO);

    assertThat(state(one.trainings, "a")).isEqualTo(JobState.QUEUED);
    assertThat(one.count("SELECT attempts FROM trainings")).isZero();
    JdbcTrainingClaim next = one.claim("a");
    first.goOn.countDown();
    await(first.released);
    next.end(Replica.end(Jobs.succeeded(), NOW));
    one.assertNothingIsLeftBut(1);
  }

  @Test
  void whoHasLostItsClaimStops() throws InterruptedException {
    Endless work = begun("a");

    one.claim("a");

    await(work.released);
    assertThat(state(one.trainings, "a")).isEqualTo(JobState.RUNNING);
  }
}
