package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.plan.Checkpoint;
import dev.backprop.engine.plan.Checkpoints;
import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.plan.TrainingResult;
import dev.backprop.engine.training.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class CheckpointKeeperTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Duration ALWAYS = Duration.ofNanos(1);

  private final TrainingPlan plan = XorPlans.of(100, "a");
  private final Checkpoint checkpoint = checkpoint();
  private final List<Checkpoint> kept = Collections.synchronizedList(new ArrayList<>());

  private Checkpoint checkpoint() {
    List<Checkpoint> only = new ArrayList<>();
    try (CheckpointKeeper keeper =
        new CheckpointKeeper("a", NEVER, (checkpoint, _) -> only.add(checkpoint))) {
      XorPlans.run(plan, null, keeper, 50);
    }
    return only.getFirst();
  }

  private static void await(CheckpointKeeper keeper, Signal wish) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (keeper.signal() != wish) {
      assertThat(System.nanoTime()).as("still wishes to " + keeper.signal()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void wishesForNothingBeforeTheInterval() {
    try (CheckpointKeeper keeper =
        new CheckpointKeeper("a", NEVER, (checkpoint, _) -> kept.add(checkpoint))) {
      assertThat(XorPlans.run(plan, null, keeper)).isInstanceOf(TrainingResult.Trained.class);
    }
    assertThat(kept).isEmpty();
  }

  @Test
  void wishesForTheNextWhenOneIsWritten() {
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (CheckpointKeeper keeper =
        new CheckpointKeeper(
            "a",
            ALWAYS,
            (checkpoint, _) -> {
              writing.countDown();
              await(goOn);
              kept.add(checkpoint);
            })) {
      await(keeper, Signal.SAVE);
      keeper.save(checkpoint);
      await(writing);
      keeper.suspend();
      assertThat(keeper.signal()).isEqualTo(Signal.GO_ON);
      assertThat(kept).isEmpty();
      goOn.countDown();
      await(keeper, Signal.SUSPEND);
      keeper.save(checkpoint);
      assertThat(keeper.signal()).isEqualTo(Signal.SUSPEND);
    }
    assertThat(kept).containsExactly(checkpoint, checkpoint);
  }

  @Test
  void writesTheLastOneBeforeItIsClosed() {
    TrainingResult result;
    try (CheckpointKeeper keeper =
        new CheckpointKeeper("a", NEVER, (checkpoint, _) -> kept.add(checkpoint))) {
      result = XorPlans.run(plan, null, keeper, 20);
    }
    assertThat(result).isInstanceOf(TrainingResult.Suspended.class);
    assertThat(kept).hasSize(1);
    assertThat(kept.getFirst().history()).hasSize(20);
    assertThat(XorPlans.parameters(XorPlans.run(plan, kept.getFirst(), Checkpoints.NONE)))
        .isEqualTo(XorPlans.parameters(XorPlans.undisturbed(plan)));
  }

  @Test
  void wishesAgainAfterAFault() {
    AtomicBoolean fails = new AtomicBoolean(true);
    try (CheckpointKeeper keeper =
        new CheckpointKeeper(
            "a",
            ALWAYS,
            (checkpoint, _) -> {
              if (fails.getAndSet(false)) {
                throw new IOException("planted");
              }
              kept.add(checkpoint);
            })) {
      await(keeper, Signal.SAVE);
      keeper.save(checkpoint);
      await(keeper, Signal.SAVE);
      keeper.suspend();
      await(keeper, Signal.SUSPEND);
      keeper.save(checkpoint);
    }
    assertThat(kept).hasSize(1);
  }

  @Test
  void needsNoneAnyMoreWhenTheTrainingHasEnded() {
    CountDownLatch writing = new CountDownLatch(1);
    AtomicBoolean gaveUp = new AtomicBoolean();
    try (CheckpointKeeper keeper =
        new CheckpointKeeper(
            "a",
            ALWAYS,
            (_, isNeeded) -> {
              writing.countDown();
              while (isNeeded.getAsBoolean()) {
                Thread.onSpinWait();
              }
              gaveUp.set(true);
            })) {
      await(keeper, Signal.SAVE);
      keeper.save(checkpoint);
      await(writing);
    }
    assertThat(gaveUp).isTrue();
  }
}
