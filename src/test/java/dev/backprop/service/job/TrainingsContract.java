package dev.backprop.service.job;

import static dev.backprop.platform.caller.Caller.ANYBODY;
import static dev.backprop.service.job.Jobs.MEMORY;
import static dev.backprop.service.job.Jobs.PATIENCE;
import static dev.backprop.service.job.Jobs.await;
import static dev.backprop.service.job.Jobs.ended;
import static dev.backprop.service.job.Jobs.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.Callers;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.job.Jobs.StepByStep;
import dev.backprop.service.job.TrainingJob.CancelAnswer;
import dev.backprop.service.job.TrainingJob.FinishAnswer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What holds for trainings wherever they are kept.
abstract class TrainingsContract {

  /// A process without trainings, with one worker, that does not run yet.
  abstract Harness process();

  private Trainings trainings() {
    return process().trainings;
  }

  private StepByStep submit(String id, String model) {
    return process().submit(id, model);
  }

  @AfterEach
  final void finish() {
    process().finish();
  }

  private static Page<TrainingJob.Snapshot> list(
      Trainings trainings,
      @Nullable String model,
      @Nullable JobState state,
      @Nullable String before,
      int limit) {
    return trainings.list(new TrainingStore.Filter(model, state, ANYBODY), before, limit);
  }

  private static List<String> ids(Page<TrainingJob.Snapshot> page) {
    return page.items().stream().map(job -> job.acceptance().id()).toList();
  }

  @Test
  void runsThemInTheOrderInWhichTheyCame() throws InterruptedException {
    Trainings trainings = trainings();
    StepByStep first = submit("a", "m");
    StepByStep second = submit("b", "m");
    StepByStep third = submit("c", "m");
    trainings.start();

    await(first);
    assertThat(state(trainings, "a")).isEqualTo(JobState.RUNNING);
    assertThat(trainings.running()).isEqualTo(1);
    assertThat(state(trainings, "b")).isEqualTo(JobState.QUEUED);
    first.goOn.countDown();
    await(second);
    assertThat(third.begun.getCount()).isEqualTo(1);
    second.goOn.countDown();
    await(third);
    third.goOn.countDown();

    TrainingJob.Snapshot last = ended(trainings, "c");
    assertThat(last.end()).isEqualTo(Jobs.succeeded());
    assertThat(last.acceptance()).isEqualTo(Jobs.acceptance("c", "m", 100));
    assertThat(last.startedAt()).isNotNull();
    assertThat(last.finishedAt()).isNotNull().isAfterOrEqualTo(last.startedAt());
    assertThat(third.isReleased()).isTrue();
    assertThat(state(trainings, "a")).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void keepsWhoseATrainingIs() {
    Harness process = process();
    process.accept(Jobs.acceptance("a", "m", 100).ownedBy("one"));
    process.accept(Jobs.acceptance("b", "m", 100));

    for (String id : List.of("a", "b")) {
      try (Trainings.Watch watch = process.trainings.watch(id, ANYBODY).orElseThrow()) {
        assertThat(watch.job().acceptance().owner()).isEqualTo(id.equals("a") ? "one" : null);
      }
    }
    assertThat(list(process.trainings, null, null, null, 9).items())
        .extracting(job -> job.acceptance().owner())
        .containsExactly(null, "one");
  }

  @Test
  void anOwnerHasSoManyThatWaitOrRun() throws InterruptedException {
    Harness process = process();
    Caller one = Callers.withTrainings("one", 2);
    StepByStep first = StepByStep.succeeding();
    process.runs("a", first);
    process.accept(Jobs.acceptance("a", "m", 100).ownedBy("one"), one);
    process.accept(Jobs.acceptance("b", "m", 100).ownedBy("one"), one);
    process.trainings.start();
    await(first);

    assertThatThrownBy(() -> process.accept(Jobs.acceptance("c", "m", 100).ownedBy("one"), one))
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> assertThat(problem.code()).isEqualTo(ProblemCode.QUOTA_REACHED))
        .hasMessageContaining("may have 2 trainings that wait or run, and has 2");
    process.accept(
        Jobs.acceptance("d", "m", 100).ownedBy("other"), Callers.withTrainings("other", 1));
    process.trainings.cancel("b", ANYBODY);
    process.accept(Jobs.acceptance("e", "m", 100).ownedBy("one"), one);
    for (String id : List.of("d", "e")) {
      process.trainings.cancel(id, ANYBODY);
    }
    first.goOn.countDown();
    ended(process.trainings, "a");
  }

