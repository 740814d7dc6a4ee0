package dev.backprop.training;

import dev.backprop.data.Examples;
import dev.backprop.data.Folds;
import dev.backprop.data.Label;
import dev.backprop.data.Split;
import dev.backprop.data.Target;
import dev.backprop.linalg.Team;
import dev.backprop.scoring.Evaluation;
import dev.backprop.spec.TrainingSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/// k-fold cross-validation (Stone 1974; Geisser 1975): for each fold a network learns from the
/// others, with encoders of its own, and is measured on it at its best epoch; then one learns from
/// all rows for as many epochs as the folds found best, and is the model.
///
/// Folds are fitted side by side, each on one thread of the team; what comes of them depends on
/// nothing but their rows and the seed, which is the same for all.
final class CrossValidation {

  private final Fit fit;
  private final TrainingSpec training;
  private final Split split;
  private final Folds folds;

  /// @param training resolved
  /// @param split its training rows are dealt to the folds, its test rows are kept out of them
  CrossValidation(Fit fit, TrainingSpec training, Split split, int count) {
    this.fit = fit;
    this.training = training;
    this.split = split;
    this.folds = folds(fit.data(), split, count, training.seed());
  }

  /// How the rows of a split that do not test are dealt.
  static Folds folds(TrainingData data, Split split, int count, long seed) {
    return Folds.of(data.unencoded(), split.training(), count, seed);
  }

  TrainingResult run(Team team, TrainingListener listener, BooleanSupplier cancelled) {
    NavigableMap<Integer, CrossValidationResult.Fold> measured = new ConcurrentSkipListMap<>();
    NavigableMap<Integer, Evaluation> evaluations = new ConcurrentSkipListMap<>();
    NavigableMap<Integer, TrainingResult> failed = new ConcurrentSkipListMap<>();
    // Once a fold has failed those behind it need not go on. Those before it do, so that the first
    // one that fails is the same on any number of threads.
    AtomicInteger firstFailed = new AtomicInteger(folds.count());
    team.run(
        folds.count(),
        fold -> {
          TrainingResult result =
              fit(fold, listener, () -> cancelled.getAsBoolean() || firstFailed.get() < fold);
          if (result instanceof TrainingResult.Trained trained) {
            Evaluation evaluation = Objects.requireNonNull(trained.evaluations().get("validation"));
            CrossValidationResult.Fold figures =
                new CrossValidationResult.Fold(
                    fold + 1,
                    evaluation.rows(),
                    trained.epochs(),
                    trained.bestEpoch(),
                    evaluation.figures());
            measured.put(fold, figures);
            evaluations.put(fold, evaluation);
            listener.onFold(figures);
          } else {
            failed.put(fold, result);
            firstFailed.accumulateAndGet(fold, Math::min);
          }
        });
    return failed.isEmpty()
        ? fitAll(
            CrossValidationResult.of(
                List.copyOf(measured.values()), List.copyOf(evaluations.values())),
            team,
            listener,
            cancelled)
        : failed.firstEntry().getValue();
  }

  private TrainingResult fit(int fold, TrainingListener listener, BooleanSupplier cancelled) {
    Split rows = folds.split(fold);
    TrainingResult result =
        fit.run(
            rows,
            training.onFewer(rows.training().length),
            training.epochs(),
            Team.ALONE,
            report -> listener.onFoldEpoch(fold + 1, report),
            cancelled);
    return result instanceof TrainingResult.Diverged(_, int epoch, String detail)
        ? new TrainingResult.Diverged(fold + 1, epoch, detail)
        : result;
  }

  private TrainingResult fitAll(
      CrossValidationResult result,
      Team team,
      TrainingListener listener,
      BooleanSupplier cancelled) {
    TrainingResult last =
        fit.run(split, training.withoutStopping(), result.epochs(), team, listener, cancelled);
    return last instanceof TrainingResult.Trained trained ? trained.with(result, warnings()) : last;
  }

  private List<String> warnings() {
    if (!(fit.data().target() instanceof Target.Classes(_, List<Label> classes))) {
      return List.of();
    }
    Examples examples = fit.data().unencoded();
    int[] rows = new int[classes.size()];
    for (int row : split.training()) {
      rows[examples.stratum(row)]++;
    }
    List<String> warnings = new ArrayList<>();
    for (int c = 0; c < rows.length; c++) {
      if (rows[c] < folds.count()) {
        warnings.add(
            "class '%s' has %d rows, fewer than the %d folds: some are measured without it"
                .formatted(classes.get(c), rows[c], folds.count()));
      }
    }
    return warnings;
  }
}
