package dev.backprop.engine.plan;

import dev.backprop.engine.data.Examples;
import dev.backprop.engine.data.Folds;
import dev.backprop.engine.data.Split;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.FitSupervisor;
import dev.backprop.engine.training.Signal;
import dev.backprop.engine.training.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// For each fold a network learns from the others, with encoders of its own, and is measured on it
/// at its best epoch.
///
/// Folds are fitted side by side, each on one thread of the team. What comes of them depends on
/// nothing but their rows and the seed, which is the same for all.
final class FoldFits {

  private final Fit fit;
  private final TrainingSpec training;
  private final Folds folds;
  private final boolean kept;

  /// @param training resolved
  /// @param kept whether the networks will be served
  FoldFits(Fit fit, TrainingSpec training, Folds folds, boolean kept) {
    this.fit = fit;
    this.training = training;
    this.folds = folds;
    this.kept = kept;
  }

  /// @return null if all have ended, else what the first one came to that has not
  @Nullable TrainingResult run(Team team, Supervisor supervisor, FoldCheckpoints progress) {
    int[] left =
        IntStream.range(0, folds.count()).filter(fold -> !progress.hasEnded(fold + 1)).toArray();
    NavigableMap<Integer, TrainingResult> failed = new ConcurrentSkipListMap<>();
    // Once a fold has failed those behind it need not go on. Those before it do, so that the first
    // one that fails is the same on any number of threads. No fold need go on once one has thrown.
    AtomicInteger firstFailed = new AtomicInteger(folds.count());
    team.run(
        left.length,
        piece -> {
          int fold = left[piece];
          TrainingResult result;
          try {
            result = fit(fold, supervisor, firstFailed, progress);
          } catch (Throwable e) {
            firstFailed.set(-1);
            throw e;
          }
          if (!(result instanceof TrainingResult.Trained)) {
            failed.put(fold, result);
          }
          if (!(result instanceof TrainingResult.Trained
              || result instanceof TrainingResult.Suspended)) {
            firstFailed.accumulateAndGet(fold, Math::min);
          }
        });
    if (failed.isEmpty()) {
      return null;
    }
    TrainingResult first = failed.firstEntry().getValue();
    if (first instanceof TrainingResult.Suspended) {
      progress.save();
    }
    return first;
  }

  private TrainingResult fit(
      int fold, Supervisor supervisor, AtomicInteger firstFailed, FoldCheckpoints progress) {
    if (progress.isSuspended()) {
      return new TrainingResult.Suspended();
    }
    int number = fold + 1;
    Split rows = folds.split(fold);
    Snapshot start = progress.begin(number);
    TrainingResult result =
        fit.run(
            rows,
            training.onFewer(rows.training().length),
            training.epochs(),
            Team.ALONE,
            start,
            new FitSupervisor() {

              @Override
              public void onEpoch(EpochReport report) {
                supervisor.onFoldEpoch(number, report);
              }

              @Override
              public Signal signal() {
                return firstFailed.get() < fold ? Signal.CANCEL : supervisor.signal();
              }

              @Override
              public void keep(Signal why, Supplier<Snapshot> snapshot) {
                progress.keep(number, why, snapshot);
              }
            });
    MeasuredFold measured =
        result instanceof TrainingResult.Trained trained
            ? MeasuredFold.of(number, trained, kept)
            : null;
    if (measured != null) {
      supervisor.onFold(measured.figures());
    }
    progress.end(number, measured);
    return result instanceof TrainingResult.Diverged(_, int epoch, String detail)
        ? new TrainingResult.Diverged(number, epoch, detail)
        : result;
  }

  /// What the folds lack of the classes.
  ///
  /// @param split whose training rows were dealt to the folds
  List<String> warnings(Split split) {
    if (!(fit.data().target() instanceof Target.Classes(_, List<Label> classes))) {
      return List.of();
    }
    Examples examples = fit.data().unencoded();
    int[] rows = new int[classes.size()];
    for (int row : split.training()) {
      rows[examples.stratum(row)]++;
    }
    int[] foldsWith = foldsWith(examples, classes.size());
    List<String> warnings = new ArrayList<>();
    for (int c = 0; c < rows.length; c++) {
      if (rows[c] < folds.count()) {
        warnings.add(
            "class '%s' has %d rows, fewer than the %d folds: some are measured without it"
                .formatted(classes.get(c), rows[c], folds.count()));
      } else if (foldsWith[c] < folds.count()) {
        warnings.add(
            "class '%s' is in %d of the %d folds: the others are measured without it"
                .formatted(classes.get(c), foldsWith[c], folds.count()));
      }
    }
    return warnings;
  }

  /// How many folds hold out rows of each class.
  private int[] foldsWith(Examples examples, int classes) {
    int[] foldsWith = new int[classes];
    for (int fold = 0; fold < folds.count(); fold++) {
      boolean[] has = new boolean[classes];
      for (int row : folds.split(fold).validation()) {
        has[examples.stratum(row)] = true;
      }
      for (int c = 0; c < classes; c++) {
        foldsWith[c] += has[c] ? 1 : 0;
      }
    }
    return foldsWith;
  }
}
