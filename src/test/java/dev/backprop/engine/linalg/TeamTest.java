package dev.backprop.engine.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TeamTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void doesEveryPieceOnceInEveryOneOfManyComputations(int threads) {
    try (Team team = new Team(threads)) {
      for (int computation = 0; computation < 20_000; computation++) {
        int pieces = computation % 7;
        AtomicIntegerArray done = new AtomicIntegerArray(7);
        team.run(pieces, done::incrementAndGet);
        for (int i = 0; i < 7; i++) {
          if (done.get(i) != (i < pieces ? 1 : 0)) {
            assertThat(done.get(i)).as("piece %d of %d", i, pieces).isEqualTo(i < pieces ? 1 : 0);
          }
        }
      }
    }
  }

  @Test
  void everyThreadTakesPart() throws InterruptedException {
    try (Team team = new Team(3)) {
      CountDownLatch met = new CountDownLatch(3);
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      team.run(
          3,
          _ -> {
            threads.add(Thread.currentThread());
            met.countDown();
            await(met);
          });
      assertThat(threads).hasSize(3).contains(Thread.currentThread());
    }
  }

  @Test
  void threadsKeepTheirRangesAndHelpWhereOneIsLate() {
    try (Team team = new Team(2)) {
      AtomicReferenceArray<Thread> by = new AtomicReferenceArray<>(6);
      CountDownLatch rest = new CountDownLatch(4);
      CountDownLatch helping = new CountDownLatch(1);
      team.run(
          6,
          piece -> {
            by.set(piece, Thread.currentThread());
            if (piece == 3) {
              helping.countDown();
              await(rest);
            } else if (piece != 0) {
              rest.countDown();
            } else {
              // Until the helper has begun with its range.
              await(helping);
            }
          });
      for (int piece = 0; piece < 6; piece++) {
        assertThat(by.get(piece) == Thread.currentThread())
            .as("piece %d", piece)
            .isEqualTo(piece != 3);
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whoeverFindsTheTeamAtWorkIsAlone() {
    try (Team team = new Team(2)) {
      List<Thread> inner = new ArrayList<>();
      Thread[] outer = new Thread[2];
      team.run(
          2,
          piece -> {
            outer[piece] = Thread.currentThread();
            if (piece == 0) {
              team.run(5, _ -> inner.add(Thread.currentThread()));
            }
          });
      assertThat(inner).hasSize(5).containsOnly(outer[0]);
    }
  }

  @Test
  void isIdleWhereHelpersWouldShareWhatBegins() {
    assertThat(Team.ALONE.isIdle()).isFalse();
    try (Team team = new Team(2)) {
      assertThat(team.isIdle()).isTrue();
      AtomicIntegerArray idle = new AtomicIntegerArray(2);
      team.run(2, piece -> idle.set(piece, team.isIdle() ? 1 : 0));
      assertThat(idle.get(0) + idle.get(1)).isZero();
      assertThat(team.isIdle()).isTrue();
    }
  }

  @Test
  void manyCallersShareATeam() throws InterruptedException {
    try (Team team = new Team(3)) {
      AtomicIntegerArray done = new AtomicIntegerArray(4);
      List<Thread> callers = new ArrayList<>();
      for (int c = 0; c < 4; c++) {
        int caller = c;
        callers.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int i = 0; i < 5_000; i++) {
                        team.run(3, _ -> done.incrementAndGet(caller));
                      }
                    }));
      }
      for (Thread caller : callers) {
        caller.join();
      }
      for (int c = 0; c < 4; c++) {
        assertThat(done.get(c)).isEqualTo(15_000);
      }
    }
  }

  @Test
  void aPieceThatFailsFailsTheComputationAndNotTheTeam() {
    try (Team team = new Team(2)) {
      assertThatThrownBy(
              () ->
                  team.run(
                      4,
                      piece -> {
                        if (piece == 2) {
                          throw new IllegalArgumentException("piece 2");
                        }
                      }))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("piece 2");
      AtomicIntegerArray done = new AtomicIntegerArray(4);
      team.run(4, done::incrementAndGet);
      for (int i = 0; i < 4; i++) {
        assertThat(done.get(i)).isEqualTo(1);
      }
    }
  }

  @Test
  void aFailureIsItsOwnCallers() throws InterruptedException {
    try (Team team = new Team(2)) {
      AtomicIntegerArray wrong = new AtomicIntegerArray(4);
      List<Thread> callers = new ArrayList<>();
      for (int c = 0; c < 4; c++) {
        int caller = c;
        IllegalStateException own = c % 2 == 0 ? new IllegalStateException("own") : null;
        callers.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int i = 0; i < 50_000; i++) {
                        if (!Objects.equals(failure(team, own), own)) {
                          wrong.incrementAndGet(caller);
                        }
                      }
                    }));
      }
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(wrong.toString()).isEqualTo("[0, 0, 0, 0]");
    }
  }

  /// What a computation throws whose pieces throw this, or nothing.
  private static @Nullable RuntimeException failure(Team team, @Nullable RuntimeException each) {
    try {
      team.run(
          2,
          _ -> {
            if (each != null) {
              throw each;
            }
          });
      return null;
    } catch (RuntimeException e) {
      return e;
    }
  }

  @Test
  void anErrorOfAPieceIsThrownAsItIs() {
    try (Team team = new Team(2)) {
      OutOfMemoryError error = new OutOfMemoryError("piece");
      assertThatThrownBy(
              () ->
                  team.run(
                      2,
                      piece -> {
                        if (piece == 1) {
                          throw error;
                        }
                      }))
          .isSameAs(error);
    }
  }

  @Test
  void aClosedTeamIsItsCallerAlone() {
    Team team = new Team(3);
    team.close();
    AtomicIntegerArray done = new AtomicIntegerArray(4);
    team.run(4, done::incrementAndGet);
    for (int i = 0; i < 4; i++) {
      assertThat(done.get(i)).isEqualTo(1);
    }
  }

  @Test
  void needsAThread() {
    assertThatThrownBy(() -> new Team(0)).hasMessage("a team has at least 1 thread, not 0");
  }
}
