package dev.backprop.engine.scoring;

import dev.backprop.engine.figures.Conformal;
import dev.backprop.engine.figures.Threshold;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// What is told of answers in full, with intervals.
///
/// @param threshold that decides between two classes
/// @param seed of the draws of intervals
/// @param intervals whose coverage is told; null for none
public record Judging(Threshold threshold, long seed, Conformal.@Nullable Intervals intervals) {

  /// Whose coverage is told.
  static final BigDecimal INTERVAL = new BigDecimal("0.9");

  /// @param certainty of the model whose answers are judged
  public static Judging of(Certainty certainty, long seed) {
    return new Judging(
        certainty.decidingThreshold(),
        seed,
        certainty.conformal() instanceof Conformal.Intervals numbers && numbers.suffices(INTERVAL)
            ? numbers
            : null);
  }
}
