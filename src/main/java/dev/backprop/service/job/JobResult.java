package dev.backprop.service.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.plan.BaggingResult;
import dev.backprop.engine.plan.Choice;
import dev.backprop.engine.plan.CrossValidationResult;
import dev.backprop.engine.plan.EnsembleResult;
import dev.backprop.engine.plan.Learned;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.spec.TargetTransform;
import dev.backprop.platform.artifact.ModelReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The result of a training that succeeded.
///
/// @param stoppedByTime whether `maxSeconds` or a request to finish ended it. A training of as many
///   `epochs` learns the same parameters
/// @param converged whether the optimizer met its tolerances
/// @param epochs how many epochs ran, in all folds of bagging together
/// @param bestEpoch the epoch whose parameters are served, from 1; the median of the folds of
///   bagging
/// @param crossValidation left out if there was none
/// @param folds whose networks were trained to be served together, of an ensemble those of every
///   member that was trained; left out if one network is served
/// @param ensemble left out if there was none, or if one of its members was chosen
/// @param choice of that member; left out if there was none
record JobResult(
    String model,
    int version,
    boolean stoppedEarly,
    boolean stoppedByTime,
    boolean converged,
    int epochs,
    int bestEpoch,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable CrossValidationResult crossValidation,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<CrossValidationResult.Fold> folds,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Ensemble ensemble,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Chosen choice) {

  /// @param candidates how many members were trained, the first ones
  /// @param members that are served
  record Ensemble(int candidates, List<ServedMember> members) {

    static @Nullable Ensemble of(@Nullable EnsembleResult result) {
      return result == null
          ? null
          : new Ensemble(
              result.candidates(),
              result.members().stream()
                  .filter(member -> member.weight() > 0)
                  .map(ServedMember::of)
                  .toList());
    }
  }

  /// @param member of the spec, from 1
  /// @param weight how often it counts in the mean
  record ServedMember(int member, int weight) {

    static ServedMember of(EnsembleResult.MemberResult member) {
      return new ServedMember(member.member(), member.weight());
    }
  }

  /// @param metric by which the members were compared
  /// @param member the one that is served, from 1
  record Chosen(Metric metric, int member, List<Compared> members) {

    static @Nullable Chosen of(@Nullable Choice choice) {
      return choice == null
          ? null
          : new Chosen(
              choice.metric(),
              choice.member(),
              choice.members().stream().map(Compared::of).toList());
    }
  }

  /// @param member of the spec, from 1
  /// @param target what was done to numeric targets; left out if there are none
  /// @param score the metric; left out if it is not finite
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Compared(int member, @Nullable TargetTransform target, @Nullable Double score) {

    static Compared of(Choice.Compared member) {
      return new Compared(member.member(), member.target(), member.score());
    }
  }

  private JobResult(
      ModelReference version, Learned learned, @Nullable List<CrossValidationResult.Fold> folds) {
    this(
        version.model(),
        version.version(),
        learned.stoppedEarly(),
        learned.stoppedByTime(),
        learned.converged(),
        learned.epochs(),
        learned.bestEpoch(),
        learned.crossValidation(),
        folds,
        Ensemble.of(learned.ensemble()),
        Chosen.of(learned.choice()));
  }

  static JobResult of(ModelReference version, Learned learned) {
    return new JobResult(version, learned, folds(learned));
  }

  private static @Nullable List<CrossValidationResult.Fold> folds(Learned learned) {
    if (learned.ensemble() != null) {
      return learned.ensemble().members().stream()
          .flatMap(member -> member.folds().stream())
          .map(BaggingResult.Fold::result)
          .toList();
    }
    if (learned.choice() != null) {
      return learned.choice().members().stream()
          .flatMap(member -> member.folds().stream())
          .toList();
    }
    return learned.bagging() == null
        ? null
        : learned.bagging().folds().stream().map(BaggingResult.Fold::result).toList();
  }
}
