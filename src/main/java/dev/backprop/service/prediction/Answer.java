package dev.backprop.service.prediction;

import dev.backprop.service.prediction.PredictionListener.Outcome;

/// What became of a request that was not refused.
///
/// @param rows how many rows were answered
record Answer(Outcome outcome, int rows) {

  static final Answer NOT_MODIFIED = new Answer(Outcome.NOT_MODIFIED, 0);

  static Answer of(int rows) {
    return new Answer(Outcome.ANSWERED, rows);
  }
}
