package dev.backprop.engine.scoring;

import dev.backprop.engine.data.TargetScale;
import dev.backprop.engine.figures.MemberSpread;
import dev.backprop.engine.nn.MeanAnswers;
import org.jspecify.annotations.Nullable;

/// How far the members of a model are apart in the block that they answered last. One thread's
/// scratch.
final class Spreads {

  private @Nullable MeanAnswers mean;
  private @Nullable MemberSpread spread;

  /// @param mean null if one network has answered
  void of(@Nullable MeanAnswers mean, MemberSpread spread) {
    this.mean = mean;
    this.spread = spread;
  }

  /// In the unit of the target; not a number if one network has answered.
  double of(int row, int output, TargetScale scale) {
    return mean == null || spread == null ? Double.NaN : spread.of(mean, row, output, scale);
  }
}
