package dev.backprop.engine.plan;

import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.FactorSchedule;
import dev.backprop.engine.spec.Initializer;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LearningRateFactorsSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.OutputSpec;
import dev.backprop.engine.spec.Scaling;
import dev.backprop.engine.spec.ScheduleSpec;
import dev.backprop.engine.spec.SpecCopy;
import dev.backprop.engine.spec.TrainingSpec;
import java.util.ArrayList;
import java.util.List;

/// A network of three hidden layers that learns in waves, for numeric targets: RealMLP (Holzmüller
/// et al. 2024, Better by Default), as far as the engine has its parts, with its constants for
/// regression. It is narrower, runs fewer epochs, and its numbers may be others.
///
/// @param units of a layer
/// @param epochs all of which are run; the best one is kept
record RealMlpRecipe(TableShape shape, NumberEncodingSpec numbers, int units, int epochs)
    implements Recipe {

  private static final int LAYERS = 3;
  private static final double DROPOUT = 0.15;
  private static final double LEARNING_RATE = 0.2;
  private static final double BETA2 = 0.95;
  private static final double WEIGHT_DECAY = 0.02;

  private static final LearningRateFactorsSpec FACTORS =
      Defaults.fill(LearningRateFactorsSpec.class, 0.1, 6.0, 0.1, null, 0.1);

  /// Multiply-adds that two threads make in a second while they train such networks.
  private static final double PRODUCTS_A_SECOND = 28e9;

  RealMlpRecipe(TableShape shape, NumberEncodingSpec numbers, int units) {
    this(shape, numbers, units, shape.rows() < 20_000 ? 128 : shape.rows() < 200_000 ? 64 : 32);
  }

  @Override
  public NetworkSpec network() {
    LayerSpec dense =
        SpecCopy.of(Defaults.fill(LayerSpec.Dense.class, units, new Activation.Mish()))
            .with("initializer", new Initializer.LecunNormal())
            .with("biasInitializer", new Initializer.UnitNormal())
            .with("parametric", true)
            .spec();
    LayerSpec drop = new LayerSpec.Dropout(DROPOUT, FactorSchedule.FLAT_COS);
    List<LayerSpec> layers = new ArrayList<>();
    for (int l = 0; l < LAYERS; l++) {
      layers.add(dense);
      layers.add(drop);
    }
    OutputSpec output = Defaults.fill(OutputSpec.class, null, new Initializer.LecunNormal());
    return NetworkSpec.of(layers, output, null).withInputScale().withScaling(Scaling.NTK);
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
                .with("beta2", BETA2)
                .with("weightDecay", WEIGHT_DECAY)
                .spec())
        .with("schedule", new ScheduleSpec.CosLog4())
        .with("decaySchedule", FactorSchedule.FLAT_COS)
        .with("learningRateFactors", FACTORS)
        .with("earlyStopping", Recipe.patience(epochs))
        .spec();
  }

  /// As the authors have it.
  private int batchSize() {
    int rows = shape.rows();
    return rows < 1_024
        ? 64
        : rows < 8_192 ? 128 : rows < 30_000 ? 256 : rows < 100_000 ? 512 : 1024;
  }

  @Override
  public long products() {
    return units * (width() + (LAYERS - 1L) * units + shape.outputs());
  }

  @Override
  public double secondsPerEpoch() {
    return 3.0 * products() * shape.rows() / PRODUCTS_A_SECOND;
  }

  @Override
  public int expectedEpochs() {
    return epochs;
  }

  @Override
  public Recipe within(double seconds) {
    int most = (int) Math.max(3, epochs * seconds / seconds(0));
    return new RealMlpRecipe(shape, numbers, units, Math.min(epochs, most));
  }
}
