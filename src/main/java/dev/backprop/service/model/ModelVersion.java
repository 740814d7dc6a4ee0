package dev.backprop.service.model;

import dev.backprop.engine.scoring.Predictor;
import dev.backprop.platform.artifact.ModelDraft;
import java.time.Instant;

/// A trained model that can answer, under a name and a number. Immutable, and serves many threads:
/// whoever holds it can finish its work although the version is deleted meanwhile.
///
/// @param draft what the training handed over
/// @param inputs how rows are written for this version
/// @param workspaces scratch for answering single rows
public record ModelVersion(
    VersionHead head, ModelDraft draft, ModelInputs inputs, WorkspacePool workspaces) {

  ModelVersion(VersionHead head, ModelDraft draft) {
    this(head, draft, ModelInputs.of(draft), new WorkspacePool(draft.predictor()));
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

  @Override
  public String toString() {
    return head.toString();
  }
}
