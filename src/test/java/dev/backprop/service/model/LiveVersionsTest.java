package dev.backprop.service.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.artifact.ModelFixtures;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LiveVersionsTest {

  private static final ModelDraft DRAFT = ModelFixtures.bare();

  private final LiveVersions live = new LiveVersions(1_000);
  private final AtomicInteger loads = new AtomicInteger();

  private static VersionHead head(int version, long bytes) {
    return VersionHead.of("m", version, ModelFixtures.START, bytes, DRAFT);
  }

  private Optional<ModelVersion> load(VersionHead head) {
    loads.incrementAndGet();
    return Optional.of(new ModelVersion(head, DRAFT));
  }

  private static void assertProblem(Throwable fault, ProblemCode code) {
    assertThat(fault)
        .isInstanceOfSatisfying(
            ProblemException.class, problem -> assertThat(problem.code()).isEqualTo(code));
  }

  @Test
  void loadsOnceForAllWhoWait() throws Exception {
    VersionHead head = head(1, 100);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Future<Optional<ModelVersion>>> answers = new ArrayList<>();
      answers.add(
          pool.submit(
              () ->
                  live.get(
                      head,
                      asked -> {
                        begun.countDown();
                        await(goOn);
                        return load(asked);
                      })));
      begun.await();
      for (int i = 0; i < 3; i++) {
        answers.add(pool.submit(() -> live.get(head, this::load)));
      }
      goOn.countDown();

      ModelVersion first = answers.getFirst().get().orElseThrow();
      for (Future<Optional<ModelVersion>> answer : answers) {
        assertThat(answer.get()).containsSame(first);
      }
    }
    assertThat(loads).hasValue(1);
    assertThat(live.bytes()).isEqualTo(100);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theLeastRecentlyUsedMakeRoom() {
    live.get(head(1, 400), this::load);
    live.get(head(2, 400), this::load);
    live.get(head(1, 400), this::load);
    live.get(head(3, 400), this::load);

    assertThat(live.contains(head(1, 400))).isTrue();
    assertThat(live.contains(head(2, 400))).isFalse();
    assertThat(live.bytes()).isEqualTo(800);
    assertThat(loads).hasValue(3);
    live.get(head(4, 1_000), this::load);
    assertThat(live.bytes()).isEqualTo(1_000);
  }

  @Test
  void aLoadThatFailedIsTriedAgain() {
    VersionHead head = head(1, 100);

    assertThatThrownBy(
            () ->
                live.get(
                    head,
                    _ -> {
                      throw new IllegalStateException("broken");
                    }))
        .hasMessage("broken");
    assertThat(live.bytes()).isZero();
    assertThat(live.get(head, _ -> Optional.empty())).isEmpty();
    assertThat(live.bytes()).isZero();
    assertThat(live.get(head, this::load)).isPresent();
  }

  /// Others make room the moment a load has failed.
  @Test
  void givesTheBytesOfAFailedLoadBackOnce() throws Exception {
    int rounds = 20_000;
    try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
      Future<?> failing =
          pool.submit(
              () -> {
                for (int i = 0; i < rounds; i++) {
                  try {
                    live.get(head(1, 600), _ -> Optional.empty());
                  } catch (ProblemException e) {
                    // While the other is being put there is no room for both.
                    assertProblem(e, ProblemCode.BUSY);
                  }
                }
              });
      Future<?> making =
          pool.submit(
              () -> {
                for (int i = 0; i < rounds; i++) {
                  live.put(new ModelVersion(head(2, 600), DRAFT));
                  live.remove(head(2, 600));
                }
              });
      failing.get();
      making.get();
    }
    assertThat(live.bytes()).isZero();
  }

  @Test
  void readsTwoAtOnceAtMost() throws Exception {
    AtomicInteger running = new AtomicInteger();
    CyclicBarrier both = new CyclicBarrier(2);
    List<Future<Integer>> most = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8; i++) {
        most.add(
            pool.submit(
                () ->
                    live.inTurn(
                        () -> {
                          int now = running.incrementAndGet();
                          try {
                            both.await(20, TimeUnit.SECONDS);
                          } catch (Exception e) {
                            throw new IllegalStateException(e);
                          }
                          running.decrementAndGet();
                          return now;
                        })));
      }
      for (Future<Integer> now : most) {
        assertThat(now.get()).isBetween(1, 2);
      }
    }
  }

  @Test
  void refusesWhatNeedsMoreThanThereIs() {
    assertThatThrownBy(() -> live.get(head(1, 1_001), this::load))
        .satisfies(fault -> assertProblem(fault, ProblemCode.REPOSITORY_FULL))
        .hasMessageContaining("1,001")
        .hasMessageContaining("1,000");
    assertThat(loads).hasValue(0);
    assertThat(live.bytes()).isZero();
  }

  @Test
  void whatIsOnItsWayMakesNoRoom() {
    assertThat(
            live.get(
                head(1, 600),
                first -> {
                  assertThatThrownBy(() -> live.get(head(2, 600), this::load))
                      .satisfies(fault -> assertProblem(fault, ProblemCode.BUSY));
                  return load(first);
                }))
        .isPresent();
    assertThat(live.bytes()).isEqualTo(600);
    assertThat(live.get(head(2, 600), this::load)).isPresent();
  }

  @Test
  void takesInWhatHasBeenMadeAndLetsGoOfIt() {
    ModelVersion made = new ModelVersion(head(1, 600), DRAFT);
    live.put(made);
    assertThat(live.get(made.head(), this::load)).containsSame(made);
    live.put(new ModelVersion(head(2, 2_000), DRAFT));
    assertThat(live.contains(head(2, 2_000))).isFalse();

    live.remove(made.head());
    live.remove(made.head());

    assertThat(live.bytes()).isZero();
    assertThat(loads).hasValue(0);
  }
}
