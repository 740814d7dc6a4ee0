package dev.backprop.service.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.plan.CrossValidationResult;
import dev.backprop.engine.plan.Learned;
import dev.backprop.platform.artifact.ModelReference;
import org.jspecify.annotations.Nullable;

/// The result of a training that succeeded.
///
/// @param stoppedByTime whether `maxSeconds` ended it. A training of as many `epochs` learns the
///   same parameters
/// @param converged whether the optimizer met its tolerances
/// @param epochs how many epochs ran, in all folds of bagging together
/// @param bestEpoch the epoch whose parameters are served, from 1; the median of the folds of
///   bagging
/// @param crossValidation left out if there was none
record JobResult(
    String model,
    int version,
    boolean stoppedEarly,
    boolean stoppedByTime,
    boolean converged,
    int epochs,
    int bestEpoch,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable CrossValidationResult crossValidation) {

  static JobResult of(ModelReference version, Learned learned) {
    return new JobResult(
        version.model(),
        version.version(),
        learned.stoppedEarly(),
        learned.stoppedByTime(),
        learned.converged(),
        learned.epochs(),
        learned.bestEpoch(),
        learned.crossValidation());
  }
}
