package dev.backprop.service.job;

import dev.backprop.engine.plan.Checkpoint;
import dev.backprop.engine.plan.Checkpoints;
import dev.backprop.engine.training.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes checkpoints of one training while it runs: one every interval, and a last one when it is
/// suspended. A thread of its own writes them, one at a time. The keeper asks for none while it
/// writes the one before, so only one takes memory.
final class CheckpointKeeper implements Checkpoints, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CheckpointKeeper.class);

  /// Writing takes at most one part in so many of the time, even if it is slow.
  private static final int PARTS = 10;

  /// A place for checkpoints that outlives the process.
  @FunctionalInterface
  interface Shelf {

    /// @param isNeeded asked now and then; once it says no, writing may end and nothing is kept
    void put(Checkpoint checkpoint, BooleanSupplier isNeeded) throws IOException;
  }

  private final String training;
  private final Duration interval;
  private final Shelf shelf;
  private final Thread thread;

  /// Changed under the lock.
  private volatile Signal wish = Signal.GO_ON;

  private volatile boolean closed; // likewise
  private volatile boolean suspending; // likewise
  private @Nullable Checkpoint handed; // guarded by this

  /// Begins to ask for checkpoints.
  ///
  /// @param training its id
  /// @param interval the least time between two checkpoints
  CheckpointKeeper(String training, Duration interval, Shelf shelf) {
    this.training = training;
    this.interval = interval;
    this.shelf = shelf;
    this.thread = Thread.ofVirtual().name("backprop-checkpoints").start(this::work);
  }

  /// Asks the training to end soon, with a checkpoint.
  synchronized void suspend() {
    suspending = true;
    notifyAll();
  }

  @Override
  public Signal signal() {
    return wish;
  }

  @Override
  public synchronized void save(Checkpoint checkpoint) {
    handed = checkpoint;
    if (wish == Signal.SAVE) {
      wish = Signal.GO_ON;
    }
    notifyAll();
  }

  private void work() {
    try {
      Duration pause = interval;
      while (true) {
        Checkpoint checkpoint = next(pause);
        if (checkpoint == null) {
          return;
        }
        long begun = System.nanoTime();
        put(checkpoint);
        Duration rest = Duration.ofNanos(System.nanoTime() - begun).multipliedBy(PARTS - 1);
        pause = rest.compareTo(interval) > 0 ? rest : interval;
      }
    } catch (InterruptedException _) {
      // Only a virtual machine that ends interrupts this thread.
    }
  }

  /// @param pause until the next checkpoint is asked for
  /// @return null if no more comes
  private synchronized @Nullable Checkpoint next(Duration pause) throws InterruptedException {
    long due = System.nanoTime() + pause.toNanos();
    while (handed == null && !closed) {
      long left = due - System.nanoTime();
      if (suspending) {
        wish = Signal.SUSPEND;
      } else if (left <= 0) {
        wish = Signal.SAVE;
      }
      if (wish == Signal.GO_ON) {
        wait(left / 1_000_000 + 1);
      } else {
        wait();
      }
    }
    Checkpoint next = isNeeded() ? handed : null;
    handed = null;
    return next;
  }

  /// A training that has ended and was not suspended needs no checkpoint any more.
  private boolean isNeeded() {
    return suspending || !closed;
  }

  private void put(Checkpoint checkpoint) {
    try {
      shelf.put(checkpoint, this::isNeeded);
    } catch (IOException | RuntimeException e) {
      // The training can go on without this checkpoint, and the next one may succeed.
      log.warn("Training {} has no newer checkpoint: {}", training, e.toString());
    }
  }

  /// Called when the training has ended or was suspended. If it was suspended, its last checkpoint
  /// is written before this returns.
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
