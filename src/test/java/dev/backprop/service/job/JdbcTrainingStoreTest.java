package dev.backprop.service.job;

import static dev.backprop.platform.caller.Caller.ANYBODY;
import static dev.backprop.service.job.Jobs.PATIENCE;
import static dev.backprop.service.job.Jobs.await;
import static dev.backprop.service.job.Jobs.ended;
import static dev.backprop.service.job.Replica.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.engine.plan.CrossValidationResult;
import dev.backprop.engine.plan.Standing;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.http.IdempotencyOfAProcess;
import dev.backprop.platform.http.IdempotencyStore;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.http.Sort;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.service.job.Jobs.StepByStep;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What a database keeps of trainings and forgets, and what processes that share it see.
@ParameterizedClass
@EnumSource(JdbcDatabase.Kind.class)
class JdbcTrainingStoreTest {

  private static final TrainingStore.Filter ALL = new TrainingStore.Filter(null, null, ANYBODY);

  private final Replica one;

  JdbcTrainingStoreTest(JdbcDatabase.Kind kind) {
    one = new Replica(Databases.empty(kind));
  }

  @AfterEach
  void stop() throws InterruptedException {
    one.stop();
  }

  /// A process of a former version would make a version of nobody's: it does not know the task.
  @Test
  void whatHasAnOwnerIsLeftToProcessesThatKnowOwners() {
    one.process.accept(Jobs.acceptance("a", "m", 100).ownedBy("somebody"));
    one.process.accept(Jobs.acceptance("b", "m", 100));

    assertThat(format("a")).isEqualTo("5 training-5");
    assertThat(format("b")).isEqualTo("4 training-4");
  }

  /// A process of a former version would tell nobody.
  @Test
  void whatHasACallbackIsLeftToProcessesThatKnowCallbacks() {
    one.process.accept(Jobs.acceptance("a", "m", 100).calling("http://h/"));
    one.process.accept(Jobs.acceptance("b", "m", 100).ownedBy("somebody").calling("http://h/"));

    assertThat(format("a")).isEqualTo("6 training-6");
    assertThat(format("b")).isEqualTo("6 training-6");
  }

