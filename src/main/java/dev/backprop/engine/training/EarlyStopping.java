package dev.backprop.engine.training;

import dev.backprop.engine.optim.State;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.TrainingSpec;

/// Remembers the best epoch and its parameters, and when to give up waiting for a better one.
final class EarlyStopping {

  private final EarlyStoppingSpec.Patience spec;
  private final float[] best;
  private double bestLoss = Double.POSITIVE_INFINITY;
  private double milestone = Double.POSITIVE_INFINITY;
  private int bestEpoch;
  private int milestoneEpoch;

  EarlyStopping(EarlyStoppingSpec.Patience spec, int parameters) {
    this.spec = spec;
    this.best = new float[parameters];
  }

  /// Takes an epoch into account, if there are validation rows.
  ///
  /// @param parameters of the network that was validated
  /// @return true when patience has run out
  boolean onEpoch(EpochReport report, float[] parameters) {
    Double loss = report.monitored(spec.monitor());
    return loss != null && onEpoch(report.epoch(), loss, parameters);
  }

  /// @param validationLoss the one that is watched
  boolean onEpoch(int epoch, double validationLoss, float[] parameters) {
    if (validationLoss < bestLoss) {
      bestLoss = validationLoss;
      bestEpoch = epoch;
      System.arraycopy(parameters, 0, best, 0, best.length);
    }
    // A fall smaller than minDelta is kept as the best but buys no more patience.
    if (validationLoss < milestone - spec.minDelta()) {
      milestone = validationLoss;
      milestoneEpoch = epoch;
    }
    return epoch - milestoneEpoch >= spec.patience();
  }

  void exchange(State state) {
    bestLoss = state.number(bestLoss);
    milestone = state.number(milestone);
    bestEpoch = state.integer(bestEpoch, 0, TrainingSpec.MAX_EPOCHS);
    milestoneEpoch = state.integer(milestoneEpoch, 0, TrainingSpec.MAX_EPOCHS);
    state.floats(best);
  }

  int bestEpoch() {
    return bestEpoch;
  }

  void restore(float[] parameters) {
    System.arraycopy(best, 0, parameters, 0, best.length);
  }
}
