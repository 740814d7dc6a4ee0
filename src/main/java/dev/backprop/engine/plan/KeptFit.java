package dev.backprop.engine.plan;

import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.FitSupervisor;
import dev.backprop.engine.training.Signal;
import dev.backprop.engine.training.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Watches over the fit of the network that will be kept.
///
/// @param fingerprint of the training
/// @param folds before it, which have all ended
record KeptFit(Supervisor supervisor, Fingerprint fingerprint, List<MeasuredFold> folds)
    implements FitSupervisor {

  @Override
  public Signal signal() {
    return supervisor.signal();
  }

  @Override
  public void keep(Signal why, Supplier<Snapshot> snapshot) {
    supervisor.save(new Checkpoint(fingerprint, folds, Map.of(Checkpoint.KEPT, snapshot.get())));
  }

  @Override
  public void onEpoch(EpochReport report) {
    supervisor.onEpoch(report);
  }
}
