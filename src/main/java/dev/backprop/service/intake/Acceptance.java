package dev.backprop.service.intake;

import dev.backprop.engine.plan.RowCounts;
import dev.backprop.engine.spec.CrossValidationSpec;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.artifact.SpecView;
import dev.backprop.platform.artifact.TargetView;
import dev.backprop.platform.problem.KeptWarnings;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was decided when a training was accepted.
///
/// @param rows how many rows play which part
/// @param epochs that it runs at most, as does each fold
/// @param foldsAtOnce how many of the folds of a cross-validation are fitted side by side
/// @param parameters how many numbers are learnt
/// @param estimatedBytes what it takes from the memory ledger while it runs
/// @param dataset the id of the data set that it learns from; null if the data came with the
///   request
/// @param warmStart the version that it goes on from; null if it starts anew
/// @param warnings what the data already told
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

  /// About what it takes in a list.
  public long shownBytes() {
    return 4_000
        + target.bytes()
        + spec.shownBytes()
        + 2L * warnings.stream().mapToLong(String::length).sum();
  }

  /// Of a cross-validation; 0 for none.
  public int folds() {
    CrossValidationSpec folds = spec.training().crossValidation();
    return folds == null ? 0 : folds.folds();
  }

  /// About how many rows the fit of a fold has.
  ///
  /// @param fold from 1
  public int trainingRowsOf(int fold) {
    long all = rows.training();
    return (int) (inOrder() ? all * fold / (folds() + 1) : all * (folds() - 1) / folds());
  }

  /// Of the rows of the last fit, to all of them, the fraction that the fit of a fold has, on
  /// average.
  public double foldShare() {
    return inOrder() ? 0.5 : (folds() - 1.0) / folds();
  }

  /// Whether fold i of k learns from i of k + 1 blocks.
  private boolean inOrder() {
    return spec.splitBy() instanceof SplitSpec.Order;
  }
}
