package dev.backprop.engine.plan;

import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.SpecCopy;
import dev.backprop.engine.spec.TrainingSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Members that share the weights of two hidden layers, each with dropout behind it: TabM-mini
/// (Gorishniy et al. 2024, TabM).
///
/// @param units of a layer
/// @param members networks that share weights
/// @param dropout its rate
/// @param epochs at most
/// @param patience of early stopping, in epochs
record TabMRecipe(
    TableShape shape,
    NumberEncodingSpec numbers,
    int units,
    int members,
    double dropout,
    int epochs,
    int patience)
    implements Recipe {

  /// As the authors of TabM have them for tables of this kind.
  private static final double LEARNING_RATE = 2e-3;

  private static final double WEIGHT_DECAY = 3e-4;

  /// Multiply-adds that two threads make in a second while they train such networks.
  private static final double PRODUCTS_A_SECOND = 55e9;

  TabMRecipe(TableShape shape, NumberEncodingSpec numbers, int units, int members, double dropout) {
    this(shape, numbers, units, members, dropout, 256, 16);
  }

  @Override
  public NetworkSpec network() {
    LayerSpec dense = Defaults.fill(LayerSpec.Dense.class, units, new Activation.Relu());
    LayerSpec drop = new LayerSpec.Dropout(dropout);
    return NetworkSpec.of(List.of(dense, drop, dense, drop), null, null).withMembers(members);
  }

  @Override
  public TrainingSpec training() {
    OptimizerSpec.AdamW plain = Defaults.fill(OptimizerSpec.AdamW.class);
    return SpecCopy.of(TrainingSpec.defaults())
        .with("epochs", epochs)
        .with("batchSize", batchSize())
        .with(
            "optimizer",
            SpecCopy.of(plain)
                .with("learningRate", LEARNING_RATE)
                .with("weightDecay", WEIGHT_DECAY)
                .spec())
        .with("earlyStopping", Recipe.patience(patience))
        .spec();
  }

  private @Nullable Integer batchSize() {
    int rows = shape.rows();
    return rows < 2_000
        ? null
        : rows < 10_000 ? 128 : rows < 30_000 ? 256 : rows < 200_000 ? 512 : 1024;
  }

  @Override
  public long products() {
    return (long) members * units * (width() + units + shape.outputs());
  }

  @Override
  public double secondsPerEpoch() {
    return 3.0 * products() * shape.rows() / PRODUCTS_A_SECOND;
  }

  /// When early stopping ends.
  @Override
  public int expectedEpochs() {
    return Math.min(epochs, shape.rows() < 2_000 ? 60 : shape.rows() < 20_000 ? 45 : 30);
  }

  @Override
  public Recipe within(double seconds) {
    int most = (int) Math.max(3, expectedEpochs() * seconds / seconds(0));
    return new TabMRecipe(
        shape,
        numbers,
        units,
        members,
        dropout,
        Math.min(epochs, most),
        Math.min(patience, Math.max(2, most / 4)));
  }
}
