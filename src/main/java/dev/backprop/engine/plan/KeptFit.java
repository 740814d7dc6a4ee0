package dev.backprop.engine.plan;

import dev.backprop.engine.training.Ending;
import dev.backprop.engine.training.EpochReport;
import java.util.List;

/// A fit that has ended and whose network will be served. Its encoders follow from its rows.
///
/// @param history every epoch, oldest first
/// @param bestEpoch the one whose parameters are kept, from 1
/// @param values parameters and running statistics; never changed
@SuppressWarnings("ArrayRecordComponent") // held, never compared
record KeptFit(List<EpochReport> history, int bestEpoch, Ending ending, float[] values) {

  static KeptFit of(TrainingResult.Trained trained) {
    Learned learned = trained.learned();
    return new KeptFit(
        learned.history(),
        learned.bestEpoch(),
        learned.ending(),
        trained.predictor().scorer().network().parameters().values());
  }
}
