package dev.backprop.service.job;

import dev.backprop.engine.plan.Learned;
import dev.backprop.engine.plan.Standing;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.problem.KeptWarnings;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.service.job.TrainingJob.CancelReason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a training ended.
sealed interface JobEnd {

  /// A version of the model was kept.
  ///
  /// @param warnings warnings that were not known at acceptance
  /// @param metrics by part, the figures of several networks that are served together; null if one
  ///   is, whose epochs have figures
  /// @param standing how good the version is; null if a former version of the service made it
  record Succeeded(
      JobResult result,
      List<String> warnings,
      @Nullable Map<String, Map<String, Number>> metrics,
      @Nullable Standing standing)
      implements JobEnd {

    /// One network is served.
    Succeeded(JobResult result, List<String> warnings) {
      this(result, warnings, null, null);
    }

    static Succeeded of(ModelReference version, Learned learned) {
      return new Succeeded(
          JobResult.of(version, learned),
          learned.warnings(),
          learned.bagging() == null && learned.ensemble() == null && learned.choice() == null
              ? null
              : figures(learned.evaluations()),
          Standing.of(learned));
    }

    private static Map<String, Map<String, Number>> figures(Map<String, Evaluation> evaluations) {
      Map<String, Map<String, Number>> figures = new LinkedHashMap<>();
      evaluations.forEach(
          (part, evaluation) -> {
            Map<String, Number> ofPart = new LinkedHashMap<>();
            ofPart.put("rows", evaluation.rows());
            ofPart.putAll(evaluation.figures());
            figures.put(part, ofPart);
          });
      return figures;
    }

    public Succeeded {
      warnings = KeptWarnings.of(warnings);
    }
  }

  record Failed(Problem error) implements JobEnd {

    /// The training broke down by a fault of the service. Clients are told no details; these are in
    /// the log.
    static Failed because(Throwable thrown) {
      return new Failed(
          Problem.of(
              ProblemCode.INTERNAL_ERROR,
              thrown instanceof OutOfMemoryError
                  ? "the training ran out of memory"
                  : "the training broke down; the log tells more"));
    }
  }

  record Cancelled(Problem error) implements JobEnd {

    static Cancelled because(CancelReason reason) {
      return new Cancelled(
          switch (reason) {
            case CLAIM_LOST -> throw new IllegalArgumentException("goes on elsewhere");
            case REQUEST -> Problem.of(ProblemCode.CANCELLED, "the training was cancelled");
            case SERVICE_STOPPING ->
                Problem.of(
                    ProblemCode.SERVICE_STOPPING,
                    "the service stopped before the training was done");
          });
    }
  }

  /// The epoch whose figures a training shows.
  ///
  /// @param end null until it has ended
  /// @param epochs how many epochs have ended
  /// @return the epoch whose parameters are served; the latest while the training has not
  ///   succeeded; 0 if none has ended
  static int shownEpoch(@Nullable JobEnd end, int epochs) {
    return end instanceof Succeeded(JobResult result, _, _, _)
        ? Math.min(result.bestEpoch(), epochs)
        : epochs;
  }

  default JobState state() {
    return switch (this) {
      case Succeeded _ -> JobState.SUCCEEDED;
      case Failed _ -> JobState.FAILED;
      case Cancelled _ -> JobState.CANCELLED;
    };
  }
}
