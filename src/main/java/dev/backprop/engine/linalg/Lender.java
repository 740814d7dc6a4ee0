package dev.backprop.engine.linalg;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;

/// Lends what one thread at a time may use. Keeps as many as there are cores; if none is free, a
/// fresh one is made rather than waited for.
final class Lender<T> {

  private final Supplier<T> maker;
  private final BlockingQueue<T> idle =
      new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

  Lender(Supplier<T> maker) {
    this.maker = maker;
  }

  T borrow() {
    T lent = idle.poll();
    return lent == null ? maker.get() : lent;
  }

  void giveBack(T lent) {
    boolean kept = idle.offer(lent);
    assert kept || idle.remainingCapacity() == 0;
  }
}
