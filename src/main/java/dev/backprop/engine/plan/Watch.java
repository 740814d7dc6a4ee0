package dev.backprop.engine.plan;

import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.FitSupervisor;
import dev.backprop.engine.training.Signal;
import dev.backprop.engine.training.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Who watches over a training, and the checkpoint from which it goes on.
///
/// @param fingerprint of the training
/// @param from null to begin
record Watch(Supervisor supervisor, Fingerprint fingerprint, @Nullable Checkpoint from) {

  /// What the fit of the network that will be kept goes on from; null to begin.
  @Nullable Snapshot keptSnapshot() {
    return from == null ? null : from.fits().get(Checkpoint.KEPT);
  }

  /// Watches over the fit of the network that will be kept.
  ///
  /// @param folds before it, which have all ended
  FitSupervisor kept(List<MeasuredFold> folds) {
    return new FitSupervisor() {

      @Override
      public Signal signal() {
        return supervisor.signal();
      }

      @Override
      public boolean finishes() {
        return supervisor.finishes();
      }

      @Override
      public void keep(Signal why, Supplier<Snapshot> snapshot) {
        supervisor.save(
            new Checkpoint(fingerprint, folds, Map.of(Checkpoint.KEPT, snapshot.get())));
      }

      @Override
      public void onEpoch(EpochReport report) {
        supervisor.onEpoch(report);
      }
    };
  }
}
