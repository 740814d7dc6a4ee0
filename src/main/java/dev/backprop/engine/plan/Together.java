package dev.backprop.engine.plan;

import dev.backprop.engine.data.Folds;
import dev.backprop.engine.data.Split;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.training.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Several networks are served together, whose answers are averaged.
///
/// With folds, the networks of all folds are served (Breiman 1996, Bagging Predictors; with folds
/// as in Krogh and Vedelsby 1995). Each row is answered out of fold by the networks that have not
/// learned from it, so that all rows tell how good the networks are. Without folds, the rows that
/// are held out do. An ensemble has several candidates, of which [GreedySelection] may choose by
/// these answers.
///
/// @param split with folds, its training rows have been dealt to them; its test rows are kept out
/// @param folds null if the rows are held out once
/// @param ensemble null if there is one candidate, which is served
/// @param look back at the end
record Together(
    List<Candidate> candidates,
    Split split,
    @Nullable Folds folds,
    @Nullable EnsembleSpec ensemble,
    LastLook look) {

  /// @param limits of the candidates that begin
  TrainingResult run(Team team, Watch watch, Admission.Limits limits) {
    Admission admission = admission(watch, limits);
    FoldCheckpoints progress = new FoldCheckpoints(watch, ensemble == null ? null : admission);
    FitTasks tasks = new FitTasks(candidates, parting(), true, ensemble != null);
    TrainingResult failed = tasks.run(team, watch.supervisor(), progress, admission);
    if (failed != null) {
      return failed;
    }
    Served served = served(tasks, progress.ended());
    LastPhase last = new LastPhase(team, watch.supervisor(), progress);
    failed = last.each(served.fits().size(), fit -> tasks.restore(served.fits().get(fit)));
    return failed == null
        ? new Assembly(
                this,
                served,
                served.fits().stream().map(tasks::member).toList(),
                leftOut(tasks, served),
                last)
            .model()
        : failed;
  }

  /// All that has ended and is not out, unless the training was finished before its end. Then the
  /// candidates whose fits have all ended by themselves are served. Of the first one, those that
  /// were cut are, too.
  private Served served(FitTasks tasks, List<MeasuredFold> ended) {
    List<Integer> complete = new ArrayList<>();
    int trained = 0;
    for (; trained < candidates.size(); trained++) {
      if (tasks.divergence(trained) == null) {
        List<MeasuredFold> fits = fits(trained, ended);
        long counted =
            complete.isEmpty() ? fits.size() : fits.stream().filter(fit -> !isCut(fit)).count();
        if (counted < parting().count()) {
          break;
        }
        complete.add(trained);
      }
    }
    return complete.isEmpty()
        ? partly(tasks, ended)
        : new Served(
            complete,
            trained,
            complete.stream().flatMap(one -> fits(one, ended).stream()).toList(),
            parting());
  }

  /// Of the first candidate that is not out, the fits that there are.
  private Served partly(FitTasks tasks, List<MeasuredFold> ended) {
    int first =
        IntStream.range(0, candidates.size())
            .filter(one -> tasks.divergence(one) == null && !fits(one, ended).isEmpty())
            .findFirst()
            .orElseThrow();
    List<MeasuredFold> fits = fits(first, ended);
    return new Served(
        List.of(first),
        first + 1,
        fits,
        new Parting(fits.size(), fold -> parting().split(fits.get(fold).figures().fold() - 1)));
  }

  private List<MeasuredFold> fits(int candidate, List<MeasuredFold> ended) {
    int each = parting().count();
    return ended.stream().filter(fold -> (fold.task() - 1) / each == candidate).toList();
  }

  private static boolean isCut(MeasuredFold fit) {
    return Objects.requireNonNull(fit.kept()).ending() == Ending.STOPPED_BY_TIME;
  }

  /// Why some of those that were trained are not served.
  private List<String> leftOut(FitTasks tasks, Served served) {
    List<String> warnings = new ArrayList<>();
    for (int candidate = 0; candidate < served.trained(); candidate++) {
      TrainingResult.Diverged why = tasks.divergence(candidate);
      if (why != null) {
        warnings.add(
            "%s diverged in epoch %d: %s; the member is left out"
                .formatted(why.what(), why.epoch(), why.detail()));
      }
    }
    return warnings;
  }

  private Admission admission(Watch watch, Admission.Limits limits) {
    Begun from = watch.from() == null ? null : watch.from().begun();
    if (from == null) {
      Integer asked = ensemble == null ? null : ensemble.candidates();
      from =
          new Begun(
              asked != null ? asked : limits.seconds() == null ? candidates.size() : 1,
              asked != null,
              0);
    }
    return new Admission(
        candidates.stream().mapToDouble(Candidate::cost).toArray(),
        parting().count(),
        limits,
        from,
        lead().clock());
  }

  Parting parting() {
    return folds == null ? Parting.of(split) : Parting.of(folds);
  }

  Fit lead() {
    return candidates.getFirst().fit();
  }
}
