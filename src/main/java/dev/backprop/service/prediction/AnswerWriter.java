package dev.backprop.service.prediction;

import dev.backprop.engine.scoring.Prediction;
import java.util.List;

/// Writes predictions in one form, row after row.
interface AnswerWriter {

  /// What comes before the first row.
  void begin();

  /// Whether the form has a place for warnings.
  default boolean showsWarnings() {
    return true;
  }

  /// @param warnings about the row; forms without a place for them leave them out
  void answer(Prediction prediction, List<String> warnings);

  /// What comes after the last row.
  default void end() {}

  /// Hands everything so far to the stream below.
  void flush();
}
