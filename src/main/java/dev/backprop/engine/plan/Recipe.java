package dev.backprop.engine.plan;

import dev.backprop.engine.spec.BaggingSpec;
import dev.backprop.engine.spec.CategoryEncodingSpec;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.spec.SpecCopy;
import dev.backprop.engine.spec.TrainingSpec;
import java.util.Map;

/// A network of a preset, for a table.
sealed interface Recipe permits TabMRecipe, RealMlpRecipe {

  /// A loss that is nearly 0 falls for ever; nothing that anybody sees is gained by it.
  double MIN_DELTA = 1e-5;

  /// Columns of more categories are embedded: their one-hot inputs would be most of the network.
  int ONE_HOT = 64;

  TableShape shape();

  /// How numbers enter.
  NumberEncodingSpec numbers();

  NetworkSpec network();

  /// Rows of which are neither dealt to folds nor held out yet.
  TrainingSpec training();

  /// Multiply-adds of an answer.
  long products();

  /// About how long two threads take for an epoch of all rows.
  double secondsPerEpoch();

  /// About when its training ends.
  int expectedEpochs();

  /// The same for at most that long, if rows are held out once.
  Recipe within(double seconds);

  /// About how long two threads take to train it.
  ///
  /// @param folds of bagging; 0 if rows are held out once
  default double seconds(int folds) {
    return (folds == 0 ? 0.8 : folds - 1) * expectedEpochs() * secondsPerEpoch();
  }

  /// @param folds of bagging; 0 if rows are held out once
  default EnsembleSpec.Member member(int folds) {
    TrainingSpec training = training();
    return new EnsembleSpec.Member(
        new EncodingSpec(
            shape().numbers() == 0 ? new NumberEncodingSpec.Standardize() : numbers(),
            new CategoryEncodingSpec.OneHot(ONE_HOT, 0),
            Map.of(),
            null,
            shape().numeric()),
        network(),
        folds == 0
            ? training
            : SpecCopy.of(training).with("bagging", new BaggingSpec(folds)).spec());
  }

  /// Inputs of the first dense layer.
  default long width() {
    return shape().inputs(shape().numbers() == 0 ? 1 : numbers().units());
  }

  static EarlyStoppingSpec patience(int epochs) {
    return new EarlyStoppingSpec.Patience(epochs, MIN_DELTA, null);
  }
}
