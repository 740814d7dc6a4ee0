package dev.backprop.service.job;

import static dev.backprop.platform.caller.Caller.ANYBODY;
import static dev.backprop.service.job.Jobs.MEMORY;
import static dev.backprop.service.job.Jobs.PATIENCE;
import static dev.backprop.service.job.Jobs.await;
import static dev.backprop.service.job.Jobs.ended;
import static dev.backprop.service.job.Jobs.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.job.Jobs.StepByStep;
import dev.backprop.service.job.TrainingJob.CancelAnswer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InMemoryTrainingsTest extends TrainingsContract {

  private static final int KEPT = 3;

  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
  private Harness process = process(1);

  private Harness process(int workers) {
    JobListener listener =
        new JobListener() {
          @Override
          public void onEpoch(int rows, dev.backprop.engine.training.EpochReport report) {}

          @Override
          public void onCheckpoint(Duration took) {}

          @Override
          public void onEnd(String id, JobState state, Duration ran) {
            heard.add(id + " " + state.json());
          }
        };
    Datasets datasets = Datasets.inMemory(1 << 20);
    return new Harness(
        new InMemoryTrainingStore(workers, KEPT, MEMORY, datasets),
        datasets,
        MEMORY,
        listener,
        Clock.systemUTC(),
        KEPT);
  }

  @AfterEach
  void stop() throws InterruptedException {
    process.trainings.stop(Duration.ZERO);
  }

  @Override
  Harness process() {
    return process;
  }

  private StepByStep submit(String id, long bytes) {
    return process.submit(Jobs.acceptance(id, "m", bytes), StepByStep.succeeding());
  }

  @Test
  void holdsBackTheHeadThatDoesNotFitAndLetsNothingPassIt() throws InterruptedException {
    process = process(3);
    StepByStep big = submit("a", 700);
    process.trainings.start();
    await(big);
    StepByStep alsoBig = submit("b", 700);
    StepByStep small = submit("c", 100);

    assertThat(process.memory.held()).isEqualTo(700);
    assertThat(state(process.trainings, "b")).isEqualTo(JobState.QUEUED);
    assertThat(state(process.trainings, "c")).isEqualTo(JobState.QUEUED);
    big.goOn.countDown();
    await(alsoBig);
    await(small);
    assertThat(process.memory.held()).isEqualTo(800);

    alsoBig.goOn.countDown();
    small.goOn.countDown();
    assertThat(ended(process.trainings, "b").state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(ended(process.trainings, "c").state()).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void cancellingTheHeadThatDoesNotFitLetsTheNextOneRun() throws InterruptedException {
    process = process(2);
    StepByStep big = submit("a", 700);
    process.trainings.start();
    await(big);
    submit("b", 700);
    StepByStep small = submit("c", 100);

    assertThat(process.trainings.cancel("b", ANYBODY)).isEqualTo(CancelAnswer.WAS_QUEUED);

    await(small);
    big.goOn.countDown();
    small.goOn.countDown();
  }

  private TrainingClaim claimed(String id) {
    process.accept(Jobs.acceptance(id, "m", 100));
    return ((TrainingStore.Outcome.Won) process.store.claim(id, Instant.EPOCH)).claim();
  }

  @Test
  void isTooLateToCancelOnceTheModelIsBeingKept() {
    TrainingClaim claim = claimed("a");

    claim.seal();

    assertThat(process.trainings.cancel("a", ANYBODY)).isEqualTo(CancelAnswer.TOO_LATE);
    assertThat(claim.order()).isEqualTo(TrainingClaim.Order.GO_ON);
  }

  @Test
  void keepsNoModelOfATrainingThatIsToBeCancelled() {
    TrainingClaim claim = claimed("a");

    assertThat(process.trainings.cancel("a", ANYBODY)).isEqualTo(CancelAnswer.REQUESTED);

    assertThatThrownBy(claim::seal).isInstanceOf(FencedException.class);
    assertThat(claim.order()).isEqualTo(TrainingClaim.Order.CANCEL);
  }

  @Test
  void theRoomForItsModelIsGivenBackWhenItIsCancelledBeforeItsTurn() {
    Jobs.CountedRoom room = new Jobs.CountedRoom();
    process.accept(Jobs.acceptance("a", "m", 100), room);
    assertThat(room.released()).isZero();

    process.trainings.cancel("a", ANYBODY);

    assertThat(room.released()).isEqualTo(1);
    assertThat(heard).containsExactly("a cancelled");
  }

  @Test
  void stoppingCancelsEverythingAndAcceptsNothing() throws InterruptedException {
    StepByStep running = submit("a", 100);
    StepByStep queued = submit("b", 100);
    process.trainings.start();
    await(running);
    Thread stopping =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    process.trainings.stop(PATIENCE);
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });
    assertThat(ended(process.trainings, "b").state()).isEqualTo(JobState.CANCELLED);
    assertThatThrownBy(() -> submit("c", 100)).hasMessageContaining("stopping");
    assertThat(state(process.trainings, "a")).isEqualTo(JobState.RUNNING);
    running.goOn.countDown();
    stopping.join();

    assertThat(state(process.trainings, "a")).isEqualTo(JobState.CANCELLED);
    assertThat(queued.begun.getCount()).isEqualTo(1);
  }

  @Test
  void stoppingDoesNotWaitForeverForATrainingThatDoesNotNotice() throws InterruptedException {
    StepByStep deaf = submit("a", 100);
    process.trainings.start();
    await(deaf);

    process.trainings.stop(Duration.ZERO);

    assertThat(state(process.trainings, "a")).isEqualTo(JobState.CANCELLED);
    assertThat(heard).containsExactly("a cancelled");
    deaf.goOn.countDown();
  }

  @Test
  void forgetsTheOldestEndedOnes() {
    submit("0", 100);
    for (String id : List.of("1", "2", "3", "4")) {
      submit(id, 100);
      process.trainings.cancel(id, ANYBODY);
    }

    assertThat(listed(process)).containsExactly("4", "3", "2", "0");
    assertThat(process.trainings.watch("1", ANYBODY)).isEmpty();
  }

  @Test
  void forgetsMoreIfTheHistoriesAreLong() {
    int epochs = InMemoryEndedTrainings.MAX_EPOCHS / 2;
    for (String id : List.of("1", "2", "3")) {
      submit(id, 100);
      if (process.store.claim(id, Instant.EPOCH)
          instanceof TrainingStore.Outcome.Won(TrainingClaim claim, _, _, _)) {
        TrainingProgress progress = new TrainingProgress(epochs, 1, null, null);
        claim.end(
            new TrainingClaim.End(
                Jobs.succeeded(),
                Collections.nCopies(epochs, Jobs.epoch(1)),
                progress,
                Instant.EPOCH));
      }
    }

    assertThat(listed(process)).containsExactly("3", "2");
  }

  private static List<String> listed(Harness process) {
    return process
        .trainings
        .list(new TrainingStore.Filter(null, null, ANYBODY), null, 9)
        .items()
        .stream()
        .map(job -> job.acceptance().id())
        .toList();
  }
}
