package dev.backprop.service.prediction;

import dev.backprop.engine.scoring.Assured;
import dev.backprop.engine.scoring.Prediction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes predictions in one form, row after row.
interface AnswerWriter {

  /// What comes before the first row.
  void begin();

  /// @param row of these rows
  /// @param told the answer, and what goes with it
  void answer(Told told, PredictionRows rows, int row);

  /// @param assured the same with an interval or a set; null if none is asked for
  /// @param why none if nothing is explained
  record Told(Prediction prediction, @Nullable Assured assured, List<Explaining.Why> why) {}

  /// What comes after the last row.
  default void end() {}

  /// Hands everything so far to the stream below.
  void flush();
}
