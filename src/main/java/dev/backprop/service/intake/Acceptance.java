package dev.backprop.service.intake;

import dev.backprop.engine.plan.RowCounts;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.artifact.SpecView;
import dev.backprop.platform.artifact.TargetView;
import dev.backprop.platform.problem.KeptWarnings;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was decided when a training was accepted.
///
/// @param rows how many rows are trained on, validated on and tested on
/// @param epochs the most that the training runs; each fold runs at most as many
/// @param foldsAtOnce how many of the folds are fitted side by side
/// @param parameters how many numbers are learnt
/// @param estimatedBytes what the training takes from the budget of trainings while it runs
/// @param dataset the id of the uploaded data set that it learns from; null if the data came with
///   the request
/// @param warmStart the version that it goes on from; null if it starts anew
/// @param warnings what was found in the data at acceptance
public record Acceptance(
    String id,
    String model,
    Instant createdAt,
    @Nullable String dataset,
    @Nullable ModelReference warmStart,
    RowCounts rows,
    int epochs,
    int foldsAtOnce,
    long parameters,
    long estimatedBytes,
    TargetView target,
    SpecView spec,
    List<String> warnings) {

  public Acceptance {
    warnings = KeptWarnings.of(warnings);
  }

  /// About how many bytes of memory it takes in a list.
  public long shownBytes() {
    return 4_000
        + target.bytes()
        + spec.shownBytes()
        + 2L * warnings.stream().mapToLong(String::length).sum();
  }

  /// How many folds the rows are dealt to; 0 if there are none.
  public int folds() {
    TrainingSpec training = spec.training();
    if (training.bagging() != null) {
      return training.bagging().folds();
    }
    return training.crossValidation() == null ? 0 : training.crossValidation().folds();
  }

  /// Whether a network learns from all rows after those of the folds.
  public boolean hasLastFit() {
    return spec.training().bagging() == null;
  }

  /// About how many rows the fit of a fold has.
  ///
  /// @param fold from 1
  public int trainingRowsOf(int fold) {
    long all = rows.training();
    return (int) (inOrder() ? all * fold / (folds() + 1) : all * (folds() - 1) / folds());
  }

  /// How many rows the fit of a fold has on average, as a fraction of those of the last fit, which
  /// has all rows.
  public double foldShare() {
    return inOrder() ? 0.5 : (folds() - 1.0) / folds();
  }

  /// Whether the folds keep the rows' order: fold i of k then learns from the first i of k + 1
  /// blocks.
  private boolean inOrder() {
    return spec.splitBy() instanceof SplitSpec.Order;
  }
}
