package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.job.Jobs.StepByStep;
import dev.backprop.service.job.TrainingJob.CancelAnswer;
import dev.backprop.service.job.TrainingJob.CancelReason;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobRunnerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final TrainingQueue jobs = new TrainingQueue(3, 100);
  private final MemoryLedger ledger = new MemoryLedger(1_000);
  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
  private JobRunner runner = runner(1);

  private JobRunner runner(int workers) {
    JobListener listener =
        new JobListener() {
          @Override
          public void onEpoch(int rows, EpochReport report) {}

          @Override
          public void onCheckpoint(Duration took) {}

          @Override
          public void onEnd(String id, JobState state, Duration ran) {
            heard.add(id + " " + state.json());
          }
        };
    return new JobRunner(jobs, ledger, listener, Clock.systemUTC(), workers);
  }

  @AfterEach
  void stop() throws InterruptedException {
    runner.stop(Duration.ZERO);
  }

  @Test
  void runsTrainingsInTheOrderInWhichTheyCame() throws InterruptedException {
    StepByStep first = StepByStep.succeeding();
    StepByStep second = StepByStep.succeeding();
    TrainingJob a = submit("a", 100, first);
    TrainingJob b = submit("b", 100, second);
    runner.start();

    await(first);
    assertThat(a.state()).isEqualTo(JobState.RUNNING);
    assertThat(b.state()).isEqualTo(JobState.QUEUED);
    first.goOn.countDown();
    await(second);
    assertThat(a.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(first.isReleased()).isTrue();
    second.goOn.countDown();
    b.awaitEnd(PATIENCE);

    assertThat(heard).containsExactly("a succeeded", "b succeeded");
  }

  @Test
  void refusesWhatTheQueueCannotHold() {
    submit("a", 100, StepByStep.succeeding());
    submit("b", 100, StepByStep.succeeding());
    submit("c", 100, StepByStep.succeeding());

    assertThatThrownBy(() -> submit("d", 100, StepByStep.succeeding()))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("at most 3");
    assertThat(jobs.find("d")).isEmpty();
  }

  @Test
  void cancelsAQueuedTrainingAtOnceAndFreesItsPlace() {
    StepByStep work = StepByStep.succeeding();
    TrainingJob job = submit("a", 100, work);

    assertThat(runner.cancel(job, CancelReason.REQUEST)).isEqualTo(CancelAnswer.WAS_QUEUED);

    assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    assertThat(work.isReleased()).isTrue();
    assertThat(jobs.queued()).isZero();
    assertThat(runner.cancel(job, CancelReason.REQUEST)).isEqualTo(CancelAnswer.TOO_LATE);
  }

  @Test
  void tellsARunningTrainingToStop() throws InterruptedException {
    StepByStep work = StepByStep.succeeding();
    TrainingJob job = submit("a", 100, work);
    runner.start();
    await(work);

    assertThat(runner.cancel(job, CancelReason.REQUEST)).isEqualTo(CancelAnswer.REQUESTED);
    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    work.goOn.countDown();
    job.awaitEnd(PATIENCE);

    assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    assertThat(work.isReleased()).isTrue();
  }

  @Test
  void isTooLateToCancelOnceTheModelIsBeingKept() throws InterruptedException {
    StepByStep work =
        new StepByStep(
            job -> {
              assertThat(job.complete()).isTrue();
              assertThat(runner.cancel(job, CancelReason.REQUEST)).isEqualTo(CancelAnswer.TOO_LATE);
              return Jobs.succeeded();
            });
    TrainingJob job = submit("a", 100, work);
    work.goOn.countDown();
    runner.start();
    job.awaitEnd(PATIENCE);

    assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void holdsBackTheHeadThatDoesNotFitAndLetsNothingPassIt() throws InterruptedException {
    runner = runner(3);
    StepByStep big = StepByStep.succeeding();
    StepByStep alsoBig = StepByStep.succeeding();
    StepByStep small = StepByStep.succeeding();
    submit("a", 700, big);
    runner.start();
    await(big);
    TrainingJob waiting = submit("b", 700, alsoBig);
    TrainingJob behind = submit("c", 100, small);

    assertThat(ledger.used()).isEqualTo(700);
    assertThat(waiting.state()).isEqualTo(JobState.QUEUED);
    assertThat(behind.state()).isEqualTo(JobState.QUEUED);
    big.goOn.countDown();
    await(alsoBig);
    await(small);
    assertThat(ledger.used()).isEqualTo(800);

    alsoBig.goOn.countDown();
    small.goOn.countDown();
    waiting.awaitEnd(PATIENCE);
    behind.awaitEnd(PATIENCE);
    assertThat(waiting.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(behind.state()).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void cancellingTheHeadThatDoesNotFitLetsTheNextOneRun() throws InterruptedException {
    runner = runner(2);
    StepByStep big = StepByStep.succeeding();
    submit("a", 700, big);
    runner.start();
    await(big);
    TrainingJob waiting = submit("b", 700, StepByStep.succeeding());
    StepByStep small = StepByStep.succeeding();
    submit("c", 100, small);

    runner.cancel(waiting, CancelReason.REQUEST);

    await(small);
    big.goOn.countDown();
    small.goOn.countDown();
  }

  @Test
  void survivesATrainingThatRunsOutOfMemoryOrBreaksDown() throws InterruptedException {
    TrainingJob hungry =
        submit(
            "a",
            100,
            goingOn(
                _ -> {
                  throw new OutOfMemoryError("planted");
                }));
    TrainingJob broken =
        submit(
            "b",
            100,
            goingOn(
                _ -> {
                  throw new AssertionError("planted");
                }));
    TrainingJob sound = submit("c", 100, goingOn(_ -> Jobs.succeeded()));
    runner.start();
    sound.awaitEnd(PATIENCE);

    assertThat(hungry.state()).isEqualTo(JobState.FAILED);
    assertThat(broken.state()).isEqualTo(JobState.FAILED);
    assertThat(sound.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(error(hungry).detail()).isEqualTo("the training ran out of memory");
    assertThat(error(broken).detail()).doesNotContain("planted");
  }

  @Test
  void stoppingCancelsEverythingAndAcceptsNothing() throws InterruptedException {
    StepByStep running = StepByStep.succeeding();
    StepByStep queued = StepByStep.succeeding();
    TrainingJob a = submit("a", 100, running);
    TrainingJob b = submit("b", 100, queued);
    runner.start();
    await(running);
    Thread stopping =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    runner.stop(PATIENCE);
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });
    b.awaitEnd(PATIENCE);
    assertThatThrownBy(() -> submit("c", 100, StepByStep.succeeding()))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("stopping");
    assertThat(a.state()).isEqualTo(JobState.RUNNING);
    running.goOn.countDown();
    stopping.join();

    assertThat(a.state()).isEqualTo(JobState.CANCELLED);
    assertThat(b.state()).isEqualTo(JobState.CANCELLED);
    assertThat(queued.begun.getCount()).isEqualTo(1);
  }

  @Test
  void stoppingDoesNotWaitForeverForATrainingThatDoesNotNotice() throws InterruptedException {
    StepByStep deaf = StepByStep.succeeding();
    TrainingJob job = submit("a", 100, deaf);
    runner.start();
    await(deaf);

    runner.stop(Duration.ofMillis(50));

    assertThat(job.state()).isEqualTo(JobState.CANCELLED);
  }

  private TrainingJob submit(String id, long bytes, TrainingWork work) {
    TrainingJob job = Jobs.job(id, "m", bytes, work);
    runner.submit(job);
    return job;
  }

  private static StepByStep goingOn(Function<TrainingJob, JobEnd> then) {
    StepByStep work = new StepByStep(then);
    work.goOn.countDown();
    return work;
  }

  private static void await(StepByStep work) throws InterruptedException {
    assertThat(work.begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  private static Problem error(TrainingJob job) {
    if (job.snapshot(false).end() instanceof JobEnd.Failed(Problem error)) {
      return error;
    }
    throw new AssertionError("has not failed");
  }
}
