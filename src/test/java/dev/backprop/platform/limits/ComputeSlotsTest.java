package dev.backprop.platform.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import jakarta.servlet.ServletRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class ComputeSlotsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void letsNoMoreComputeAtOnceThanItHasPermits() throws InterruptedException {
    ComputeSlots slots = new ComputeSlots(2, 100);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch twoInside = new CountDownLatch(2);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (ComputeSlots.Slot _ = slots.acquire(request())) {
                      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                      twoInside.countDown();
                      await(twoInside);
                      inside.decrementAndGet();
                    }
                  }));
    }
    for (Thread thread : threads) {
      assertThat(thread.join(PATIENCE)).isTrue();
    }

    assertThat(most.get()).isEqualTo(2);
    assertThat(slots.available()).isEqualTo(2);
    assertThat(slots.waiting()).isEqualTo(0);
  }

  @Test
  void takesOnePermitForARequestHoweverOftenItAsks() {
    ComputeSlots slots = new ComputeSlots(1, 0);
    ServletRequest request = request();

    try (ComputeSlots.Slot _ = slots.acquire(request)) {
      try (ComputeSlots.Slot _ = slots.acquire(request)) {
        assertThat(slots.available()).isEqualTo(0);
      }
      assertThat(slots.available()).isEqualTo(0);
    }
    assertThat(slots.available()).isEqualTo(1);
  }

  /// Of two who come while the permit is taken, one waits and the other is refused.
  @Test
  void refusesWhoFindsTooManyWaiting() throws InterruptedException {
    ComputeSlots slots = new ComputeSlots(1, 1);
    BlockingQueue<ProblemException> refused = new LinkedBlockingQueue<>();
    List<Thread> threads = new ArrayList<>();
    try (ComputeSlots.Slot _ = slots.acquire(request())) {
      for (int i = 0; i < 2; i++) {
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      try (ComputeSlots.Slot _ = slots.acquire(request())) {
                        assertThat(slots.available()).isEqualTo(0);
                      } catch (ProblemException e) {
                        refused.add(e);
                      }
                    }));
      }

      ProblemException problem = refused.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(problem).isNotNull();
      assertThat(problem.code()).isEqualTo(ProblemCode.BUSY);
      assertThat(problem.retryAfter()).isPositive();
      assertThat(slots.waiting()).isEqualTo(1);
    }
    for (Thread thread : threads) {
      assertThat(thread.join(PATIENCE)).isTrue();
    }
    assertThat(refused).isEmpty();
    assertThat(slots.available()).isEqualTo(1);
    assertThat(slots.waiting()).isEqualTo(0);
  }

  @Test
  void lendsThePermitOutDuringAPause() {
    ComputeSlots slots = new ComputeSlots(1, 0);
    try (ComputeSlots.Slot slot = slots.acquire(request())) {
      slot.pause();
      try (ComputeSlots.Slot _ = slots.acquire(request())) {
        assertThat(slots.available()).isEqualTo(0);
      }
      slot.resume();
      assertThat(slots.available()).isEqualTo(0);
    }
    assertThat(slots.available()).isEqualTo(1);
  }

  @Test
  void pausesNothingWhereNoPermitIsHeld() {
    ComputeSlots slots = new ComputeSlots(1, 0);
    ComputeSlots.Slot slot = slots.of(request());

    slot.pause();
    assertThat(slots.available()).isEqualTo(1);
    slot.resume();
    slot.close();
    assertThat(slots.available()).isEqualTo(1);
  }

  private static ServletRequest request() {
    return new MockHttpServletRequest();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
