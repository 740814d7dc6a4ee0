package dev.backprop.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.plan.Checkpoint;
import dev.backprop.engine.plan.Checkpoints;
import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.plan.TrainingResult;
import dev.backprop.engine.training.Signal;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CheckpointKeeperTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Duration ALWAYS = Duration.ofNanos(1);

  private final TrainingPlan plan = XorPlans.of(100, "a");
  private final Checkpoint checkpoint = checkpoint();
  private final List<Checkpoint> handed = new ArrayList<>();
  private final List<Checkpoint> kept = Collections.synchronizedList(new ArrayList<>());

  private Checkpoint checkpoint() {
    List<Checkpoint> only = new ArrayList<>();
    try (CheckpointKeeper keeper =
        new CheckpointKeeper("a", NEVER, (checkpoint, _) -> only.add(checkpoint))) {
      XorPlans.run(plan, null, keeper, 50);
    }
    return only.getFirst();
  }

  /// Trains as long as its keeper does not suspend it.
  ///
  /// @param then done whenever a checkpoint has been handed over
  private void endless(CheckpointKeeper keeper, Runnable then) {
    Checkpoints checkpoints =
        new Checkpoints() {

          @Override
          public Signal signal() {
            return keeper.signal();
          }

          @Override
          public void save(Checkpoint checkpoint) {
            keeper.save(checkpoint);
            handed.add(checkpoint);
            then.run();
          }
        };
    TrainingResult result;
    do {
      result = XorPlans.run(plan, null, checkpoints);
    } while (result instanceof TrainingResult.Trained);
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
      endless(
          keeper,
          () -> {
            if (handed.size() == 1) {
              await(writing);
              keeper.suspend();
              assertThat(keeper.signal()).isEqualTo(Signal.GO_ON);
              assertThat(kept).isEmpty();
              goOn.countDown();
            }
          });
      assertThat(keeper.signal()).isEqualTo(Signal.SUSPEND);
    }
    assertThat(kept).hasSize(2).isEqualTo(handed);
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
      endless(
          keeper,
          () -> {
            if (handed.size() == 2) {
              keeper.suspend();
            }
          });
    }
    assertThat(handed).hasSize(3);
    assertThat(kept).containsExactly(handed.get(1), handed.get(2));
  }

  @Test
  void needsNoneAnyMoreWhenTheTrainingHasEnded() {
    CountDownLatch writing = new CountDownLatch(1);
    AtomicBoolean gaveUp = new AtomicBoolean();
    try (CheckpointKeeper keeper =
        new CheckpointKeeper(
            "a",
            NEVER,
            (checkpoint, isNeeded) -> {
              writing.countDown();
              while (isNeeded.getAsBoolean()) {
                checkpoint.write(OutputStream.nullOutputStream());
              }
              gaveUp.set(true);
            })) {
      keeper.save(checkpoint);
      await(writing);
    }
    assertThat(gaveUp).isTrue();
  }
}
