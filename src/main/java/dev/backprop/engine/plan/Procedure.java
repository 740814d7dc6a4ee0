package dev.backprop.engine.plan;

import dev.backprop.engine.data.Folds;
import dev.backprop.engine.data.Split;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.TrainingSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which fits a training consists of. What a procedure does not say is that of one fit.
sealed interface Procedure {

  static Procedure of(FitSpec spec) {
    TrainingSpec training = spec.training();
    EnsembleSpec ensemble = spec.fitsEnsemble() ? spec.ensemble() : null;
    int candidates = ensemble == null ? 1 : ensemble.members().size();
    if (training.bagging() != null) {
      return new Bagged(training.bagging().folds(), candidates, ensemble);
    }
    if (ensemble != null) {
      return new HeldOut(candidates, ensemble);
    }
    return training.crossValidation() == null
        ? new Single()
        : new CrossValidated(training.crossValidation().folds());
  }

  /// The work to do.
  ///
  /// @param candidates one, unless there is an ensemble
  /// @param look back at the end
  record Work(
      List<Candidate> candidates, TrainingSpec training, Split split, Watch watch, LastLook look) {

    Fit fit() {
      return candidates.getFirst().fit();
    }
  }

  /// Does the work.
  TrainingResult run(Work work, Team team);

  /// How many fits are measured on rows that they have not learned from, to be told of together.
  default int tasks() {
    return 0;
  }

  /// How many networks are kept until the end.
  default int keptNetworks() {
    return 1;
  }

  /// How many candidates an ensemble has; 0 if there is none.
  default int members() {
    return 0;
  }

  /// The folds that the training rows of a split are dealt to; null if there are none.
  default @Nullable Folds deal(TrainingData data, Split split, long seed) {
    return null;
  }

  /// How many rows are validated on, over all fits.
  ///
  /// @param heldOut rows that are held out once
  /// @param others rows that train
  default int validationRows(int heldOut, int others) {
    return heldOut;
  }

  /// How many networks learn at the same time.
  ///
  /// @param threads of the team
  default int atOnce(int threads) {
    return Math.clamp(tasks(), 1, threads);
  }

  /// Heap for the rows of the folds.
  ///
  /// @param rows that train
  default long rowBytes(long rows) {
    return 0;
  }

  /// Heap for the figures of the tasks in a model.
  default long figureBytes(long outputs) {
    return tasks() == 0 ? 0 : 1_024L * (tasks() + outputs);
  }

  /// The same in a checkpoint.
  default long checkpointBytes(long outputs) {
    return 512L * tasks() * outputs;
  }

  /// One fit, which is kept.
  record Single() implements Procedure {

    @Override
    public TrainingResult run(Work work, Team team) {
      Candidate one = work.candidates().getFirst();
      TrainingResult result =
          one.fit()
              .judging()
              .run(
                  work.split(),
                  one.training(),
                  one.training().epochs(),
                  team,
                  work.watch().keptSnapshot(),
                  work.watch().kept(List.of()));
      return result instanceof TrainingResult.Trained trained
          ? work.look().back(trained, one.fit().holdOut(work.split()))
          : result;
    }
  }

  /// Fits for each fold.
  sealed interface InFolds extends Procedure {

    int folds();

    /// What the request says of them.
    String setting();

    @Override
    default Folds deal(TrainingData data, Split split, long seed) {
      try {
        return data.folds(split, folds(), seed);
      } catch (InvalidSpecException e) {
        throw e.under("/" + setting());
      }
    }

    @Override
    default int validationRows(int heldOut, int others) {
      return others;
    }

    @Override
    default long rowBytes(long rows) {
      return rows * (2L * Integer.BYTES + 1);
    }
  }

  /// A fit for each fold, then one that is kept.
  record CrossValidated(int folds) implements InFolds {

    @Override
    public String setting() {
      return "crossValidation";
    }

    @Override
    public int tasks() {
      return folds;
    }

    @Override
    public TrainingResult run(Work work, Team team) {
      Folds dealt = deal(work.fit().data(), work.split(), work.training().seed());
      TrainingResult result =
          new CrossValidation(work.fit(), work.training(), work.split(), dealt)
              .run(team, work.watch());
      return result instanceof TrainingResult.Trained trained
          ? work.look().back(trained, work.fit().holdOut(work.split()))
          : result;
    }
  }

  /// Fits for each fold, all of which are kept until the end.
  ///
  /// @param candidates how many networks learn for a fold
  /// @param ensemble null if there is one candidate
  record Bagged(int folds, int candidates, @Nullable EnsembleSpec ensemble) implements InFolds {

    @Override
    public String setting() {
      return "bagging";
    }

    @Override
    public int tasks() {
      return folds * candidates;
    }

    @Override
    public int keptNetworks() {
      return tasks();
    }

    @Override
    public int members() {
      return ensemble == null ? 0 : candidates;
    }

    @Override
    public TrainingResult run(Work work, Team team) {
      Folds dealt = deal(work.fit().data(), work.split(), work.training().seed());
      return new Together(work.candidates(), work.split(), dealt, ensemble, work.look())
          .run(team, work.watch(), limits(ensemble, work, team));
    }
  }

  /// A fit for each member of an ensemble, the rows being held out once.
  record HeldOut(int candidates, EnsembleSpec ensemble) implements Procedure {

    @Override
    public int tasks() {
      return candidates;
    }

    @Override
    public int keptNetworks() {
      return candidates;
    }

    @Override
    public int members() {
      return candidates;
    }

    @Override
    public TrainingResult run(Work work, Team team) {
      return new Together(work.candidates(), work.split(), null, ensemble, work.look())
          .run(team, work.watch(), limits(ensemble, work, team));
    }
  }

  /// Of the candidates that begin.
  private static Admission.Limits limits(@Nullable EnsembleSpec ensemble, Work work, Team team) {
    return new Admission.Limits(
        ensemble == null ? null : work.training().maxSeconds(), team.threads());
  }
}
