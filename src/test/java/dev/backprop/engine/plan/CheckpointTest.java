package dev.backprop.engine.plan;

import static dev.backprop.engine.plan.CheckpointedRun.bytes;
import static dev.backprop.engine.plan.CheckpointedRun.reread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.SteppedClock;
import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.plan.CheckpointCases.Case;
import dev.backprop.engine.spec.CrossValidationSpec;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.Signal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A training that goes on from a checkpoint comes to what it would have come to, bit for bit.
class CheckpointTest {

  static Stream<Case> miniBatches() {
    return CheckpointCases.miniBatches();
  }

  static Stream<Case> fullBatches() {
    return CheckpointCases.fullBatches();
  }

  /// Those of every step but the first, within epochs and between them. They are written when the
  /// training has ended: they are copies.
  @ParameterizedTest
  @MethodSource("miniBatches")
  void everyCheckpointLeadsToTheSameEnd(Case training) {
    CheckpointedRun undisturbed = CheckpointedRun.of(training.plan()).undisturbed();
    CheckpointedRun saving = CheckpointedRun.of(training.plan()).saving();
    saving.assertCameToTheSameAs(undisturbed);
    assertThat(saving.saved).hasSize(undisturbed.asked() - 1);
    for (int step = 1; step < undisturbed.asked(); step++) {
      Checkpoint checkpoint = reread(saving.saved.get(step - 1), training.plan());
      CheckpointedRun resumed =
          CheckpointedRun.of(training.plan()).on(1 + step % 2).from(checkpoint).undisturbed();
      resumed.assertCameToTheSameAs(undisturbed);
      assertThat(resumed.asked()).as("no step is made again").isEqualTo(undisturbed.asked() - step);
    }
  }

  @ParameterizedTest
  @MethodSource("miniBatches")
  void mayBeSuspendedAgainAndAgain(Case training) {
    CheckpointedRun run = CheckpointedRun.of(training.plan()).on(2).suspended(0);
    int suspensions = 0;
    while (run.result instanceof TrainingResult.Suspended) {
      suspensions++;
      assertThat(run.saved).hasSize(1);
      TrainingPlan plan = training.plan();
      run =
          CheckpointedRun.of(plan)
              .on(1 + suspensions % 2)
              .from(reread(run.saved.getFirst(), plan))
              .suspended(2);
    }
    CheckpointedRun undisturbed = CheckpointedRun.of(training.plan()).undisturbed();
    run.assertCameToTheSameAs(undisturbed);
    assertThat(suspensions).isEqualTo((undisturbed.asked() + 1) / 2);
  }

  /// At every question, those within an evaluation of all rows among them.
  @ParameterizedTest
  @MethodSource("fullBatches")
  void aStepThatTakesLongIsBrokenOff(Case training) {
    CheckpointedRun undisturbed = CheckpointedRun.of(training.plan()).undisturbed();
    assertThat(undisturbed.asked()).isGreaterThan(3 * undisturbed.history().size());
    for (int after = 0; after < undisturbed.asked(); after++) {
      CheckpointedRun run = CheckpointedRun.of(training.plan()).on(1 + after % 2).suspended(after);
      assertThat(run.result).isInstanceOf(TrainingResult.Suspended.class);
      assertThat(run.saved).hasSize(1);
      CheckpointedRun.of(training.plan())
          .from(reread(run.saved.getFirst(), training.plan()))
          .undisturbed()
          .assertCameToTheSameAs(undisturbed);
    }
  }

  @ParameterizedTest
  @MethodSource("fullBatches")
  void everyEpochOfFullBatchesCanBeSaved(Case training) {
    CheckpointedRun undisturbed = CheckpointedRun.of(training.plan()).undisturbed();
    CheckpointedRun saving = CheckpointedRun.of(training.plan()).on(2).saving();
    saving.assertCameToTheSameAs(undisturbed);
    assertThat(saving.saved).hasSize(undisturbed.history().size() - 1);
    for (Checkpoint checkpoint : saving.saved) {
      CheckpointedRun.of(training.plan())
          .from(reread(checkpoint, training.plan()))
          .undisturbed()
          .assertCameToTheSameAs(undisturbed);
    }
  }

  @Test
  void theTrainingsDoWhatTheyAreNamedAfter() {
    TrainingResult.Trained stopped =
        CheckpointedRun.of(CheckpointCases.STOPPING_EARLY.plan()).undisturbed().trained();
    assertThat(stopped.learned().stoppedEarly()).isTrue();
    assertThat(stopped.learned().bestEpoch()).isLessThan(stopped.learned().epochs());
    CheckpointedRun plateau = CheckpointedRun.of(CheckpointCases.ON_A_PLATEAU.plan()).undisturbed();
    assertThat(plateau.history().getLast().learningRate())
        .isLessThan(plateau.history().getFirst().learningRate());
  }

