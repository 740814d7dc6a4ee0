package dev.backprop.platform.limits;

import static dev.backprop.platform.problem.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.time.Duration;
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
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class CacheTest {

  private static final Cache.Terms TERMS =
      new Cache.Terms(2, Duration.ofSeconds(30), "still being loaded", Duration.ofSeconds(5));

  private final Budget budget = budget(1_000);
  private final Cache<String, Object> cache = new Cache<>(budget, TERMS);
  private final AtomicInteger loads = new AtomicInteger();

  private static Budget budget(long limit) {
    return new Budget(
        "test",
        limit,
        shortage -> new ProblemException(ProblemCode.REPOSITORY_FULL, shortage.toString()));
  }

  private Optional<Object> load() {
    loads.incrementAndGet();
    return Optional.of(new Object());
  }

  private Budget.Claim claim(long bytes) {
    Budget.Claim claim = budget.claim();
    claim.grow(bytes);
    return claim;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void loadsOnceForAllWhoWait() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Supplier<Optional<Object>> slowly =
        () -> {
          begun.countDown();
          await(goOn);
          return load();
        };
    try (ExecutorService pool = Executors.newFixedThreadPool(5)) {
      List<Future<Optional<Object>>> answers = new ArrayList<>();
      answers.add(pool.submit(() -> cache.get("a", 100, slowly)));
      begun.await();
      assertThat(cache.peek("a")).isEmpty();
      for (int i = 0; i < 3; i++) {
        answers.add(pool.submit(() -> cache.get("a", 100, this::load)));
      }
      Future<Object> pinned =
          pool.submit(() -> cache.pin("a", 100, this::load).orElseThrow().value());
      goOn.countDown();

      Object first = answers.getFirst().get().orElseThrow();
      for (Future<Optional<Object>> answer : answers) {
        assertThat(answer.get()).containsSame(first);
      }
      assertThat(pinned.get()).isSameAs(first);
      assertThat(cache.peek("a")).containsSame(first);
    }
    assertThat(loads).hasValue(1);
    assertThat(budget.held()).isEqualTo(100);
  }

  @Test
  void theLeastRecentlyUsedMakeRoom() {
    cache.get("a", 400, this::load);
    cache.get("b", 400, this::load);
    cache.get("a", 400, this::load);
    cache.get("c", 400, this::load);

    assertThat(cache.peek("a")).isPresent();
    assertThat(cache.peek("b")).isEmpty();
    assertThat(budget.held()).isEqualTo(800);
    assertThat(loads).hasValue(3);
    cache.get("d", 1_000, this::load);
    assertThat(budget.held()).isEqualTo(1_000);
  }

  @Test
  void nothingIsLoadedThatNeedsMoreThanThereIs() {
    cache.get("a", 400, this::load);

    assertThatThrownBy(() -> cache.get("b", 1_001, this::load))
        .hasMessageContaining("limit=1000, held=400, more=1001");
    assertThat(cache.peek("a")).isPresent();
    assertThat(cache.peek("b")).isEmpty();
    assertThat(loads).hasValue(1);
    assertThat(budget.held()).isEqualTo(400);
  }

  @Test
  void makesRoomForOtherClaimsOnTheBudget() {
    cache.get("a", 400, this::load);
    cache.get("b", 400, this::load);

    Budget.Claim reading = claim(500);

    assertThat(cache.peek("a")).isEmpty();
    assertThat(cache.peek("b")).isPresent();
    assertThatThrownBy(() -> reading.holds(1_001)).hasMessageContaining("total=1001");
    assertThat(cache.peek("b")).isPresent();
    reading.holds(1_000);
    assertThat(cache.peek("b")).isEmpty();
  }

  @Test
  void whatIsPinnedStays() {
    Cache<String, Object>.Pin first = cache.pin("a", 600, this::load).orElseThrow();
    Cache<String, Object>.Pin second = cache.pin("a", 600, this::load).orElseThrow();
    cache.get("b", 300, this::load);
    assertThat(second.value()).isSameAs(first.value());

    assertThatThrownBy(() -> cache.get("c", 500, this::load))
        .hasMessageContaining("limit=1000, held=900, more=500, total=500");
    assertThat(cache.peek("b")).isPresent();
    first.close();
    first.close();
    cache.remove("a");
    assertThatThrownBy(() -> cache.get("c", 800, this::load)).isInstanceOf(ProblemException.class);

    second.close();
    cache.get("c", 800, this::load);
    assertThat(cache.peek("a")).isEmpty();
    assertThat(budget.held()).isEqualTo(800);
  }

  @Test
  void takesOverTheBytesOfWhatHasBeenMade() {
    Budget.Claim claim = claim(600);
    Object made = new Object();
    cache.put("a", claim, made).close();
    claim.close();

    assertThat(budget.held()).isEqualTo(600);
    assertThat(cache.get("a", 600, this::load)).containsSame(made);
    cache.remove("a");
    cache.remove("a");
    assertThat(budget.held()).isZero();
    assertThat(loads).hasValue(0);
  }

  @Test
  void whatIsThereIsNotReplaced() {
    Object loaded = cache.get("a", 300, this::load).orElseThrow();

    assertThat(cache.put("a", claim(300), new Object()).value()).isSameAs(loaded);

    assertThat(budget.held()).isEqualTo(300);
    assertThat(cache.get("a", 300, this::load)).containsSame(loaded);
  }

  @Test
  void aLoadThatFailedIsTriedAgain() {
    assertThatThrownBy(
            () ->
                cache.pin(
                    "a",
                    100,
                    () -> {
                      throw new IllegalStateException("broken");
                    }))
        .hasMessage("broken");
    assertThat(budget.held()).isZero();
    assertThat(cache.get("a", 100, Optional::empty)).isEmpty();
    assertThat(cache.pin("a", 100, Optional::empty)).isEmpty();
    assertThat(budget.held()).isZero();
    assertThat(cache.get("a", 100, this::load)).isPresent();
    cache.remove("a");
    assertThat(budget.held()).isZero();
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
                  // While the other is being put there is no room for both.
                  ignoringRefusal(() -> cache.get("a", 600, Optional::empty));
                }
              });
      Future<?> making =
          pool.submit(
              () -> {
                for (int i = 0; i < rounds; i++) {
                  ignoringRefusal(() -> cache.put("b", claim(600), new Object()).close());
                  cache.remove("b");
                }
              });
      failing.get();
      making.get();
    }
    assertThat(budget.held()).isZero();
  }

  private static void ignoringRefusal(Runnable work) {
    try {
      work.run();
    } catch (ProblemException e) {
      assertThat(e.code()).isEqualTo(ProblemCode.REPOSITORY_FULL);
    }
  }

  @Test
  void whatIsOnItsWayMakesNoRoom() {
    cache.get(
        "a",
        600,
        () -> {
          assertThatThrownBy(() -> cache.get("b", 600, this::load))
              .isInstanceOf(ProblemException.class);
          return load();
        });
    assertThat(budget.held()).isEqualTo(600);
    assertThat(cache.get("b", 600, this::load)).isPresent();
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
                    cache.inTurn(
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
  void patienceEnds() throws Exception {
    Cache<String, Object> impatient =
        new Cache<>(
            budget(1_000), new Cache.Terms(1, Duration.ZERO, "still", Duration.ofSeconds(5)));
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (ExecutorService pool = Executors.newFixedThreadPool(1)) {
      Future<Optional<Object>> first =
          pool.submit(
              () ->
                  impatient.get(
                      "a",
                      600,
                      () -> {
                        begun.countDown();
                        await(goOn);
                        return load();
                      }));
      begun.await();
      for (String key : List.of("a", "b")) {
        ProblemException problem =
            assertProblem(ProblemCode.BUSY, () -> impatient.pin(key, 100, this::load));
        assertThat(problem.detail()).isEqualTo("still");
        assertThat(problem.retryAfter()).isEqualTo(Duration.ofSeconds(5));
      }
      goOn.countDown();
      assertThat(first.get()).isPresent();
    }
    assertThat(impatient.pin("a", 600, this::load)).isPresent();
    assertThat(loads).hasValue(1);
  }
}