  @Test
  void thoseOfUnseenModelsAreNotThere() {
    Trainings trainings = trainings();
    submit("a", "x_m");
    submit("b", "xxm");
    submit("c", "x_n");
    Caller limited = Callers.limitedTo("x_");

    assertThat(trainings.watch("a", limited)).isPresent();
    assertThat(trainings.watch("b", limited)).isEmpty();
    assertThat(trainings.cancel("b", limited)).isEqualTo(CancelAnswer.UNKNOWN);
    assertThat(trainings.finish("b", limited)).isEqualTo(FinishAnswer.UNKNOWN);
    TrainingStore.Filter all = new TrainingStore.Filter(null, null, limited);
    Page<TrainingJob.Snapshot> first = trainings.list(all, null, 1);
    assertThat(ids(first)).containsExactly("c");
    assertThat(ids(trainings.list(all, Page.after(first.nextCursor()), 1))).containsExactly("a");
    assertThat(ids(trainings.list(new TrainingStore.Filter("xxm", null, limited), null, 9)))
        .isEmpty();
    assertThat(
            ids(trainings.list(new TrainingStore.Filter("x_m", JobState.QUEUED, limited), null, 9)))
        .containsExactly("a");
    assertThat(trainings.cancel("a", limited)).isEqualTo(CancelAnswer.WAS_QUEUED);
  }

