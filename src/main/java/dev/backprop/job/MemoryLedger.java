package dev.backprop.job;

/// The memory that running trainings may take together, in bytes by their estimates.
final class MemoryLedger {

  private final long budget;
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

  synchronized void giveBack(long bytes) {
    used -= bytes;
  }
}
