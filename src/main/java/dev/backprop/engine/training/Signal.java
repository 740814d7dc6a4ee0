package dev.backprop.engine.training;

/// The answer to *may I go on?*, which a training asks before every step.
public enum Signal {
  GO_ON,

  /// The training hands over its state and goes on.
  SAVE,

  /// The training hands over its state and ends.
  SUSPEND,

  /// The training ends.
  CANCEL;

  public boolean ends() {
    return this == SUSPEND || this == CANCEL;
  }
}
