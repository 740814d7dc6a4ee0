package dev.backprop.service.job;

import static dev.backprop.service.job.Jobs.await;
import static dev.backprop.service.job.Jobs.ended;
import static dev.backprop.service.job.Jobs.error;
import static dev.backprop.service.job.Jobs.state;
import static dev.backprop.service.job.Replica.ENGINE;
import static dev.backprop.service.job.Replica.MAX_DEATHS;
import static dev.backprop.service.job.Replica.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.plan.Checkpoint;
import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.plan.TrainingResult;
import dev.backprop.platform.artifact.Engine;
import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.service.job.Jobs.StepByStep;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Trainings whose processes die, lose their claims and go on from checkpoints.
@ParameterizedClass
@EnumSource(JdbcDatabase.Kind.class)
class JdbcTrainingClaimsTest {

  private final Replica one;

  JdbcTrainingClaimsTest(JdbcDatabase.Kind kind) {
    one = new Replica(Databases.empty(kind));
  }

  @AfterEach
  void stop() throws InterruptedException {
    one.stop();
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
    JdbcTrainingClaim another = one.claim("a");

    gate.goOn.countDown();

    await(refused);
    assertThat(published()).isZero();
    assertThat(state(one.trainings, "a")).isEqualTo(JobState.RUNNING);
    publish("of the second", another, Jobs.job("a"));
    assertThat(published()).isEqualTo(1);
    assertThat(another.end(Replica.end(Jobs.succeeded(), NOW.plusSeconds(1)))).isEqualTo(NOW);
    assertThat(state(one.trainings, "a")).isEqualTo(JobState.SUCCEEDED);
  }

  /// As a version is published: something that others see, together with the end.
  private void publish(String what, TrainingClaim claim, TrainingJob job) {
    one.database.change(
        jdbc -> {
          jdbc.sql("INSERT INTO blobs (id, adopted, written_at) VALUES (:id, 7, 1)")
              .param("id", what)
              .update();
          claim.end(job.ending(Jobs.succeeded(), NOW));
        });
  }

  private int published() {
    return one.count("SELECT count(*) FROM blobs WHERE adopted = 7");
  }