  @Test
  void everyCheckpointIsFurtherThanTheOneBefore() {
    TrainingPlan plan = CheckpointCases.STOPPING_EARLY.plan();
    CheckpointedRun begun = CheckpointedRun.of(plan).suspended(3);
    Checkpoint from = begun.saved.getFirst();
    CheckpointedRun resumed = CheckpointedRun.of(plan).from(reread(from, plan)).saving();
    assertThat(resumed.saved).hasSizeGreaterThan(3);
    byte[] before = bytes(from);
    for (Checkpoint checkpoint : resumed.saved) {
      assertThat(bytes(checkpoint)).isNotEqualTo(before);
      before = bytes(checkpoint);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void foldsThatHaveEndedAreNotFittedAgain(int threads) {
    Case training = CheckpointCases.CROSS_VALIDATION;
    CheckpointedRun undisturbed = CheckpointedRun.of(training.plan()).undisturbed();
    CheckpointedRun saving = CheckpointedRun.of(training.plan()).on(threads).saving();
    saving.assertCameToTheSameAs(undisturbed);
    if (threads == 1) { // of two it is chance how far each is at a checkpoint
      assertThat(saving.saved).anySatisfy(checkpoint -> assertThat(checkpoint.folds()).isEmpty());
      assertThat(saving.saved).anySatisfy(checkpoint -> assertThat(checkpoint.folds()).hasSize(2));
      assertThat(saving.saved)
          .anySatisfy(checkpoint -> assertThat(checkpoint.history()).hasSize(1));
    }
    assertThat(undisturbed.trained().learned().crossValidation())
        .satisfies(folds -> assertThat(Objects.requireNonNull(folds).parts()).hasSize(2));
    checkResumed(training, threads, saving, undisturbed);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void theNetworksOfFoldsThatHaveEndedAreKept(int threads) {
    Case training = CheckpointCases.BAGGING;
    CheckpointedRun undisturbed = CheckpointedRun.of(training.plan()).undisturbed();
    CheckpointedRun saving = CheckpointedRun.of(training.plan()).on(threads).saving();
    saving.assertCameToTheSameAs(undisturbed);
    if (threads == 1) { // of two it is chance how far each is at a checkpoint
      assertThat(saving.saved).anySatisfy(checkpoint -> assertThat(checkpoint.folds()).hasSize(2));
    }
    assertThat(undisturbed.trained().predictor().members()).hasSize(3);
    checkResumed(training, threads, saving, undisturbed);
  }

  private static void checkResumed(
      Case training, int threads, CheckpointedRun saving, CheckpointedRun undisturbed) {
    for (Checkpoint checkpoint : saving.saved) {
      CheckpointedRun resumed =
          CheckpointedRun.of(training.plan())
              .on(3 - threads)
              .from(reread(checkpoint, training.plan()))
              .undisturbed();
      resumed.assertCameToTheSameAs(undisturbed);
      assertThat(resumed.asked()).isLessThanOrEqualTo(undisturbed.asked());
    }
  }

  static Stream<Case> partedFolds() {
    return CheckpointCases.partedFolds();
  }

  @ParameterizedTest
  @MethodSource("partedFolds")
  void foldsOfGroupsAndOfBlocksMayBeSuspendedAgainAndAgain(Case training) {
    CheckpointedRun undisturbed = CheckpointedRun.of(training.plan()).undisturbed();
    CheckpointedRun run = CheckpointedRun.of(training.plan()).on(2).suspended(0);
    int suspensions = 0;
    while (run.result instanceof TrainingResult.Suspended) {
      suspensions++;
      TrainingPlan plan = training.plan();
      run =
          CheckpointedRun.of(plan)
              .on(1 + suspensions % 2)
              .from(reread(run.saved.getFirst(), plan))
              .suspended(7);
    }
    run.assertCameToTheSameAs(undisturbed);
    assertThat(suspensions).isGreaterThan(3);
  }

  static Stream<Arguments> foldsOnThreads() {
    return CheckpointCases.folds()
        .flatMap(training -> Stream.of(1, 2, 4).map(threads -> Arguments.of(training, threads)));
  }

  @ParameterizedTest
  @MethodSource("foldsOnThreads")
  void foldsMayBeSuspendedAgainAndAgain(Case training, int threads) {
    CheckpointedRun undisturbed = CheckpointedRun.of(training.plan()).undisturbed();
    CheckpointedRun run = CheckpointedRun.of(training.plan()).on(threads).suspended(0);
    int suspensions = 0;
    while (run.result instanceof TrainingResult.Suspended) {
      suspensions++;
      assertThat(run.saved).hasSize(1);
      TrainingPlan plan = training.plan();
      run =
          CheckpointedRun.of(plan)
              .on(threads)
              .from(reread(run.saved.getFirst(), plan))
              .suspended(7);
    }
    run.assertCameToTheSameAs(undisturbed);
    // Every time at least a step more of what was under way.
    assertThat(suspensions).isBetween(undisturbed.asked() / 9, undisturbed.asked());
  }

  /// Long before they would have come to their own end.
  @Test
  void whatSavingThrowsEndsTheOtherFolds() {
    TrainingPlan plan =
        CheckpointCases.plan(
            CheckpointCases.training()
                .epochs(10_000)
                .validationFraction(null)
                .crossValidation(new CrossValidationSpec(2)));
    IllegalStateException full = new IllegalStateException("no room");
    List<CrossValidationResult.Fold> ended = Collections.synchronizedList(new ArrayList<>());
    Supervisor supervisor =
        new Supervisor() {

          @Override
          public Signal signal() {
            return Signal.SAVE;
          }

          @Override
          public void save(Checkpoint checkpoint) {
            throw full;
          }

          @Override
          public void onEpoch(EpochReport report) {}

          @Override
          public void onFold(CrossValidationResult.Fold fold) {
            ended.add(fold);
          }
        };
    try (Team team = new Team(2)) {
      assertThatThrownBy(
              () ->
                  plan.run(
                      new JavaKernels(),
                      team,
                      InstantSource.fixed(Instant.EPOCH),
                      supervisor,
                      null))
          .isSameAs(full);
    }
    assertThat(ended).isEmpty();
  }

  /// The time between a checkpoint and the resumption does not count.
  @Test
  void timeUsedIsKept() {
    CheckpointedRun undisturbed = timed(null, Signal.GO_ON, 0);
    assertThat(undisturbed.trained().learned().stoppedByTime()).isTrue();
    assertThat(undisturbed.trained().learned().epochs()).isEqualTo(4);
    CheckpointedRun saving = timed(null, Signal.SAVE, 0);
    saving.assertCameToTheSameAs(undisturbed);
    for (Checkpoint checkpoint : saving.saved) {
      timed(reread(checkpoint, budgeted()), Signal.GO_ON, 1_000_000)
          .assertCameToTheSameAs(undisturbed);
    }
  }

  private static TrainingPlan budgeted() {
    return CheckpointCases.plan(CheckpointCases.training().epochs(100).maxSeconds(35.0));
  }

  /// Ten seconds an epoch.
  private static CheckpointedRun timed(@Nullable Checkpoint from, Signal wish, long begin) {
    SteppedClock clock = new SteppedClock(Instant.ofEpochSecond(begin));
    return CheckpointedRun.of(budgeted())
        .from(from)
        .by(clock)
        .telling(_ -> clock.step(Duration.ofSeconds(10)))
        .run(_ -> wish);
  }

  /// Seconds of an epoch are those that it took, without those between.
  @Test
  void secondsOfAnEpochAddUp() {
    SteppedClock clock = new SteppedClock(Instant.EPOCH);
    CheckpointedRun first =
        CheckpointedRun.of(budgeted())
            .by(clock)
            .run(
                asked -> {
                  clock.step(Duration.ofSeconds(2));
                  return asked == 2 ? Signal.SUSPEND : Signal.GO_ON;
                });
    clock.step(Duration.ofSeconds(1_000));
    CheckpointedRun second =
        CheckpointedRun.of(budgeted())
            .from(first.saved.getFirst())
            .by(clock)
            .run(
                _ -> {
                  clock.step(Duration.ofSeconds(3));
                  return Signal.GO_ON;
                });
    // Three batches, the second of which is asked for twice.
    assertThat(second.history().getFirst().seconds()).isEqualTo(2 + 2 + 3 + 3);
    assertThat(second.history().get(1).seconds()).isEqualTo(3 + 3 + 3);
  }

  @Test
  void aCancelledTrainingSavesNothing() {
    TrainingPlan plan = CheckpointCases.plan(CheckpointCases.training());
    assertThat(
            plan.run(
                new JavaKernels(),
                Team.ALONE,
                InstantSource.fixed(Instant.EPOCH),
                new Supervisor() {

                  @Override
                  public void onEpoch(EpochReport report) {}

                  @Override
                  public Signal signal() {
                    return Signal.CANCEL;
                  }

                  @Override
                  public void save(Checkpoint checkpoint) {
                    throw new AssertionError("saved");
                  }
                },
                null))
        .isEqualTo(new TrainingResult.Cancelled(1));
  }
}
