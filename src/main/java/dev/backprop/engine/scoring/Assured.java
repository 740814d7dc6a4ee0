package dev.backprop.engine.scoring;

import dev.backprop.engine.figures.Bounds;
import dev.backprop.engine.table.Label;
import java.util.List;

/// An answer, and what has the truth in a given share of rows.
public sealed interface Assured {

  Prediction prediction();

  /// @param intervals one a number
  record Numbers(Prediction prediction, List<Bounds> intervals) implements Assured {}

  /// @param set in falling probability, at least one class
  record Classes(Prediction.ClassPrediction prediction, List<Label> set) implements Assured {}
}
