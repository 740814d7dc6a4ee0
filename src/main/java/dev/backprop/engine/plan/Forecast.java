package dev.backprop.engine.plan;

import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.TrainingSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How long a training will take.
///
/// @param secondsPerEpoch of one network, of folds that of a fold; of an ensemble the mean over its
///   members
/// @param epochs that a network is expected to run, likewise
/// @param seconds of the whole training, of all fits
public record Forecast(double secondsPerEpoch, double epochs, double seconds) {

  /// @param threads of the team
  static Forecast of(Footprints footprints, MachineFigures machine, int threads) {
    Procedure procedure = footprints.procedure();
    CostModel alone = new CostModel(machine, 1);
    CostModel team = new CostModel(machine, threads);
    CostModel ofAFit = procedure.tasks() == 0 ? team : alone;
    int folds = procedure instanceof Procedure.InFolds inFolds ? inFolds.folds() : 1;
    List<CostModel.Work> fits =
        footprints.fits().stream().map(fit -> work(fit, procedure)).toList();
    double perEpoch = fits.stream().mapToDouble(ofAFit::secondsPerEpoch).average().orElseThrow();
    double epochs =
        fits.stream()
            .mapToDouble(fit -> ExpectedEpochs.of(fit.footprint().training()))
            .average()
            .orElseThrow();
    double[] each = fits.stream().mapToDouble(ofAFit::seconds).toArray();
    TrainingSpec training = footprints.spec().training();
    double seconds =
        procedure.members() == 0
            ? inTurns(each, folds, procedure.atOnce(threads))
            : ofEnsemble(each, folds, threads, footprints.spec().ensemble(), training);
    if (procedure.tasks() == 0 && training.maxSeconds() != null) {
      // No epoch begins after the time that the training may take.
      seconds = Math.min(seconds, team.begin(fits.getFirst()) + training.maxSeconds() + perEpoch);
    }
    if (procedure instanceof Procedure.CrossValidated) {
      seconds += lastFit(footprints.lead(), team);
    }
    return new Forecast(perEpoch, epochs, seconds);
  }

  private static CostModel.Work work(Footprint fit, Procedure procedure) {
    double all = fit.rows().training();
    return procedure instanceof Procedure.InFolds inFolds
        ? new CostModel.Work(
            fit, all * (inFolds.folds() - 1) / inFolds.folds(), all / inFolds.folds())
        : new CostModel.Work(fit, all, fit.rows().validation());
  }

  /// The last fit of a cross-validation runs as many epochs as the folds found best.
  private static double lastFit(Footprint footprint, CostModel team) {
    CostModel.Work all = new CostModel.Work(footprint, footprint.rows().training(), 0);
    return team.begin(all) + ExpectedEpochs.best(footprint.training()) * team.secondsPerEpoch(all);
  }

  /// The first candidate always ends; further ones only if there is time, unless the request says
  /// how many.
  private static double ofEnsemble(
      double[] each,
      int folds,
      int threads,
      @Nullable EnsembleSpec ensemble,
      TrainingSpec training) {
    Integer asked = ensemble == null ? null : ensemble.candidates();
    double[] run = asked == null ? each : Arrays.copyOf(each, asked);
    double all = inTurns(run, folds, threads);
    Double most = asked == null ? training.maxSeconds() : null;
    return most == null
        ? all
        : Math.min(all, Math.max(most, inTurns(Arrays.copyOf(each, 1), folds, threads)));
  }

  /// Fits that are fitted side by side take turns, in their order.
  ///
  /// @param each seconds of a fit of each candidate
  /// @param folds fits of a candidate
  private static double inTurns(double[] each, int folds, int atOnce) {
    List<Double> fits = new ArrayList<>();
    for (double seconds : each) {
      for (int fold = 0; fold < folds; fold++) {
        fits.add(seconds);
      }
    }
    return Turns.last(fits, atOnce);
  }
}