  @Test
  void knowsTheWhichAttemptItIs() throws InterruptedException {
    one.submit("a");

    JdbcTrainingClaim first = one.claim("a");
    assertThat(first.attempt()).isEqualTo(1);
    assertThat(first.isTakenOver()).isFalse();
    JdbcTrainingClaim second = one.claim("a");
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.isTakenOver()).isTrue();
    second.giveBack();
    JdbcTrainingClaim third = one.claim("a");
    assertThat(third.attempt()).isEqualTo(2);
    assertThat(third.isTakenOver()).isFalse();
  }

  @Test
  void aTrainingThatKillsItsWorkerThreeTimesIsFailed() throws InterruptedException {
    StepByStep work = one.submit("a");
    for (int death = 1; death <= 3; death++) {
      one.claim("a");
    }
    one.trainings.start();

    TrainingJob.Snapshot last = ended(one.trainings, "a");
    assertThat(error(last).code()).isEqualTo("workers-died");
    assertThat(error(last).detail()).startsWith("3 processes");
    assertThat(work.begun.getCount()).isEqualTo(1);
    one.assertNothingIsLeftBut(1);
  }

  @Test
  void aTrainingGoesOnAsLongAsItGetsFurther() throws Exception {
    one.submit("a");
    for (int death = 1; death < MAX_DEATHS; death++) {
      kept(one.claim("a"), death);
    }
    assertThat(one.count("SELECT attempts FROM trainings")).isEqualTo(1);
    JdbcTrainingClaim claim = one.claim("a");
    kept(claim, 0);
    claim.giveBack();
    assertThat(one.count("SELECT attempts + deaths FROM trainings")).isEqualTo(MAX_DEATHS - 1);
    StepByStep last = one.runs("a", StepByStep.succeeding());
    one.trainings.start();
    await(last);
    last.goOn.countDown();
    assertThat(ended(one.trainings, "a").state()).isEqualTo(JobState.SUCCEEDED);
    one.assertNothingIsLeftBut(1);
  }

  @Test
  void aTrainingDoesNotGoOnForever() throws Exception {
    one.submit("a");
    for (int death = 1; death <= MAX_DEATHS; death++) {
      kept(one.claim("a"), death);
    }
    one.trainings.start();

    TrainingJob.Snapshot last = ended(one.trainings, "a");
    assertThat(error(last).code()).isEqualTo("workers-died");
    assertThat(error(last).detail())
        .startsWith(MAX_DEATHS + " processes")
        .contains("backprop.training.max-deaths is " + MAX_DEATHS);
    one.assertNothingIsLeftBut(1);
  }

  @Test
  void threeDeathsWithoutANewerCheckpointEndWhatHasGotFurtherBefore() throws Exception {
    one.submit("a");
    kept(one.claim("a"), 1);
    kept(one.claim("a"), 2); // then it dies
    one.claim("a");
    one.claim("a");
    one.trainings.start();

    TrainingJob.Snapshot last = ended(one.trainings, "a");
    assertThat(error(last).code()).isEqualTo("workers-died");
    assertThat(error(last).detail())
        .startsWith("3 processes")
        .contains("without a newer checkpoint");
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
    one.submit("a");
    JdbcTrainingClaim first = one.claim("a");
    assertThat(first.stored().checkpoint()).isNull();
    String newest = Objects.requireNonNull(kept(first, 1));

    JdbcTrainingClaim second = one.claim("a");
    assertThat(second.stored().checkpoint())
        .isEqualTo(new JdbcTrainingClaim.StoredCheckpoint(newest, ENGINE));
    assertThat(kept(first, 2)).isNull();
    String two = Objects.requireNonNull(kept(second, 3));
    Databases.clean(one.blobs);
    assertThat(one.count("SELECT count(*) FROM blobs WHERE adopted = 1")).isEqualTo(1);

    JdbcTrainingClaim third = one.claim("a");
    assertThat(third.stored().checkpoint())
        .isEqualTo(new JdbcTrainingClaim.StoredCheckpoint(two, ENGINE));
    assertThat(one.blobs.read(two).readAllBytes()).containsExactly(3);
    third.end(Replica.end(Jobs.succeeded(), NOW));
    one.assertNothingIsLeftBut(1);
  }

  @Test
  void whatIsHandedOverDoesNotCountAsADeath() {
    one.submit("a");
    for (int handover = 1; handover <= 5; handover++) {
      JdbcTrainingClaim claim = one.claim("a");
      claim.giveBack();
      assertThat(state(one.trainings, "a")).isEqualTo(JobState.QUEUED);
      claim.giveBack();
    }

    assertThat(one.count("SELECT attempts FROM trainings")).isZero();
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
    one.submit("a");
    TrainingPlan plan = XorPlans.of(1_000, "a");
    List<Integer> epochs = new ArrayList<>();
    TrainingResult result;
    do {
      JdbcTrainingClaim won = one.claim("a");
      Checkpoint from = won.checkpoint(plan);
      epochs.add(from == null ? 0 : from.history().size());
      result = suspended(plan, won, from, 300);
    } while (result instanceof TrainingResult.Suspended);

    assertThat(epochs).containsExactly(0, 300, 600, 900);
    assertThat(XorPlans.parameters(result))
        .isEqualTo(XorPlans.parameters(XorPlans.undisturbed(plan)));
    one.claim("a").end(Replica.end(Jobs.succeeded(), NOW));
    one.assertNothingIsLeftBut(1);
  }

  @Test
  void goesOnFromACheckpointOfAnotherVersionOfTheServiceWithTheSameEngine() throws IOException {
    one.submit("a");
    TrainingPlan plan = XorPlans.of(100, "a");
    suspended(plan, one.claim("a"), null, 50);
    StoredBlobs newer =
        new StoredBlobs(
            one.blobs, Engine.here("2", KernelSelection.select("java")), Duration.ofMillis(5));

    assertThat(newer.read(one.claim("a").stored().checkpoint(), "a", plan)).isNotNull();
  }

  @Test
  void beginsAnewWhereTheCheckpointIsOfNoUse() throws IOException {
    one.submit("a");
    TrainingPlan plan = XorPlans.of(100, "a");
    suspended(plan, one.claim("a"), null, 50);
    JdbcTrainingClaim.StoredCheckpoint stored =
        Objects.requireNonNull(one.claim("a").stored().checkpoint());
    Engine newer = ENGINE.numbered(Checkpoint.ENGINE + 1);
    Engine here = ENGINE.numbered(Checkpoint.ENGINE);

    assertThat(one.checkpoints.read(stored, "a", plan)).isNotNull();
    assertThat(one.checkpoints.read(stored, "a", XorPlans.of(100, "b"))).isNull();
    assertThat(
            one.checkpoints.read(
                new JdbcTrainingClaim.StoredCheckpoint(stored.blob(), newer), "a", plan))
        .isNull();
    String torn = Objects.requireNonNull(kept(one.claim("a"), 1));
    assertThat(one.checkpoints.read(new JdbcTrainingClaim.StoredCheckpoint(torn, here), "a", plan))
        .isNull();
    Databases.clean(one.blobs);
    assertThat(one.checkpoints.read(stored, "a", plan)).isNull();
  }
}
