package dev.backprop.service.model;

import dev.backprop.engine.drift.Window;
import dev.backprop.engine.figures.Threshold;
import dev.backprop.engine.plan.Insights;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.platform.artifact.ModelDraft;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A trained model that can answer, under a name and a number. Immutable, and serves many threads:
/// whoever holds it can finish its work although the version is deleted meanwhile.
///
/// @param draft what the training handed over
/// @param inputs how rows are written for this version
/// @param workspaces scratch for answering single rows
/// @param window counts the rows that it is asked in this process; null if there is nothing to
///   compare them with
public record ModelVersion(
    VersionHead head,
    ModelDraft draft,
    ModelInputs inputs,
    WorkspacePool workspaces,
    @Nullable Window window) {

  ModelVersion(VersionHead head, ModelDraft draft) {
    this(head, draft, ModelInputs.of(draft), new WorkspacePool(draft.predictor()), window(draft));
  }

  private static @Nullable Window window(ModelDraft draft) {
    Insights insights = draft.learned().insights();
    return insights == null || insights.reference() == null
        ? null
        : new Window(insights.reference());
  }

  /// The same version as others know it now, who may have chosen a threshold since.
  ModelVersion as(VersionHead known) {
    Threshold chosen = known.threshold();
    return chosen == null
        ? this
        : new ModelVersion(
            known,
            draft.with(predictor().with(predictor().certainty().with(chosen))),
            inputs,
            workspaces,
            window);
  }

  /// The model's name.
  public String name() {
    return head.name();
  }

  /// From 1, in the order in which trainings succeeded.
  public int version() {
    return head.version();
  }

  public Instant createdAt() {
    return head.createdAt();
  }

  /// What it takes in memory while it answers.
  public long bytes() {
    return head.bytes();
  }

  public Predictor predictor() {
    return draft.predictor();
  }

  /// What it knows of its columns.
  ///
  /// @throws ProblemException 422 if it was trained when nothing of it was kept
  public Insights insights() {
    Insights insights = draft.learned().insights();
    if (insights == null) {
      throw new ProblemException(
          ProblemCode.NO_INSIGHTS,
          "version %d of model '%s' was trained by a former version of the service, which kept no typical row and no reference; train it again"
              .formatted(version(), name()));
    }
    return insights;
  }

  @Override
  public String toString() {
    return head.toString();
  }
}
