package dev.backprop.engine.training;

import java.util.function.Supplier;

/// Watches over one fit: says whether it may go on, keeps its state, hears of its epochs.
@FunctionalInterface
public interface FitSupervisor {

  /// Called after each epoch, on the thread that trains.
  void onEpoch(EpochReport report);

  /// Asked before every step, and within a step that takes long: must be quick and allocate
  /// nothing. A signal that ends the fit is not taken back.
  default Signal signal() {
    return Signal.GO_ON;
  }

  /// Asked after every epoch: whether no further one is to begin. Once it says so it goes on to.
  default boolean finishes() {
    return false;
  }

  /// Called between two steps.
  ///
  /// @param why what the signal was: [Signal#SAVE] or [Signal#SUSPEND]
  /// @param snapshot makes one
  default void keep(Signal why, Supplier<Snapshot> snapshot) {}
}
