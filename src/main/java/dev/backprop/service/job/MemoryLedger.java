package dev.backprop.service.job;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/// The memory that running trainings may take together, in bytes by their estimates.
final class MemoryLedger {

  private final long budget;
  private final Deque<Object> turns = new ArrayDeque<>();
  private long used;

  MemoryLedger(long budget) {
    this.budget = budget;
  }

  long budget() {
    return budget;
  }

  synchronized long used() {
    return used;
  }

  /// Takes the bytes if they fit now.
  synchronized boolean tryTake(long bytes) {
    if (bytes > budget - used) {
      return false;
    }
    used += bytes;
    return true;
  }

  /// Takes the bytes when they fit: first come, first served.
  ///
  /// @return false where they did not within so long
  synchronized boolean take(long bytes, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    Object turn = new Object();
    turns.add(turn);
    try {
      while (!turns.getFirst().equals(turn) || !tryTake(bytes)) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        wait(left / 1_000_000 + 1);
      }
      return true;
    } finally {
      turns.remove(turn);
      notifyAll();
    }
  }

  synchronized void giveBack(long bytes) {
    used -= bytes;
    notifyAll();
  }
}
