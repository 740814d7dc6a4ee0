package dev.backprop.engine.scoring;

import dev.backprop.engine.figures.Sample;
import org.jspecify.annotations.Nullable;

/// Counts over the blocks of one evaluation, in which every row counts by its weight.
interface Tally extends BlockSink {

  Evaluation evaluation();

  /// What was kept to draw from; null if nothing was.
  default @Nullable Sample sample() {
    return null;
  }
}
