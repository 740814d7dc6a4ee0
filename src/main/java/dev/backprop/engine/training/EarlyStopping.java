package dev.backprop.engine.training;

import dev.backprop.engine.optim.State;
import dev.backprop.engine.scoring.Selection;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.TrainingSpec;
import org.jspecify.annotations.Nullable;

/// Remembers the best epoch and its parameters, and when to give up waiting for a better one.
///
/// If the training names the figure that selects, the last of equally good epochs is the best, as
/// in RealMLP (Holzmüller et al. 2024); more epochs have seen more of the schedule. Otherwise the
/// first is, as before there was a choice. More patience is bought by a better epoch only.
final class EarlyStopping {

  private final EarlyStoppingSpec spec;
  private final @Nullable Selection selection;
  private final float[] best;

  /// How often an epoch is looked at.
  private final int looks;

  // Costs, of which less is better.
  private double bestCost = Double.POSITIVE_INFINITY;
  private double milestone = Double.POSITIVE_INFINITY;

  private int bestEpoch;
  private int milestoneEpoch;

  /// @param selection null if the spec says what it watches
  EarlyStopping(EarlyStoppingSpec spec, @Nullable Selection selection, int parameters) {
    this(spec, selection, parameters, 1);
  }

  private EarlyStopping(
      EarlyStoppingSpec spec, @Nullable Selection selection, int parameters, int looks) {
    this.looks = looks;
    this.spec = spec;
    this.selection = selection;
    this.best = new float[parameters];
  }

  /// @param training resolved
  /// @return null if the last epoch is served, whatever came before
  static @Nullable EarlyStopping of(TrainingSpec training, int parameters) {
    return of(training, parameters, 1);
  }

  /// The same that is told of every part of an epoch, by the number of that part in place of the
  /// epoch's. Its patience is in epochs still.
  ///
  /// @param looks how many parts an epoch has
  static @Nullable EarlyStopping of(TrainingSpec training, int parameters, int looks) {
    return training.servesBestEpoch()
        ? new EarlyStopping(
            training.resolvedEarlyStopping(),
            training.selection() == null ? null : new Selection(training.selection()),
            parameters,
            looks)
        : null;
  }

  /// Takes an epoch into account, if there are validation rows.
  ///
  /// @param parameters of the network that was validated
  /// @return true when patience has run out
  boolean onEpoch(EpochReport report, float[] parameters) {
    Double figure =
        switch (spec) {
          case EarlyStoppingSpec.Patience patience when selection == null ->
              report.monitored(patience.monitor());
          case EarlyStoppingSpec.Patience _, EarlyStoppingSpec.None _ ->
              report.selected() == null ? null : Double.valueOf(report.selected().value());
        };
    return figure != null && onEpoch(report.epoch(), figure, parameters);
  }

  /// @param figure the one that is watched
  boolean onEpoch(int epoch, double figure, float[] parameters) {
    double cost = selection == null ? figure : selection.cost(figure);
    if (cost < bestCost || (selection != null && cost == bestCost)) {
      bestCost = cost;
      bestEpoch = epoch;
      System.arraycopy(parameters, 0, best, 0, best.length);
    }
    return switch (spec) {
      case EarlyStoppingSpec.None _ -> false;
      case EarlyStoppingSpec.Patience patience -> {
        // A fall smaller than minDelta is kept as the best but buys no more patience.
        if (cost < milestone - patience.minDelta()) {
          milestone = cost;
          milestoneEpoch = epoch;
        }
        yield epoch - milestoneEpoch >= (long) patience.patience() * looks;
      }
    };
  }

  void exchange(State state) {
    bestCost = state.number(bestCost);
    milestone = state.number(milestone);
    bestEpoch = state.integer(bestEpoch, 0, TrainingSpec.MAX_EPOCHS * looks);
    milestoneEpoch = state.integer(milestoneEpoch, 0, TrainingSpec.MAX_EPOCHS * looks);
    state.floats(best);
  }

  int bestEpoch() {
    return bestEpoch;
  }

  void restore(float[] parameters) {
    System.arraycopy(best, 0, parameters, 0, best.length);
  }
}
