package dev.backprop.engine.training;

import java.util.List;

/// How the epoch loop ended. The network holds the parameters that go with it.
public sealed interface TrainingOutcome {

  /// It came to an end of its own.
  ///
  /// @param history every epoch, oldest first
  /// @param bestEpoch the epoch whose parameters the network holds, from 1: the best one if there
  ///   is early stopping or a figure that selects, else the last
  /// @param warnings of an optimizer that could not go on
  record Completed(List<EpochReport> history, int bestEpoch, Ending ending, List<String> warnings)
      implements TrainingOutcome {}

  /// Somebody asked it to stop.
  ///
  /// @param epoch the epoch that was under way, from 1
  record Cancelled(int epoch) implements TrainingOutcome {}

  /// Somebody asked for its state and for it to end here.
  record Suspended() implements TrainingOutcome {}

  /// The loss or a parameter left the finite numbers.
  ///
  /// @param epoch the epoch in which it happened, from 1
  /// @param detail what was not finite
  record Diverged(int epoch, String detail) implements TrainingOutcome {}
}
