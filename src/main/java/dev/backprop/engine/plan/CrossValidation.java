package dev.backprop.engine.plan;

import dev.backprop.engine.data.Folds;
import dev.backprop.engine.data.Split;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.spec.TrainingSpec;
import java.util.List;

/// k-fold cross-validation (Stone 1974; Geisser 1975). The folds tell how good such a network is.
/// Then one learns from all rows for as many epochs as the folds found best, and is the model.
///
/// @param training resolved
/// @param split its training rows have been dealt to the folds, its test rows are kept out
record CrossValidation(Fit fit, TrainingSpec training, Split split, Folds folds) {

  TrainingResult run(Team team, Watch watch) {
    FoldCheckpoints progress = new FoldCheckpoints(watch);
    List<Candidate> one = List.of(new Candidate(fit, training, 1));
    TrainingResult failed =
        new FitTasks(one, Parting.of(folds), false, false)
            .run(team, watch.supervisor(), progress, Admission.of(one, folds.count(), fit.clock()));
    if (failed != null) {
      return failed;
    }
    List<MeasuredFold> ended = progress.ended();
    CrossValidationResult told =
        CrossValidationResult.of(
            ended.stream().map(MeasuredFold::figures).toList(),
            ended.stream().map(MeasuredFold::parts).toList());
    CrossValidationResult result = training.servesBestEpoch() ? told.selected() : told;
    TrainingResult last =
        fit.judging()
            .run(
                split,
                training.withoutStopping(),
                result.epochs(),
                team,
                watch.keptSnapshot(),
                watch.kept(ended));
    return last instanceof TrainingResult.Trained(Predictor predictor, Learned learned)
        ? new TrainingResult.Trained(
            predictor, learned.with(result, new FoldWarnings(fit.data(), folds).of(split)))
        : last;
  }
}
