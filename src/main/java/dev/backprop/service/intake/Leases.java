package dev.backprop.service.intake;

import java.util.ArrayDeque;
import java.util.Deque;

/// What a training has taken from others and gives back in the end: holds on data sets, room for
/// data and for its model.
public final class Leases {

  private final Deque<Runnable> returns = new ArrayDeque<>();

  /// @param giveBack called once, by [#release]
  void add(Runnable giveBack) {
    returns.push(giveBack);
  }

  /// Gives everything back, the latest first; does nothing the second time.
  public void release() {
    while (!returns.isEmpty()) {
      returns.pop().run();
    }
  }
}
