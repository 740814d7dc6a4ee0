package dev.backprop.engine.explain;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.Answers;

/// A number F that is made of what all networks of a predictor answer to a row.
sealed interface Explained permits ExplainedNumber, ExplainedOdds {

  /// What all networks answer to n rows, and dF of these answers.
  ///
  /// @param answers of each member (k_m n x q), the rows of a network behind those of the one
  ///   before
  /// @param slopes likewise
  @SuppressWarnings("ArrayRecordComponent") // scratch, compared by nobody
  record Together(Answers[] answers, Matrix[] slopes) {}

  /// Whether F is made of outputs, else of logits.
  boolean ofOutputs();

  /// How large a difference of F that matters is, roughly.
  double unit();

  /// F of a row; writes its slopes.
  double at(Together all, int row, int n);

  /// Whether the answer to that row is another number, since it is clamped.
  boolean clamped(Together all, int row, int n);
}
