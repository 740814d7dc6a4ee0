package dev.backprop.service.prediction;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.plan.TrainingData;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorRows;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.ComputeSlots;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.model.ModelVersion;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Holds a model's answers against rows whose targets are known.
@Component
record Evaluations(ComputeSlots slots, Budget inFlight) {

  /// @param given rows with targets
  /// @param search for some of them; null for none
  /// @throws ProblemException 422 if a row has no target, or one that cannot be, or the network's
  ///   answers overflow
  EvaluationAnswer evaluate(
      ModelVersion version,
      GivenRows given,
      @Nullable RowSearch search,
      HttpServletRequest request) {
    boolean few = given.size() <= Scorer.BLOCK;
    try (ComputeSlots.@Nullable Slot _ = few ? null : slots.acquire(request);
        Budget.Claim claim = inFlight.claim()) {
      return new EvaluationAnswer(
          version.name(),
          version.version(),
          EvaluationAnswer.On.of(given),
          evaluation(version, given),
          search == null ? null : search.among(given, claim));
    }
  }

  private static Evaluation evaluation(ModelVersion version, GivenRows given) {
    try (GivenRows.Parts parts = given.parts()) {
      return judge(version, given.size(), parts).evaluation();
    }
  }

  /// @throws ProblemException as `evaluate`
  static Predictor.Judged judge(ModelVersion version, int size, GivenRows.Parts parts) {
    Scorer scorer = version.predictor().scorer();
    Predictor.Judged judged =
        version
            .predictor()
            .judge(
                size,
                () -> {
                  PredictionRows part = parts.next();
                  return part == null ? null : checked(part.rows(), scorer);
                });
    Evaluation evaluation = judged.evaluation();
    double error =
        switch (evaluation) {
          case Evaluation.Regression regression -> regression.rmse();
          case Evaluation.Quantiles quantiles -> quantiles.rmse();
          case Evaluation.Classification _, Evaluation.MultiLabel _ -> 0;
        };
    boolean finite = Double.isFinite(evaluation.loss()) && Double.isFinite(error);
    if (!finite) {
      throw new ProblemException(
          ProblemCode.INVALID_DATA,
          "the numbers are too large for this network: its loss on them is not finite");
    }
    return judged;
  }

  private static PredictorRows checked(PredictorRows rows, Scorer scorer) {
    if (rows.labelled() instanceof BareExamples bare) {
      check(bare, scorer);
    }
    requireTargets(rows.labelled().labelled().length, rows.size());
    return rows;
  }

  static void requireTargets(int withTarget, int rows) {
    if (withTarget < rows) {
      throw new ProblemException(
          ProblemCode.INVALID_DATA,
          "every row must have its target, %d of %d have none".formatted(rows - withTarget, rows));
    }
  }

  private static void check(BareExamples examples, Scorer scorer) {
    try {
      new TrainingData.Bare(examples).checkTargets(scorer.network().spec());
    } catch (InvalidSpecException e) {
      // Its pointer is into a training request; there the targets stand under "data".
      throw ProblemException.at(
          ProblemCode.INVALID_DATA, e.pointer().replaceFirst("^/data", ""), e.detail());
    }
  }
}
