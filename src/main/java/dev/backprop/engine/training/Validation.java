package dev.backprop.engine.training;

import dev.backprop.engine.nn.Workspace;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Judging;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.scoring.Selection;
import dev.backprop.engine.scoring.WeightedLoss;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.spec.TrainingSpec;
import org.jspecify.annotations.Nullable;

/// Looks at the validation rows after each epoch.
final class Validation {

  private final Scorer scorer;
  private final Part rows;
  private final @Nullable Selection selection;

  /// Null if the classes of the rows weigh nothing of their own.
  private final @Nullable RowWeights weights;

  /// Null if the usual figures have the one that selects.
  private final @Nullable Judging judging;

  private final Workspace workspace;

  /// What was seen.
  sealed interface Seen {

    /// There are no such rows.
    record Nothing() implements Seen {}

    /// @param weightedLoss null if the classes of the rows weigh nothing of their own
    /// @param selected null if the training names no such figure
    record Figures(
        Evaluation evaluation,
        @Nullable Double weightedLoss,
        EpochReport.@Nullable Selected selected)
        implements Seen {}

    /// @param detail what was no finite number
    record NotFinite(String detail) implements Seen {}
  }

  /// @param rows may be none
  /// @param weights null if classes weigh nothing of their own
  /// @param training says which figure selects
  Validation(Scorer scorer, Part rows, @Nullable RowWeights weights, TrainingSpec training) {
    Metric metric = training.selection();
    this.scorer = scorer;
    this.rows = rows;
    this.weights = weights == null ? null : weights.ofValidation(rows);
    this.selection = metric == null ? null : new Selection(metric);
    this.judging = Selection.judgingOf(training, scorer.target());
    this.workspace = scorer.workspace();
  }

  Seen look() {
    if (rows.isEmpty()) {
      return new Seen.Nothing();
    }
    WeightedLoss weighted = weights == null ? null : new WeightedLoss(weights::weight);
    Evaluation evaluation =
        scorer.evaluate(rows.examples(), rows.rows(), workspace, weighted, judging);
    if (!Double.isFinite(evaluation.loss())) {
      return new Seen.NotFinite("the validation loss is not finite");
    }
    if (weighted != null && !Double.isFinite(weighted.mean())) {
      return new Seen.NotFinite("the weighted validation loss is not finite");
    }
    EpochReport.Selected selected = null;
    if (selection != null) {
      Double figure = selection.of(evaluation);
      if (figure == null) {
        return new Seen.NotFinite("the validation %s is not finite".formatted(selection.metric()));
      }
      selected = new EpochReport.Selected(selection.metric(), figure);
    }
    return new Seen.Figures(
        evaluation, weighted == null ? null : Double.valueOf(weighted.mean()), selected);
  }
}