  @Test
  void refusesWhatTheQueueCannotHold() {
    Trainings trainings = trainings();
    submit("a", "m");
    submit("b", "m");
    submit("c", "m");

    assertThatThrownBy(() -> submit("d", "m"))
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> assertThat(problem.code()).isEqualTo(ProblemCode.QUEUE_FULL))
        .hasMessageContaining("at most 3");
    assertThat(trainings.watch("d", ANYBODY)).isEmpty();
    trainings.cancel("b", ANYBODY);
    submit("e", "m");
    assertThat(ids(list(trainings, "m", JobState.QUEUED, null, 9))).containsExactly("e", "c", "a");
  }

  @Test
  void listsTheNewestFirstPageByPageAndFiltered() {
    Trainings trainings = trainings();
    submit("1", "iris");
    submit("2", "penguins");
    trainings.cancel("1", ANYBODY);
    submit("3", "iris");
    submit("4", "iris");

    Page<TrainingJob.Snapshot> first = list(trainings, null, null, null, 2);
    assertThat(ids(first)).containsExactly("4", "3");
    Page<TrainingJob.Snapshot> second =
        list(trainings, null, null, Page.after(first.nextCursor()), 2);
    assertThat(ids(second)).containsExactly("2", "1");
    assertThat(second.nextCursor()).isNull();
    assertThat(ids(list(trainings, "iris", null, null, 9))).containsExactly("4", "3", "1");
    assertThat(ids(list(trainings, null, JobState.CANCELLED, null, 9))).containsExactly("1");
    assertThat(ids(list(trainings, "iris", JobState.QUEUED, "4", 9))).containsExactly("3");
    assertThat(list(trainings, "none", null, null, 9).items()).isEmpty();
  }

  @Test
  void cancelsAQueuedTrainingAtOnce() throws InterruptedException {
    Trainings trainings = trainings();
    StepByStep cancelled = submit("a", "m");
    StepByStep next = submit("b", "m");
    try (Trainings.Watch watch = trainings.watch("a", ANYBODY).orElseThrow()) {
      assertThat(trainings.cancel("a", ANYBODY)).isEqualTo(CancelAnswer.WAS_QUEUED);
      watch.job().awaitEnd(PATIENCE);
      assertThat(watch.job().state()).isEqualTo(JobState.CANCELLED);
    }
    assertThat(trainings.cancel("a", ANYBODY)).isEqualTo(CancelAnswer.TOO_LATE);
    assertThat(trainings.cancel("none", ANYBODY)).isEqualTo(CancelAnswer.UNKNOWN);

    trainings.start();
    await(next);
    assertThat(cancelled.begun.getCount()).isEqualTo(1);
  }

  @Test
  void tellsARunningTrainingToStop() throws InterruptedException {
    Trainings trainings = trainings();
    StepByStep work = submit("a", "m");
    trainings.start();
    await(work);

    assertThat(trainings.cancel("a", ANYBODY)).isEqualTo(CancelAnswer.REQUESTED);
    assertThat(state(trainings, "a")).isEqualTo(JobState.RUNNING);
    work.goOn.countDown();

    TrainingJob.Snapshot last = ended(trainings, "a");
    assertThat(last.state()).isEqualTo(JobState.CANCELLED);
    assertThat(work.isReleased()).isTrue();
    assertThat(trainings.cancel("a", ANYBODY)).isEqualTo(CancelAnswer.TOO_LATE);
  }

  @Test
  void deletesATrainingThatHasEnded() throws InterruptedException {
    Harness process = process();
    Trainings trainings = process.trainings;
    StepByStep work = process.submit(Jobs.acceptance("a", "m", 100).ownedBy("one"), told(3));
    submit("b", "m");
    assertThat(trainings.delete("a", ANYBODY)).isEqualTo(TrainingStore.Deletion.UNDER_WAY);
    trainings.start();
    await(work);
    assertThat(trainings.delete("a", ANYBODY)).isEqualTo(TrainingStore.Deletion.UNDER_WAY);
    work.goOn.countDown();
    ended(trainings, "a");

    assertThatThrownBy(() -> trainings.delete("a", Callers.withTrainings("two", 2)))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.code()).isEqualTo(ProblemCode.FORBIDDEN));
    assertThat(trainings.delete("a", Callers.withTrainings("one", 2)))
        .isEqualTo(TrainingStore.Deletion.DELETED);
    assertThat(trainings.delete("a", ANYBODY)).isEqualTo(TrainingStore.Deletion.UNKNOWN);
    assertThat(trainings.watch("a", ANYBODY)).isEmpty();
    assertThat(process.store.epochs("a", 0)).isEmpty();
    assertThat(ids(list(trainings, null, null, null, 9))).containsExactly("b");
    trainings.forget();
    assertThat(ids(list(trainings, null, null, null, 9))).containsExactly("b");
  }

  private static StepByStep told(int epochs) {
    return new StepByStep(
        job -> {
          for (int epoch = 1; epoch <= epochs; epoch++) {
            job.onEpoch(Jobs.epoch(epoch));
          }
          return Jobs.succeeded();
        });
  }

  @Test
  void listsAFewEpochsOfEachHistory() throws InterruptedException {
    Harness process = process();
    process.submit("a", "m", told(9));
    process.submit("b", "m", told(4));
    process.trainings.start();
    finish();
    ended(process.trainings, "b");

    Page<TrainingJob.Snapshot> page = list(process.trainings, null, null, null, 9);
    assertThat(process.trainings.withHistories(page, 0)).isEqualTo(page);
    assertThat(process.trainings.withHistories(page, 4).items())
        .extracting(
            job -> Objects.requireNonNull(job.history()).stream().map(EpochReport::epoch).toList())
        .containsExactly(List.of(1, 2, 4), List.of(1, 2, 5, 9));
  }

  @Test
  void tellsARunningTrainingToFinish() throws InterruptedException {
    Trainings trainings = trainings();
    boolean[] finishes = {false};
    StepByStep work =
        process()
            .submit(
                "a",
                "m",
                new StepByStep(
                    job -> {
                      finishes[0] = job.finishes();
                      return Jobs.succeeded();
                    }));
    StepByStep next = submit("b", "m");
    assertThat(trainings.finish("a", ANYBODY)).isEqualTo(FinishAnswer.IS_QUEUED);
    trainings.start();
    await(work);
    process().submit(Jobs.acceptance("c", "m", 100, 3, 1), StepByStep.succeeding());

    assertThat(trainings.finish("a", ANYBODY)).isEqualTo(FinishAnswer.REQUESTED);
    assertThat(trainings.finish("c", ANYBODY)).isEqualTo(FinishAnswer.IS_CROSS_VALIDATED);
    assertThat(trainings.finish("none", ANYBODY)).isEqualTo(FinishAnswer.UNKNOWN);
    work.goOn.countDown();

    assertThat(ended(trainings, "a").state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(finishes[0]).isTrue();
    assertThat(trainings.finish("a", ANYBODY)).isEqualTo(FinishAnswer.TOO_LATE);
    await(next);
  }

  @Test
  void tellsOfEveryEpochAndKeepsTheHistory() throws InterruptedException {
    Trainings trainings = trainings();
    process()
        .submit(
            "a",
            "m",
            new StepByStep(
                job -> {
                  for (int epoch = 1; epoch <= 3; epoch++) {
                    job.onEpoch(Jobs.epoch(epoch));
                  }
                  return Jobs.succeeded();
                }));
    trainings.start();
    finish();

    TrainingJob.Snapshot last = ended(trainings, "a");
    assertThat(last.history()).isEqualTo(List.of(Jobs.epoch(1), Jobs.epoch(2), Jobs.epoch(3)));
    TrainingJob.Snapshot listed = list(trainings, null, null, null, 9).items().getFirst();
    assertThat(listed.history()).isNull();
    assertThat(listed.epochs()).isEqualTo(3);
    assertThat(listed.epochSeconds()).isEqualTo(1.5);
    assertThat(last.shown()).isEqualTo(Jobs.epoch(Jobs.BEST_EPOCH));
    assertThat(listed.shown()).isEqualTo(last.shown());
    try (Trainings.Watch watch = trainings.watch("a", ANYBODY).orElseThrow()) {
      TrainingJob.News news =
          watch.job().await(new TrainingJob.Seen(1, 0, Integer.MAX_VALUE), PATIENCE, () -> false);
      assertThat(news.epochs()).extracting(EpochReport::epoch).containsExactly(2, 3);
      assertThat(news.ended()).isTrue();
    }
  }

  @Test
  void survivesATrainingThatBreaksDown() throws InterruptedException {
    Trainings trainings = trainings();
    process()
        .submit(
            "a",
            "m",
            new StepByStep(
                _ -> {
                  throw new OutOfMemoryError("planted");
                }));
    submit("b", "m");
    trainings.start();
    finish();

    assertThat(ended(trainings, "b").state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(ended(trainings, "a").end())
        .isEqualTo(JobEnd.Failed.because(new OutOfMemoryError()));
  }

  @Test
  void waitsForMemory() throws InterruptedException {
    Trainings trainings = trainings();
    StepByStep big = process().submit(Jobs.acceptance("a", "m", MEMORY), StepByStep.succeeding());
    Budget.Claim claim = process().memory.claim();
    claim.grow(1);
    trainings.start();
    assertThat(big.begun.await(50, TimeUnit.MILLISECONDS)).isFalse();
    assertThat(state(trainings, "a")).isEqualTo(JobState.QUEUED);

    claim.close();

    await(big);
  }

  @Test
  void aTrainingThatIsCancelledBeforeItIsPublishedIsCancelled() throws InterruptedException {
    StepByStep gate = StepByStep.succeeding();
    List<String> published = Collections.synchronizedList(new ArrayList<>());
    process()
        .accept(
            Jobs.acceptance("a", "m", 100),
            (won, _) ->
                new TrainingWork() {
                  @Override
                  public JobEnd run(TrainingJob job) {
                    gate.run(job);
                    won.claim().end(job.ending(Jobs.succeeded(), Instant.EPOCH));
                    published.add("too late");
                    return Jobs.succeeded();
                  }

                  @Override
                  public void release() {}
                });
    Trainings trainings = trainings();
    trainings.start();
    await(gate);
    assertThat(process().store.cancel("a", Instant.EPOCH).answer())
        .isEqualTo(CancelAnswer.REQUESTED);
    gate.goOn.countDown();

    assertThat(ended(trainings, "a").state()).isEqualTo(JobState.CANCELLED);
    assertThat(published).isEmpty();
  }

  @Test
  void anAcceptanceThatIsRefusedGivesBackTheRoomForItsModel() {
    submit("a", "m");
    submit("b", "m");
    submit("c", "m");
    Jobs.CountedRoom room = new Jobs.CountedRoom();

    assertThatThrownBy(() -> process().accept(Jobs.acceptance("d", "m", 100), room))
        .hasMessageContaining("at most 3");
    assertThat(room.released()).isEqualTo(1);
  }

  @Test
  void theDataThatCameWithATrainingAreItsAloneAndGoWithIt() {
    Harness process = process();
    String holder = Paths.training("a");
    process.acceptWithData(Jobs.acceptance("a", "m", 100));

    assertThat(process.datasets.find("a", ANYBODY)).isEmpty();
    assertThat(process.datasets.list(ANYBODY, null, 9, null).items()).isEmpty();
    assertThatThrownBy(() -> process.datasets.hold("a", "another"))
        .hasMessageContaining("there is no data set a");
    assertThat(process.datasets.hold("a", holder).table().rows()).isEqualTo(2);

    process.trainings.cancel("a", ANYBODY);

    assertThatThrownBy(() -> process.datasets.hold("a", holder))
        .hasMessageContaining("there is no data set a");
  }
}
