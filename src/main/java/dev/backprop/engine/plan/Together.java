package dev.backprop.engine.plan;

import dev.backprop.engine.data.Folds;
import dev.backprop.engine.data.Split;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.training.Ending;
import java.util.List;
import java.util.Objects;
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
record Together(
    List<Candidate> candidates,
    Split split,
    @Nullable Folds folds,
    @Nullable EnsembleSpec ensemble) {

  /// @param limits of the candidates that begin
  TrainingResult run(Team team, Watch watch, Admission.Limits limits) {
    Admission admission = admission(watch, limits);
    FoldCheckpoints progress = new FoldCheckpoints(watch, ensemble == null ? null : admission);
    FitTasks tasks = new FitTasks(candidates, parting(), true, ensemble != null);
    TrainingResult failed = tasks.run(team, watch.supervisor(), progress, admission);
    if (failed != null) {
      return failed;
    }
    Served served = served(progress.ended());
    LastPhase last = new LastPhase(team, watch.supervisor(), progress);
    failed = last.each(served.fits().size(), fit -> tasks.restore(served.fits().get(fit)));
    return failed == null
        ? new Assembly(this, served, served.fits().stream().map(tasks::member).toList(), last)
            .model()
        : failed;
  }

  /// All that has ended, unless the training was finished before its end. Then the candidates whose
  /// fits have all ended by themselves are served. Of the first one, those that were cut are, too.
  private Served served(List<MeasuredFold> ended) {
    int each = parting().count();
    int[] ofCandidate = new int[candidates.size()];
    for (MeasuredFold fold : ended) {
      int candidate = (fold.task() - 1) / each;
      boolean cut = Objects.requireNonNull(fold.kept()).ending() == Ending.STOPPED_BY_TIME;
      ofCandidate[candidate] += candidate == 0 || !cut ? 1 : 0;
    }
    int complete = 0;
    while (complete < ofCandidate.length && ofCandidate[complete] == each) {
      complete++;
    }
    int served = Math.max(1, complete);
    List<MeasuredFold> fits = ended.stream().filter(fold -> fold.task() <= served * each).toList();
    return new Served(
        fits,
        complete > 0
            ? parting()
            : new Parting(
                fits.size(), fold -> parting().split(fits.get(fold).figures().fold() - 1)));
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
