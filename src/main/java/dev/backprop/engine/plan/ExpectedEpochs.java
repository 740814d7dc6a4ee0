package dev.backprop.engine.plan;

import dev.backprop.engine.scoring.Selection;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.training.EpochReport;
import org.jspecify.annotations.Nullable;

/// How many epochs a fit is expected to run. Without early stopping it runs all of them.
///
/// With it, nobody can know. 60 fits to 17 public tables ran 3.1 times their patience in the
/// geometric mean, nine of ten between 1.2 and 10 times, however many batches an epoch had. So a
/// fit that begins is expected to run three times its patience. While it runs, the best epoch so
/// far says more. If that is recent, half as many epochs again are expected to find a better one;
/// the longer none has, the fewer.
public final class ExpectedEpochs {

  /// Patience that passes until the best epoch.
  private static final double PATIENCE_BEFORE_BEST = 2;

  /// What is added to the best epoch so far.
  private static final double FURTHER = 0.5;

  private final int most;
  private final EarlyStoppingSpec stopping;
  private final @Nullable Selection selection;
  private double milestone = Double.POSITIVE_INFINITY;
  private int milestoneEpoch;
  private int run;

  /// @param training resolved
  /// @param most epochs that the fit may run
  public ExpectedEpochs(TrainingSpec training, int most) {
    this.most = most;
    this.stopping = training.resolvedEarlyStopping();
    this.selection = training.selection() == null ? null : new Selection(training.selection());
  }

  /// @param training resolved
  /// @return how many epochs a fit that has not begun runs
  static double of(TrainingSpec training) {
    return new ExpectedEpochs(training, training.epochs()).total();
  }

  /// @param training resolved
  /// @return which epoch of such a fit is the best; the last one without early stopping
  public static double best(TrainingSpec training) {
    return training.resolvedEarlyStopping() instanceof EarlyStoppingSpec.Patience patience
        ? Math.min(training.epochs(), PATIENCE_BEFORE_BEST * patience.patience())
        : training.epochs();
  }

  /// Hears of an epoch that has ended.
  public void onEpoch(EpochReport report) {
    run = report.epoch();
    if (!(stopping instanceof EarlyStoppingSpec.Patience patience)) {
      return;
    }
    Double figure = report.monitored(patience.monitor());
    if (selection != null) {
      figure =
          report.selected() == null
              ? null
              : Double.valueOf(selection.cost(report.selected().value()));
    }
    if (figure != null && figure < milestone - patience.minDelta()) {
      milestone = figure;
      milestoneEpoch = run;
    }
  }

  /// Knows only how many epochs have ended, the last of which counts as the best.
  public void show(int epochs) {
    run = epochs;
    milestoneEpoch = epochs;
  }

  /// How many epochs have ended.
  public int run() {
    return run;
  }

  /// How many it is expected to run in all, at least one more than have ended unless these are all.
  public double total() {
    if (!(stopping instanceof EarlyStoppingSpec.Patience(int patience, double _, var _))) {
      return most;
    }
    double stalled = (double) (run - milestoneEpoch) / patience;
    double further =
        Math.max(PATIENCE_BEFORE_BEST * patience - milestoneEpoch, FURTHER * milestoneEpoch);
    double total = milestoneEpoch + patience + Math.max(0, 1 - 2 * stalled) * further;
    return Math.min(most, Math.max(total, run + 1.0));
  }

  /// How many are expected to follow.
  public double left() {
    return Math.max(0, total() - run);
  }
}
