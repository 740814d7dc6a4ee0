package dev.backprop.engine.training;

import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Who hears of a fit, and may hold it up.
///
/// @param cancelled asked before every step
/// @param keeper of its state
/// @param start where it goes on from; null where it begins
record Supervision(
    TrainingListener listener, BooleanSupplier cancelled, Keeper keeper, @Nullable Snapshot start) {

  /// As [Checkpoints], of one fit.
  interface Keeper {

    Checkpoints.Wish wish();

    /// @param why the wish that is met, not to go on
    /// @param snapshot makes one
    void keep(Checkpoints.Wish why, Supplier<Snapshot> snapshot);
  }

  /// Never asks for anything.
  private static final Keeper NOBODY = keeper(Checkpoints.NONE, new Fingerprint(""));

  Supervision(TrainingListener listener, BooleanSupplier cancelled) {
    this(listener, cancelled, NOBODY, null);
  }

  /// Keeps snapshots of a training that is one fit.
  static Keeper keeper(Checkpoints checkpoints, Fingerprint fingerprint) {
    return keeper(checkpoints, fingerprint, List.of());
  }

  /// Keeps snapshots of the fit of the network that will be kept.
  ///
  /// @param folds before it, which have all ended
  static Keeper keeper(Checkpoints checkpoints, Fingerprint fingerprint, List<MeasuredFold> folds) {
    return new Keeper() {

      @Override
      public Checkpoints.Wish wish() {
        return checkpoints.wish();
      }

      @Override
      public void keep(Checkpoints.Wish why, Supplier<Snapshot> snapshot) {
        checkpoints.save(
            new Checkpoint(fingerprint, folds, Map.of(Checkpoint.KEPT, snapshot.get())));
      }
    };
  }

  /// What holds the fit up.
  ///
  /// @param snapshot makes one of it, between two steps
  Gate gate(Supplier<Snapshot> snapshot) {
    return new Gate() {

      private boolean isCancelled;
      private boolean moved;

      @Override
      public Answer pass() {
        if (isCancelled()) {
          return Answer.CANCEL;
        }
        Checkpoints.Wish wish = keeper.wish();
        boolean further = moved;
        moved = true;
        // A checkpoint before the first step would be newer than the one before but no further.
        if (wish == Checkpoints.Wish.GO_ON || (wish == Checkpoints.Wish.SAVE && !further)) {
          return Answer.GO_ON;
        }
        keeper.keep(wish, snapshot);
        return wish == Checkpoints.Wish.SUSPEND ? Answer.SUSPEND : Answer.GO_ON;
      }

      @Override
      public boolean isClosing() {
        return isCancelled() || keeper.wish() == Checkpoints.Wish.SUSPEND;
      }

      // Once cancelled, always cancelled.
      private boolean isCancelled() {
        isCancelled = isCancelled || cancelled.getAsBoolean();
        return isCancelled;
      }
    };
  }
}
