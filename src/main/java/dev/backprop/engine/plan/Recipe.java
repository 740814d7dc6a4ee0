package dev.backprop.engine.plan;

import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.BaggingSpec;
import dev.backprop.engine.spec.CategoryEncodingSpec;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.SpecCopy;
import dev.backprop.engine.spec.TrainingSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A network of a preset: two hidden layers, each with dropout behind it.
///
/// @param numbers how numbers enter
/// @param units of a layer
/// @param members networks that share weights
/// @param dropout its rate
/// @param batch rows a step; null for the usual ones
/// @param epochs at most
/// @param patience of early stopping, in epochs
record Recipe(
    NumberEncodingSpec numbers,
    int units,
    int members,
    double dropout,
    @Nullable Integer batch,
    int epochs,
    int patience) {

  /// As the authors of TabM have them for tables of this kind.
  private static final double LEARNING_RATE = 2e-3;

  private static final double WEIGHT_DECAY = 3e-4;

  /// A loss that is nearly 0 falls for ever; nothing that anybody sees is gained by it.
  private static final double MIN_DELTA = 1e-5;

  /// Multiply-adds that two threads make in a second while they train such networks.
  private static final double PRODUCTS_A_SECOND = 55e9;

  /// Columns of more categories are embedded: their one-hot inputs would be most of the network.
  private static final int ONE_HOT = 64;

  /// @param folds of bagging; 0 if rows are held out once
  EnsembleSpec.Member member(TableShape shape, int folds) {
    EncodingSpec encoding =
        new EncodingSpec(
            shape.numbers() == 0 ? new NumberEncodingSpec.Standardize() : numbers,
            new CategoryEncodingSpec.OneHot(ONE_HOT, 0),
            Map.of(),
            null,
            shape.numeric());
    return new EnsembleSpec.Member(encoding, network(), training(folds));
  }

  private NetworkSpec network() {
    LayerSpec dense = Defaults.fill(LayerSpec.Dense.class, units, new Activation.Relu());
    LayerSpec drop = new LayerSpec.Dropout(dropout);
    return NetworkSpec.of(List.of(dense, drop, dense, drop), null, null).withMembers(members);
  }

  private TrainingSpec training(int folds) {
    OptimizerSpec.AdamW plain = Defaults.fill(OptimizerSpec.AdamW.class);
    return SpecCopy.of(TrainingSpec.defaults())
        .with("epochs", epochs)
        .with("batchSize", batch)
        .with(
            "optimizer",
            SpecCopy.of(plain)
                .with("learningRate", LEARNING_RATE)
                .with("weightDecay", WEIGHT_DECAY)
                .spec())
        .with("earlyStopping", new EarlyStoppingSpec.Patience(patience, MIN_DELTA, null))
        .with("bagging", folds == 0 ? null : new BaggingSpec(folds))
        .spec();
  }

  /// With as many rows a step, and as much patience, as suit the table.
  static Recipe of(TableShape shape, Preset.Variant variant, int units, int members) {
    int rows = shape.rows();
    Integer batch =
        rows < 2_000
            ? null
            : rows < 10_000 ? 128 : rows < 30_000 ? 256 : rows < 200_000 ? 512 : 1024;
    return new Recipe(variant.numbers(), units, members, variant.dropout(), batch, 256, 16);
  }

  /// Multiply-adds of an answer.
  long products(TableShape shape) {
    return (long) members
        * units
        * (shape.inputs(shape.numbers() == 0 ? 1 : numbers.units()) + units + shape.outputs());
  }

  /// About how long two threads take to train it.
  ///
  /// @param folds of bagging; 0 if rows are held out once
  double seconds(TableShape shape, int folds) {
    double passes = folds == 0 ? 0.8 : folds - 1;
    return 3 * products(shape) * passes * shape.rows() * expectedEpochs(shape) / PRODUCTS_A_SECOND;
  }

  /// About when early stopping ends.
  private int expectedEpochs(TableShape shape) {
    return Math.min(epochs, shape.rows() < 2_000 ? 60 : shape.rows() < 20_000 ? 45 : 30);
  }

  /// The same for at most that long.
  Recipe within(TableShape shape, double seconds) {
    double share = seconds / seconds(shape, 0);
    int most = (int) Math.max(3, expectedEpochs(shape) * share);
    return new Recipe(
        numbers,
        units,
        members,
        dropout,
        batch,
        Math.min(epochs, most),
        Math.min(patience, Math.max(2, most / 4)));
  }
}
