package dev.backprop.platform.artifact;

import dev.backprop.engine.data.Schema;
import dev.backprop.engine.plan.CrossValidationResult;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.problem.KeptWarnings;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a training hands over to be kept: a version of a model but for its number.
///
/// @param training resolved
/// @param splitBy how the rows were parted; null where each was drawn by itself
/// @param schema of the training data; null where the model takes bare numbers
/// @param targetInferred whether the task was inferred from the data
/// @param evaluations by part: `validation`, `test` or `training`, in the order to show them in
/// @param crossValidation null where there was none
/// @param history every epoch, oldest first
/// @param bestEpoch the epoch whose parameters the predictor holds, from 1
public record ModelDraft(
    Predictor predictor,
    TrainingSpec training,
    @Nullable SplitSpec splitBy,
    @Nullable Schema schema,
    boolean targetInferred,
    Map<String, Evaluation> evaluations,
    @Nullable CrossValidationResult crossValidation,
    List<EpochReport> history,
    int bestEpoch,
    boolean stoppedEarly,
    boolean stoppedByTime,
    boolean converged,
    List<String> warnings,
    Provenance provenance) {

  public ModelDraft {
    evaluations = Collections.unmodifiableMap(new LinkedHashMap<>(evaluations));
    history = List.copyOf(history);
    warnings = KeptWarnings.of(warnings);
  }

  /// The same with another provenance.
  public ModelDraft with(Provenance other) {
    return new ModelDraft(
        predictor,
        training,
        splitBy,
        schema,
        targetInferred,
        evaluations,
        crossValidation,
        history,
        bestEpoch,
        stoppedEarly,
        stoppedByTime,
        converged,
        warnings,
        other);
  }
}
