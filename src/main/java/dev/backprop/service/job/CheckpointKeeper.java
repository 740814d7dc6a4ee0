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

/// Has checkpoints of one training written while it runs: every interval, and a last one when it is
/// suspended. They are written one at a time on a thread of their own. None is wanted while the one
/// before is being written, so that no more than one takes memory.
final class CheckpointKeeper implements Checkpoints, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CheckpointKeeper.class);

  /// Writing takes one part in so many of the time, however slow it is.
  private static final int PARTS = 10;

  /// Puts a checkpoint into a place that outlives the process.
  @FunctionalInterface
  interface Shelf {

    /// @param isNeeded asked now and then; if it is not any more, what has been written can go
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

  /// Begins to wish for checkpoints.
  ///
  /// @param training its id
  /// @param interval between two checkpoints, at least
  CheckpointKeeper(String training, Duration interval, Shelf shelf) {
    this.training = training;
    this.interval = interval;
    this.shelf = shelf;
    this.thread = Thread.ofVirtual().name("backprop-checkpoints").start(this::work);
  }

  /// Wishes that the training ends soon, with a checkpoint.
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
      // Nobody does that but a virtual machine that ends.
    }
  }

  /// @param pause until one is wished for
  /// @return null if none comes any more
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

  /// What has ended without having been suspended needs none any more.
  private boolean isNeeded() {
    return suspending || !closed;
  }

  private void put(Checkpoint checkpoint) {
    try {
      shelf.put(checkpoint, this::isNeeded);
    } catch (IOException | RuntimeException e) {
      // The training can do without, and the next one may succeed.
      log.warn("Training {} has no newer checkpoint: {}", training, e.toString());
    }
  }

  /// The training has ended or was suspended: what it has handed over then is written before this
  /// returns.
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
