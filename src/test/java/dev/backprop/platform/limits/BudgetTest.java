package dev.backprop.platform.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BudgetTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  private final Budget budget =
      new Budget(
          "test", 100, shortage -> new ProblemException(ProblemCode.BUSY, shortage.toString()));

  @Test
  void countsWhatAllClaimsHoldTogether() {
    try (Budget.Claim a = budget.claim();
        Budget.Claim b = budget.claim()) {
      a.grow(60);
      b.grow(40);
      assertThat(budget.held()).isEqualTo(100);
      a.grow(-50);
      assertThat(budget.held()).isEqualTo(50);
      b.holds(90);
      b.holds(15);
      assertThat(budget.held()).isEqualTo(25);
      assertThat(b.bytes()).isEqualTo(15);
    }
    assertThat(budget.held()).isZero();
    assertThat(budget.limit()).isEqualTo(100);
    assertThat(budget.refused()).isZero();
  }

  @Test
  void whatIsNotNeededIsTakenIfItFits() {
    Budget.Claim spare = budget.claim();
    try (Budget.Claim other = budget.claim()) {
      other.grow(60);
      assertThat(spare.tryGrow(41)).isFalse();
      assertThat(spare.tryGrow(40)).isTrue();
      assertThat(budget.held()).isEqualTo(100);
    }
    spare.close();
    assertThat(spare.tryGrow(1)).isFalse();
    assertThat(budget.held()).isZero();
    assertThat(budget.refused()).isZero();
  }

  @Test
  void refusesWhatDoesNotFitAndHoldsNoneOfIt() {
    try (Budget.Claim a = budget.claim();
        Budget.Claim b = budget.claim()) {
      a.grow(60);
      b.grow(10);
      assertThatThrownBy(() -> b.grow(31))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("limit=100, held=70, more=31, total=41");
      assertThatThrownBy(() -> b.holds(101))
          .hasMessageContaining("limit=100, held=70, more=91, total=101");
      assertThatThrownBy(() -> budget.requireFits(101))
          .hasMessageContaining("limit=100, held=70, more=101, total=101");
      budget.requireFits(100);
      assertThat(budget.held()).isEqualTo(70);
      assertThat(budget.refused()).isEqualTo(3);
      b.grow(30);
    }
    assertThat(budget.held()).isZero();
  }

  @Test
  void othersAreRefusedForWhatIsHeldBeyondTheLimit() {
    try (Budget.Claim a = budget.claim();
        Budget.Claim b = budget.claim()) {
      a.hold(120);
      assertThat(budget.held()).isEqualTo(120);
      assertThatThrownBy(() -> b.grow(1)).hasMessageContaining("held=120, more=1, total=1");
    }
    assertThat(budget.held()).isZero();
  }

  @Test
  void letsGoOnceHoweverOftenAClaimIsClosed() {
    Budget.Claim a = budget.claim();
    Budget.Claim b = budget.claim();
    a.grow(10);
    b.grow(20);

    a.close();
    a.close();
    assertThat(budget.held()).isEqualTo(20);

    Budget.Claim taken = b.handOver();
    b.close();
    assertThat(budget.held()).isEqualTo(20);
    taken.close();
    assertThat(budget.held()).isZero();
  }

  /// One that would fit does not pass another that waits.
  @Test
  void thoseWhoWaitAreServedInTheOrderInWhichTheyCame() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    budget.makesRoom(
        _ -> {
          asked.countDown();
          return false;
        });
    Budget.Claim first = budget.claim();
    first.grow(100);
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Budget.Claim large = budget.claim();
      Future<Boolean> second = pool.submit(() -> large.await(80, LONG));
      asked.await();
      assertThat(budget.waiting()).isEqualTo(1);
      first.grow(-50);
      Budget.Claim small = budget.claim();
      assertThat(small.await(30, Duration.ZERO)).isFalse();
      assertThat(second.isDone()).isFalse();

      Future<Boolean> third = pool.submit(() -> small.await(30, LONG));
      first.close();
      assertThat(second.get()).isTrue();
      assertThat(third.isDone()).isFalse();
      large.close();
      assertThat(third.get()).isTrue();
      assertThat(budget.held()).isEqualTo(30);
      assertThat(budget.waiting()).isZero();
      assertThat(budget.refused()).isEqualTo(1);
    }
  }

  @Test
  void patienceEnds() throws Exception {
    Budget.Claim first = budget.claim();
    first.grow(100);

    Budget.Claim second = budget.claim();
    assertThat(second.await(1, Duration.ZERO)).isFalse();
    assertThat(second.bytes()).isZero();
    assertThat(budget.refused()).isEqualTo(1);
    first.close();
    assertThat(second.await(1, Duration.ZERO)).isTrue();
    assertThat(budget.held()).isEqualTo(1);
  }

  @Test
  void nothingIsLostWhenManyClaimAtOnce() throws Exception {
    AtomicLong served = new AtomicLong();
    List<Future<?>> claims = new ArrayList<>();
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        int bytes = 1 + i * 2;
        claims.add(
            pool.submit(
                () -> {
                  for (int round = 0; round < 200; round++) {
                    try (Budget.Claim claim = budget.claim()) {
                      if (claim.await(bytes, LONG)) {
                        served.incrementAndGet();
                      }
                      assertThat(budget.held()).isLessThanOrEqualTo(100);
                    }
                  }
                  return true;
                }));
      }
      for (Future<?> claim : claims) {
        claim.get();
      }
    }
    assertThat(served).hasValue(10_000);
    assertThat(budget.held()).isZero();
  }
}
