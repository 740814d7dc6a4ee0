package dev.backprop.service.prediction;

import dev.backprop.engine.scoring.Prediction;
import java.util.List;

/// Writes predictions in one form, row after row.
interface AnswerWriter {

  /// What comes before the first row.
  void begin();

  /// @param row of these rows
  /// @param why none if nothing is explained
  void answer(Prediction prediction, PredictionRows rows, int row, List<Explaining.Why> why);

  /// What comes after the last row.
  default void end() {}

  /// Hands everything so far to the stream below.
  void flush();
}
