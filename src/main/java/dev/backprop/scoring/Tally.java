package dev.backprop.scoring;

import dev.backprop.nn.Workspace;
import org.jspecify.annotations.Nullable;

/// Counts over the blocks of one evaluation.
interface Tally {

  /// @param block a forward pass with its targets in place
  /// @param lossSum the sum of the loss over the rows of the block
  void add(Workspace block, double lossSum);

  Evaluation evaluation();

  /// a / b, or null where that says nothing.
  static @Nullable Double ratio(long a, long b) {
    return b == 0 ? null : Double.valueOf((double) a / b);
  }
}
