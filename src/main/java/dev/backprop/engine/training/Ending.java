package dev.backprop.engine.training;

/// Why a fit ended.
public enum Ending {

  /// All epochs ran, or the optimizer could not go on, which a warning tells.
  COMPLETE,

  /// The validation loss had not fallen for as many epochs as early stopping allows.
  STOPPED_EARLY,

  /// The time ran out, or somebody asked for what there was. So many epochs train the same
  /// parameters.
  STOPPED_BY_TIME,

  /// The optimizer met its tolerances.
  CONVERGED
}
