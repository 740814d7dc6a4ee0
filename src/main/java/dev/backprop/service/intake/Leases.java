package dev.backprop.service.intake;

import java.util.ArrayDeque;
import java.util.Deque;

/// What a training has taken from others and has to give back: holds on data sets, memory for its
/// data, and room for its model.
public final class Leases {

  private final Deque<Runnable> returns = new ArrayDeque<>();

  /// @param giveBack called by [#release], once
  void add(Runnable giveBack) {
    returns.push(giveBack);
  }

  /// Gives everything back, the latest first. A second call does nothing.
  public void release() {
    while (!returns.isEmpty()) {
      returns.pop().run();
    }
  }
}
