package dev.backprop.model;

import dev.backprop.scoring.Predictor;
import java.time.Instant;

/// A trained model that can answer, under a name and a number. Immutable, and serves many threads:
/// whoever holds it can finish its work although the version is deleted meanwhile.
public final class ModelVersion {

  private final String name;
  private final int version;
  private final Instant createdAt;
  private final long bytes;
  private final ModelDraft draft;
  private final ModelInputs inputs;
  private final WorkspacePool workspaces;

  ModelVersion(String name, int version, Instant createdAt, long bytes, ModelDraft draft) {
    this.name = name;
    this.version = version;
    this.createdAt = createdAt;
    this.bytes = bytes;
    this.draft = draft;
    this.inputs = ModelInputs.of(draft);
    this.workspaces = new WorkspacePool(draft.predictor().scorer().network());
  }

  /// The model's name.
  public String name() {
    return name;
  }

  /// From 1, in the order in which trainings succeeded.
  public int version() {
    return version;
  }

  public Instant createdAt() {
    return createdAt;
  }

  /// What it takes from the repository's budget.
  public long bytes() {
    return bytes;
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
    return name + " version " + version;
  }
}
