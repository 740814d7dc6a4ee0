package dev.backprop.service.prediction;

import dev.backprop.engine.scoring.Prediction;

/// Writes predictions in one form, row after row.
interface AnswerWriter {

  /// What comes before the first row.
  void begin();

  /// @param row of these rows
  void answer(Prediction prediction, PredictionRows rows, int row);

  /// What comes after the last row.
  default void end() {}

  /// Hands everything so far to the stream below.
  void flush();
}
