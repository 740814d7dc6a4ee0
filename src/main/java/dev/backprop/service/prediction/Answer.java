package dev.backprop.service.prediction;

import java.util.Locale;

/// What became of a request.
///
/// @param rows how many rows were answered
record Answer(Outcome outcome, int rows) {

  static final Answer NOT_MODIFIED = new Answer(Outcome.NOT_MODIFIED, 0);
  static final Answer REFUSED = new Answer(Outcome.REFUSED, 0);
  static final Answer FAILED = new Answer(Outcome.FAILED, 0);

  static Answer of(int rows) {
    return new Answer(Outcome.ANSWERED, rows);
  }

  /// How a request ended.
  enum Outcome {
    /// Predictions were answered.
    ANSWERED,
    /// The client has the answer already.
    NOT_MODIFIED,
    /// The request was refused.
    REFUSED,
    /// The answer broke off, or the service is at fault.
    FAILED;

    String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
