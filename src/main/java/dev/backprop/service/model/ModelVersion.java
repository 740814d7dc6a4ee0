package dev.backprop.service.model;

import dev.backprop.engine.scoring.Predictor;
import dev.backprop.platform.artifact.ModelDraft;
import java.time.Instant;

/// A trained model that can answer, under a name and a number. Immutable, and serves many threads:
/// whoever holds it can finish its work although the version is deleted meanwhile.
public final class ModelVersion {

  private final VersionHead head;
  private final ModelDraft draft;
  private final ModelInputs inputs;
  private final WorkspacePool workspaces;

  ModelVersion(VersionHead head, ModelDraft draft) {
    this.head = head;
    this.draft = draft;
    this.inputs = ModelInputs.of(draft);
    this.workspaces = new WorkspacePool(draft.predictor().scorer().network());
  }

  public VersionHead head() {
    return head;
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

  /// What the training handed over.
  public ModelDraft draft() {
    return draft;
  }

  /// How rows are written for this version.
  public ModelInputs inputs() {
    return inputs;
  }

  /// Scratch for answering single rows.
  public WorkspacePool workspaces() {
    return workspaces;
  }

  @Override
  public String toString() {
    return head.toString();
  }
}
