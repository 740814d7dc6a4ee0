package dev.backprop.engine.scoring;

import dev.backprop.engine.figures.Conformal;
import dev.backprop.engine.figures.Threshold;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is told of answers in full.
///
/// @param threshold that decides between two classes
/// @param seed of the draws of the intervals of figures; null for figures alone, without intervals
///   and a table of thresholds
/// @param intervals whose coverage is told; null for none
public record Judging(
    Threshold threshold, @Nullable Long seed, Conformal.@Nullable Intervals intervals) {

  /// Whose coverage is told.
  static final BigDecimal INTERVAL = new BigDecimal("0.9");

  /// Of the figures that select, which are of the networks' own probabilities.
  static Judging selecting(TrainingSpec training, Target target) {
    Threshold threshold = threshold(training, target);
    return new Judging(threshold == null ? Threshold.HALF : threshold, null, null);
  }

  /// What decides between two classes; null if the training does not say it.
  public static @Nullable Threshold threshold(TrainingSpec training, Target target) {
    if (training.threshold() == null && training.positive() == null) {
      return null;
    }
    int positive = Threshold.HALF.positive();
    if (training.positive() != null && target instanceof Target.Classes(_, List<Label> classes)) {
      positive = classes.getFirst().text().equals(training.positive()) ? 0 : 1;
    }
    return new Threshold(
        training.threshold() == null ? Threshold.HALF.threshold() : training.threshold(), positive);
  }

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
