package dev.backprop.engine.scoring;

import dev.backprop.engine.nn.Answers;
import org.jspecify.annotations.Nullable;

/// Takes what a model answers to rows whose targets are known, block by block.
interface BlockSink {

  /// @param block answers with their targets in place
  /// @param lossSum the sum over the rows of the block of their weights times their losses
  /// @param weights of the rows of the block; null if each weighs 1
  void add(Answers block, double lossSum, double @Nullable [] weights);
}
