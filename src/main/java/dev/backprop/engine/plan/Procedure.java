package dev.backprop.engine.plan;

import dev.backprop.engine.data.Folds;
import dev.backprop.engine.data.Split;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.TrainingSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which fits a training consists of. What a procedure does not say is that of one fit.
sealed interface Procedure {

  static Procedure of(TrainingSpec training) {
    if (training.bagging() != null) {
      return new Bagged(training.bagging().folds());
    }
    return training.crossValidation() == null
        ? new Single()
        : new CrossValidated(training.crossValidation().folds());
  }

  /// Does the work.
  ///
  /// @param training resolved
  TrainingResult run(Fit fit, TrainingSpec training, Split split, Team team, Watch watch);

  default int folds() {
    return 0;
  }

  /// How many networks are kept.
  default int servedNetworks() {
    return 1;
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
    return 1;
  }

  /// Heap for the rows of the folds.
  ///
  /// @param rows that train
  default long rowBytes(long rows) {
    return 0;
  }

  /// Heap for the figures of the folds in a model.
  default long figureBytes(long outputs) {
    return 0;
  }

  /// The same in a checkpoint.
  default long checkpointBytes(long outputs) {
    return 0;
  }

  /// One fit, which is kept.
  record Single() implements Procedure {

    @Override
    public TrainingResult run(Fit fit, TrainingSpec training, Split split, Team team, Watch watch) {
      return fit.run(
          split, training, training.epochs(), team, watch.keptSnapshot(), watch.kept(List.of()));
    }
  }

  /// A fit for each fold.
  sealed interface InFolds extends Procedure {

    /// What the request says of it.
    String setting();

    @Override
    int folds();

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
    default int atOnce(int threads) {
      return Math.min(threads, folds());
    }

    @Override
    default long rowBytes(long rows) {
      return rows * (2L * Integer.BYTES + 1);
    }

    @Override
    default long figureBytes(long outputs) {
      return 1_024L * (folds() + outputs);
    }

    @Override
    default long checkpointBytes(long outputs) {
      return 512L * folds() * outputs;
    }
  }

  /// Then one that is kept.
  record CrossValidated(int folds) implements InFolds {

    @Override
    public String setting() {
      return "crossValidation";
    }

    @Override
    public TrainingResult run(Fit fit, TrainingSpec training, Split split, Team team, Watch watch) {
      Folds dealt = deal(fit.data(), split, training.seed());
      return new CrossValidation(fit, training, split, dealt).run(team, watch);
    }
  }

  /// All of which are kept.
  record Bagged(int folds) implements InFolds {

    @Override
    public String setting() {
      return "bagging";
    }

    @Override
    public int servedNetworks() {
      return folds;
    }

    @Override
    public TrainingResult run(Fit fit, TrainingSpec training, Split split, Team team, Watch watch) {
      Folds dealt = deal(fit.data(), split, training.seed());
      return new Bagging(fit, training, split, dealt).run(team, watch);
    }
  }
}
