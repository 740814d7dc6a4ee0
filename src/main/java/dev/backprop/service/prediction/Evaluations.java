package dev.backprop.service.prediction;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.plan.TrainingData;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorRows;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.platform.limits.ComputeSlots;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.model.ModelVersion;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Holds a model's answers against rows whose targets are known.
@Component
record Evaluations(ComputeSlots slots) {

  /// @param given rows with targets
  /// @throws ProblemException 422 if a row has no target, or one that cannot be, or the network's
  ///   answers overflow
  Evaluation evaluate(ModelVersion version, GivenRows given, HttpServletRequest request) {
    boolean few = given.size() <= Scorer.BLOCK;
    try (ComputeSlots.@Nullable Slot _ = few ? null : slots.acquire(request);
        GivenRows.Parts parts = given.parts()) {
      return evaluate(version, given.size(), parts);
    }
  }

  private static Evaluation evaluate(ModelVersion version, int size, GivenRows.Parts parts) {
    return judge(version, size, parts).evaluation();
  }

  /// @throws ProblemException as [#evaluate]
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
