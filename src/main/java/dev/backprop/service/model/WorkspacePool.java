package dev.backprop.service.model;

import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorWorkspace;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Workspaces of one row, to be borrowed for the length of one forward pass.
///
/// Keeps as many as there are cores: no more can compute at once. If none is free a fresh one is
/// made rather than waited for, and left to the garbage collector when the pool has no place for
/// it. No lock; each place is one atomic reference.
public final class WorkspacePool {

  private final Predictor predictor;
  private final AtomicReferenceArray<PredictorWorkspace> places;

  WorkspacePool(Predictor predictor) {
    this.predictor = predictor;
    this.places = new AtomicReferenceArray<>(Runtime.getRuntime().availableProcessors());
  }

  /// A workspace for the caller alone, until [#giveBack].
  public PredictorWorkspace borrow() {
    for (int i = 0; i < places.length(); i++) {
      PredictorWorkspace workspace = places.getPlain(i) == null ? null : places.getAndSet(i, null);
      if (workspace != null) {
        return workspace;
      }
    }
    return predictor.workspace(1);
  }

  public void giveBack(PredictorWorkspace workspace) {
    for (int i = 0; i < places.length(); i++) {
      if (places.getPlain(i) == null && places.compareAndSet(i, null, workspace)) {
        return;
      }
    }
  }
}
