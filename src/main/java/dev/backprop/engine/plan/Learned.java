package dev.backprop.engine.plan;

import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.training.Ending;
import dev.backprop.engine.training.EpochReport;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What came out of a training beside the predictor.
///
/// @param evaluations by part, in the order to show them in: `validation` and `test` if there are
///   such rows, `training` if there is neither
/// @param crossValidation null if there was none
/// @param bagging null unless the networks of folds are served together; then history is empty, and
///   what is true of one epoch or one ending is said there
/// @param ensemble likewise of the members of an ensemble, if it is no single network
/// @param choice why this is what is served of an ensemble; null if nothing was chosen so
/// @param insights what it knows of its columns; null in what former versions wrote, and in a fold
/// @param history every epoch, oldest first
/// @param bestEpoch the epoch whose parameters the predictor holds, from 1
/// @param warnings what only the split and the run could tell
public record Learned(
    Map<String, Evaluation> evaluations,
    @Nullable CrossValidationResult crossValidation,
    @Nullable BaggingResult bagging,
    @Nullable EnsembleResult ensemble,
    @Nullable Choice choice,
    @Nullable Insights insights,
    List<EpochReport> history,
    int bestEpoch,
    Ending ending,
    List<String> warnings) {

  public Learned {
    evaluations = Collections.unmodifiableMap(new LinkedHashMap<>(evaluations));
    history = List.copyOf(history);
    warnings = List.copyOf(warnings);
  }

  /// How many epochs ran, in all folds and members together.
  public int epochs() {
    if (ensemble != null) {
      return ensemble.epochs();
    }
    return bagging == null ? history.size() : bagging.epochs();
  }

  public boolean stoppedEarly() {
    return ending == Ending.STOPPED_EARLY;
  }

  public boolean stoppedByTime() {
    return ending == Ending.STOPPED_BY_TIME;
  }

  public boolean converged() {
    return ending == Ending.CONVERGED;
  }

  /// The same, cross-validated.
  ///
  /// @param before warnings that come before the others
  Learned with(CrossValidationResult folds, List<String> before) {
    return new Learned(
        evaluations,
        folds,
        bagging,
        ensemble,
        choice,
        insights,
        history,
        bestEpoch,
        ending,
        Stream.concat(before.stream(), warnings.stream()).toList());
  }

  /// The same with these warnings behind the others.
  Learned withMore(List<String> more) {
    return withWarnings(Stream.concat(warnings.stream(), more.stream()).toList());
  }

  /// The same with other warnings.
  public Learned withWarnings(List<String> other) {
    return new Learned(
        evaluations,
        crossValidation,
        bagging,
        ensemble,
        choice,
        insights,
        history,
        bestEpoch,
        ending,
        other);
  }

  /// The same with these.
  public Learned with(@Nullable Insights other) {
    return new Learned(
        evaluations,
        crossValidation,
        bagging,
        ensemble,
        choice,
        other,
        history,
        bestEpoch,
        ending,
        warnings);
  }
}
