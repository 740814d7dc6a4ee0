package dev.backprop.engine.training;

import dev.backprop.engine.nn.Workspace;
import dev.backprop.engine.scoring.PartialScore;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.scoring.WeightedLoss;
import dev.backprop.engine.spec.TrainingSpec;
import org.jspecify.annotations.Nullable;

/// Looks at the validation rows of a shard, as [Validation] does at all of them.
public final class ShardScores {

  private ShardScores() {}

  /// @param training resolved, whose weights of classes are given and not balanced: those of the
  ///   shard would be its own
  /// @param rows perhaps none
  public static PartialScore of(
      Scorer scorer, TrainingSpec training, Part rows, Workspace workspace) {
    @Nullable RowWeights weights = RowWeights.of(rows, scorer.target(), training.classWeights());
    RowWeights own = RowWeights.of(rows, scorer.target(), null);
    double weight = own == null ? rows.rows().length : own.sum(rows.rows());
    if (weight == 0) {
      return PartialScore.NONE;
    }
    WeightedLoss weighted =
        weights == null || training.classWeights() == null
            ? null
            : new WeightedLoss(weights::weight);
    return PartialScore.of(
        scorer.evaluate(rows.examples(), rows.rows(), workspace, weighted, null), weight, weighted);
  }
}