  /// A process of a former version has no such figure.
  @Test
  void whatIsSelectedByANewFigureIsLeftToProcessesThatKnowIt() {
    one.process.accept(Jobs.selecting("a", Metric.R2));
    assertThat(format("a")).isEqualTo("6 training-6");

    Map<Metric, Integer> formats = new LinkedHashMap<>();
    for (Metric metric : Metric.values()) {
      formats.put(metric, JdbcTrainingStore.format(Jobs.selecting("a", metric)));
    }

    assertThat(formats)
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry(Metric.LOSS, 4),
                Map.entry(Metric.LOG_LOSS, 4),
                Map.entry(Metric.ACCURACY, 4),
                Map.entry(Metric.EXACT_MATCH, 4),
                Map.entry(Metric.AUC, 4), // of one output
                Map.entry(Metric.RMSE, 4),
                Map.entry(Metric.MAE, 4),
                Map.entry(Metric.F1, 6),
                Map.entry(Metric.PR_AUC, 6),
                Map.entry(Metric.MCC, 6),
                Map.entry(Metric.BALANCED_ACCURACY, 6),
                Map.entry(Metric.BRIER, 6),
                Map.entry(Metric.R2, 6),
                Map.entry(Metric.MAPE, 6),
                Map.entry(Metric.PINBALL, 6)));
  }

  /// A process of a former version would make a version without them.
  @Test
  void whatHasNotesIsLeftToProcessesThatKnowNotes() {
    Notes notes = new Notes("said", List.of("a", "b"));
    one.process.accept(Jobs.acceptance("a", "m", 100).noted(notes));

    assertThat(format("a")).isEqualTo("6 training-6");
    assertThat(one.process.store.find("a").orElseThrow().acceptance().notes()).isEqualTo(notes);
    assertThat(
            ((TrainingStore.Outcome.Won) one.process.store.claim("a", Instant.EPOCH))
                .acceptance()
                .notes())
        .isEqualTo(notes);
  }

  /// A former version kept none beside the ending.
  @Test
  void completesTheStandingsOfWhatAFormerVersionEnded() {
    for (String id : List.of("a", "b")) {
      one.process.accept(Jobs.acceptance(id, "m", 100));
      var won = (TrainingStore.Outcome.Won) one.process.store.claim(id, Instant.EPOCH);
      won.claim()
          .end(
              new TrainingClaim.End(
                  Jobs.succeeded(), List.of(), TrainingProgress.NONE, Instant.EPOCH));
    }
    Sort sort = new Sort("accuracy");
    Standing good = new Standing(null, Map.of("accuracy", 0.9));

    one.process.store.completeStandings(_ -> Optional.empty());
    assertThat(standing("a")).isNull();
    one.process.store.completeStandings(
        version -> Optional.of(version.equals(new ModelReference("m", 1)) ? good : Standing.NONE));

    assertThat(standing("a")).isEqualTo(good);
    Page<StoredTraining> page = one.process.store.list(ALL, sort, null, 1);
    Page<StoredTraining> next = one.process.store.list(ALL, sort, sort.after(page.nextCursor()), 1);
    assertThat(page.items()).extracting(t -> t.acceptance().id()).containsExactly("b");
    assertThat(next.items()).extracting(t -> t.acceptance().id()).containsExactly("a");
    assertThat(next.nextCursor()).isNull();
  }

  private @Nullable Standing standing(String id) {
    return one.process.store.find(id).orElseThrow().end() instanceof JobEnd.Succeeded succeeded
        ? succeeded.standing()
        : null;
  }

  private String format(String id) {
    return one.database.read(
        jdbc ->
            jdbc.sql(
                    """
                    SELECT request_format || ' ' || task_name FROM trainings
                    JOIN scheduled_tasks ON task_instance = id WHERE id = :id""")
                .param("id", id)
                .query(String.class)
                .single());
  }

  @Test
  void othersSeeTheProgress() throws InterruptedException {
    CountDownLatch seen = new CountDownLatch(1);
    CrossValidationResult.Fold fold =
        new CrossValidationResult.Fold(2, 3, 17, 7, Map.of("loss", 0.1));
    StepByStep work =
        new StepByStep(
            job -> {
              job.onFoldEpoch(2, Jobs.epoch(1));
              job.onFold(fold);
              job.onEpoch(Jobs.epoch(1));
              job.onEpoch(Jobs.epoch(2));
              try {
                seen.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              job.onEpoch(Jobs.epoch(3));
              return Jobs.succeeded();
            });
    work.goOn.countDown();
    one.process.submit(Jobs.acceptance("a", "m", 100, 3, 2), work);
    one.trainings.start();
    await(work);
    Replica other = one.another();
    other.trainings.start();
    try (Trainings.Watch watch = other.trainings.watch("a", ANYBODY).orElseThrow()) {
      TrainingJob job = watch.job();
      assertThat(
              job.await(new TrainingJob.Seen(0, 0, Integer.MAX_VALUE), PATIENCE, () -> false)
                  .epochs())
          .containsExactly(Jobs.epoch(1), Jobs.epoch(2));
      assertThat(
              job.await(new TrainingJob.Seen(0, 0, Integer.MAX_VALUE), PATIENCE, () -> false)
                  .folds())
          .containsExactly(fold);
      assertThat(job.snapshot(false).folds().ended()).isEqualTo(1);
      seen.countDown();
      TrainingJob.News last =
          job.await(new TrainingJob.Seen(2, 1, Integer.MAX_VALUE), PATIENCE, () -> false);
      assertThat(last.epochs()).extracting(EpochReport::epoch).containsExactly(3);
      job.awaitEnd(PATIENCE);
      assertThat(job.snapshot(false).end()).isEqualTo(Jobs.succeeded());
    } finally {
      seen.countDown();
    }
  }

  @Test
  void trainingsThatFormerVersionsHaveEndedShowTheServedEpochToo() {
    one.submit("a");
    List<EpochReport> epochs = List.of(Jobs.epoch(1), Jobs.epoch(2), Jobs.epoch(3));
    one.claim("a").end(new TrainingClaim.End(Jobs.succeeded(), epochs, progress(3), NOW));
    assertThat(progress(3).latest()).isEqualTo(Jobs.epoch(3));

    EpochReport served = Jobs.epoch(Jobs.BEST_EPOCH);
    assertThat(one.trainings.list(ALL, null, 9).items().getFirst().shown()).isEqualTo(served);
    try (Trainings.Watch watch = one.trainings.watch("a", ANYBODY).orElseThrow()) {
      assertThat(watch.job().snapshot(false).shown()).isEqualTo(served);
    }
  }

  @Test
  void theEpochsOfADeadWorkerAreSeenUntilTheNextOneReports() {
    one.submit("a");
    JdbcTrainingClaim first = one.claim("a");
    List<EpochReport> epochs = List.of(Jobs.epoch(1), Jobs.epoch(2), Jobs.epoch(3));
    assertThat(first.report(0, epochs, progress(3))).isEqualTo(TrainingClaim.Order.GO_ON);
    try (Trainings.Watch watch = one.trainings.watch("a", ANYBODY).orElseThrow()) {
      JdbcTrainingClaim second = one.claim("a");
      one.process.runner.live().refresh();
      assertThat(watch.job().history()).isEqualTo(epochs);
      assertThat(first.report(3, List.of(Jobs.epoch(4)), progress(4)))
          .isEqualTo(TrainingClaim.Order.LEAVE);
      assertThat(first.order()).isEqualTo(TrainingClaim.Order.LEAVE);

      second.report(0, List.of(Jobs.epoch(1)), progress(1));
      one.process.runner.live().refresh();
      assertThat(watch.job().history()).containsExactly(Jobs.epoch(1));
      second.report(1, List.of(Jobs.epoch(2)), progress(2));
      one.process.runner.live().refresh();
      assertThat(watch.job().history()).containsExactly(Jobs.epoch(1), Jobs.epoch(2));
    }
  }

  /// Asked for through another replica; it is not forgotten when a third one goes on.
  @Test
  void whoeverRunsATrainingHearsThatItIsToFinish() {
    one.submit("a");
    JdbcTrainingClaim first = one.claim("a");
    assertThat(first.finishes()).isFalse();
    assertThat(first.order()).isEqualTo(TrainingClaim.Order.GO_ON);

    assertThat(one.another().trainings.finish("a", ANYBODY))
        .isEqualTo(TrainingJob.FinishAnswer.REQUESTED);
    assertThat(first.order()).isEqualTo(TrainingClaim.Order.FINISH);
    assertThat(first.report(0, List.of(Jobs.epoch(1)), progress(1)))
        .isEqualTo(TrainingClaim.Order.FINISH);
    JdbcTrainingClaim second = one.claim("a");
    assertThat(second.finishes()).isTrue();

    one.store.cancel("a", NOW);
    assertThat(second.order()).isEqualTo(TrainingClaim.Order.CANCEL);
  }

  private static TrainingProgress progress(int epochs) {
    return new TrainingProgress(epochs, 0.5 * epochs, Jobs.epoch(epochs), null);
  }

  private void end(String id, Instant at) {
    one.submit(id);
    List<EpochReport> history = List.of(Jobs.epoch(1));
    one.claim(id).end(new TrainingClaim.End(Jobs.succeeded(), history, progress(1), at));
  }

  @Test
  void forgetsTheOldestAndTheOldOnes() {
    Instant now = Instant.now();
    end("5", now.minusSeconds(5));
    end("1", now.minusSeconds(1));
    end("3", now.minusSeconds(3));
    one.submit("9");

    one.trainings.forget();
    assertThat(one.trainings.list(ALL, null, 9).items())
        .extracting(job -> job.acceptance().id())
        .containsExactly("9", "3", "1");
    assertThat(one.count("SELECT count(*) FROM training_epochs")).isEqualTo(2);

    one.store.forget(2, now.minusSeconds(2), now);
    assertThat(one.trainings.watch("3", ANYBODY)).isEmpty();
    assertThat(one.trainings.watch("1", ANYBODY)).isPresent();
    for (int i = 0; i < 250; i++) {
      end("old " + i, NOW);
    }
    one.trainings.forget();
    assertThat(one.count("SELECT count(*) FROM trainings")).isEqualTo(2);
  }

  @Test
  void theQueueOfAllProcessesIsBounded() {
    one.submit("a");
    one.submit("b");
    Replica other = one.another();
    other.accept(Jobs.acceptance("c", "m", 100), (_, _) -> StepByStep.succeeding());

    assertThatThrownBy(() -> one.submit("d")).hasMessageContaining("at most 3");
    assertThat(one.store.queued()).isEqualTo(3);
  }

  @Test
  void aTrainingThatCannotBeReadIsFailedAndTheNextOneRuns() throws InterruptedException {
    one.submit("a");
    StepByStep next = one.submit("b");
    one.database.change(
        jdbc -> jdbc.sql("UPDATE trainings SET acceptance = '{' WHERE id = 'a'").update());
    one.trainings.start();
    await(next);

    assertThat(one.count("SELECT count(*) FROM trainings WHERE id = 'a' AND state = 'failed'"))
        .isEqualTo(1);
    assertThatThrownBy(() -> one.trainings.watch("a", ANYBODY))
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> assertThat(problem.code()).isEqualTo(ProblemCode.STORAGE_CORRUPT));
  }

  @Test
  void whatANewerVersionHasAcceptedIsLeftToItsProcesses() throws InterruptedException {
    one.submit("a");
    one.submit("b");
    StepByStep next = one.submit("c");
    one.database.change(
        jdbc -> {
          jdbc.sql("UPDATE trainings SET request_format = 99 WHERE id = 'a'").update();
          jdbc.sql("UPDATE scheduled_tasks SET task_name = 'training-99' WHERE task_instance = 'b'")
              .update();
        });
    one.trainings.start();
    await(next);
    next.goOn.countDown();
    assertThat(ended(one.trainings, "c").end()).isEqualTo(Jobs.succeeded());

    assertThat(
            one.count(
                "SELECT count(*) FROM trainings WHERE id IN ('a', 'b')"
                    + " AND state = 'queued' AND attempts = 0 AND claim IS NULL"))
        .isEqualTo(2);
    assertThat(
            one.count(
                "SELECT count(*) FROM scheduled_tasks WHERE task_instance = 'b' AND version = 1"
                    + " AND picked_by IS NULL"))
        .as("whose name is not known is not touched")
        .isEqualTo(1);
    assertThat(one.count("SELECT count(*) FROM scheduled_tasks WHERE task_instance = 'a'"))
        .as("the other comes up again")
        .isEqualTo(1);
    assertThat(one.trainings.cancel("a", ANYBODY)).isEqualTo(TrainingJob.CancelAnswer.WAS_QUEUED);
  }

  @Test
  void aTrainingThatGoesOnFromANewerModelIsLeftToNewerProcesses() {
    one.submit("a");
    one.database.change(
        jdbc ->
            jdbc.sql("UPDATE trainings SET start_document = '{\"format\":99,\"unheard\":1}'")
                .update());

    assertThat(one.store.claim("a", NOW))
        .isInstanceOfSatisfying(
            TrainingStore.Outcome.Newer.class,
            newer -> assertThat(newer.why()).contains("format 99"));
    assertThat(one.count("SELECT count(*) FROM trainings WHERE state = 'queued' AND attempts = 0"))
        .isEqualTo(1);
  }

  @Test
  void oneThatCannotBeReadStandsInNoOthersWayInLists() {
    one.submit("a");
    one.submit("b");
    one.submit("c");
    one.database.change(
        jdbc -> jdbc.sql("UPDATE trainings SET acceptance = '{' WHERE id = 'b'").update());

    Page<TrainingJob.Snapshot> first = one.trainings.list(ALL, null, 2);
    Page<TrainingJob.Snapshot> second = one.trainings.list(ALL, Page.after(first.nextCursor()), 2);

    assertThat(first.items()).extracting(job -> job.acceptance().id()).containsExactly("c");
    assertThat(second.items()).extracting(job -> job.acceptance().id()).containsExactly("a");
    assertThat(second.nextCursor()).isNull();
  }

  @Test
  void isAcceptedAndScheduledOrNeither() {
    assertThatThrownBy(
            () ->
                one.database.perform(
                    () -> {
                      one.process.accept(Jobs.acceptance("a", "m", 100));
                      throw new IllegalStateException("planted");
                    }))
        .hasMessage("planted");

    assertThat(one.count("SELECT count(*) FROM scheduled_tasks")).isZero();
    one.assertNothingIsLeftBut(0);
  }

  @Test
  void whoSendsARequestAgainWhoseProcessWasKilledGetsItsTraining() {
    IdempotencyStore killed = IdempotencyOfAProcess.over(one.database, () -> NOW);
    assertThat(killed.begin("accepted")).isNull();
    assertThat(killed.begin("refused")).isNull();
    IdempotencyStore.Remembered answer =
        new IdempotencyStore.Remembered("print", 202, null, Paths.training("a"), new byte[0], NOW);
    one.database.perform(
        () -> {
          one.process.accept(Jobs.acceptance("a", "m", 100));
          killed.accept("accepted", answer);
        });
    assertThatThrownBy(
            () ->
                one.database.perform(
                    () -> {
                      one.process.accept(Jobs.acceptance("b", "m", 100));
                      killed.accept("refused", answer);
                      throw new IllegalStateException("planted");
                    }))
        .hasMessage("planted");

    IdempotencyStore other =
        IdempotencyOfAProcess.over(one.database, () -> NOW.plus(Duration.ofMinutes(2)));

    assertThat(other.begin("accepted"))
        .isNotNull()
        .extracting(IdempotencyStore.Remembered::location)
        .isEqualTo(Paths.training("a"));
    assertThat(other.begin("refused")).isNull();
    assertThat(one.trainings.watch("b", ANYBODY)).isEmpty();
    assertThat(one.store.queued()).isEqualTo(1);
    assertThat(one.count("SELECT count(*) FROM scheduled_tasks")).isEqualTo(1);
  }

  @Test
  void aTrainingThatIsRefusedLeavesNothingBehind() {
    for (String id : List.of("a", "b", "c")) {
      one.submit(id);
    }
    assertThatThrownBy(() -> one.submit("d")).hasMessageContaining("at most 3");
    for (String id : List.of("a", "b", "c")) {
      one.trainings.cancel(id, ANYBODY);
    }

    one.assertNothingIsLeftBut(3);
    assertThat(one.count("SELECT count(*) FROM scheduled_tasks")).isEqualTo(3);
  }
}
