package dev.backprop.service.job;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The trainings of this process that wait, and the threads that take them, first come, first
/// served. If there is no memory for the first one, it keeps its place and no other overtakes it.
final class InMemoryTrainingQueue {

  private final List<Thread> workers = new ArrayList<>();

  /// Held by the thread that waits for memory.
  private final Lock head = new ReentrantLock();

  private final ArrayDeque<String> ids = new ArrayDeque<>(); // guarded by this
  private TrainingStore.@Nullable Worker worker; // likewise

  /// @param workers trainings at once
  InMemoryTrainingQueue(int workers) {
    for (int i = 1; i <= workers; i++) {
      this.workers.add(
          Thread.ofPlatform().name("backprop-training-" + i).daemon().unstarted(this::work));
    }
  }

  synchronized void add(String id) {
    ids.add(id);
    notifyAll();
  }

  synchronized void remove(String id) {
    ids.remove(id);
  }

  synchronized int size() {
    return ids.size();
  }

  synchronized void start(TrainingStore.Worker given) {
    worker = given;
    workers.forEach(Thread::start);
  }

  void stop() {
    workers.forEach(Thread::interrupt);
  }

  private void work() {
    try {
      while (true) {
        var _ = next().get(); // a turn has no effect here: no other process can take the training
      }
    } catch (InterruptedException _) {
      // stop() interrupts the threads.
    }
  }

  private Supplier<Turn> next() throws InterruptedException {
    head.lockInterruptibly();
    try {
      while (true) {
        String first = first();
        Optional<Supplier<Turn>> admitted = worker().admit(first);
        if (admitted.isPresent()) {
          remove(first);
          return admitted.get();
        }
      }
    } finally {
      head.unlock();
    }
  }

  private synchronized String first() throws InterruptedException {
    while (ids.isEmpty()) {
      wait();
    }
    return ids.getFirst();
  }

  private synchronized TrainingStore.Worker worker() {
    if (worker == null) {
      throw new IllegalStateException("not started");
    }
    return worker;
  }
}
