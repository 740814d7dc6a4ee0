package dev.backprop.engine.training;

/// What a training passes on its way, and may be held up at.
interface Gate {

  /// How to go on.
  enum Answer {
    GO_ON,
    CANCEL,
    /// The state has been kept; end here.
    SUSPEND
  }

  /// Asked between two steps, where the state is whole. May keep it.
  Answer pass();

  /// Asked within a step that takes long: whether [#pass] is going to end the training, so that the
  /// step is better broken off.
  boolean isClosing();
}
