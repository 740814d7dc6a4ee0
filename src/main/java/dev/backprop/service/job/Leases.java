package dev.backprop.service.job;

import java.util.ArrayDeque;
import java.util.Deque;

/// What a training has taken from others and gives back in the end: holds on data sets, room for
/// data and for its model.
final class Leases {

  private final Deque<Runnable> returns = new ArrayDeque<>();

  /// @param giveBack called once, by [#release]
  void add(Runnable giveBack) {
    returns.push(giveBack);
  }

  /// Leaves everything to another, who gives it back.
  Leases handOver() {
    Leases other = new Leases();
    other.returns.addAll(returns);
    returns.clear();
    return other;
  }

  /// Gives everything back, the latest first; does nothing the second time.
  void release() {
    while (!returns.isEmpty()) {
      returns.pop().run();
    }
  }
}
