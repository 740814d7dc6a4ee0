package dev.backprop.engine.spec;

import org.jspecify.annotations.Nullable;

/// What does not go with an optimizer of full batches, which sets its own step sizes and compares
/// gradients of one function.
public final class FullBatchRules {

  private static final String LAYER_FACTOR = "/learningRateFactor";

  private FullBatchRules() {}

  /// @throws InvalidSpecException with a pointer into the training
  static void check(
      OptimizerSpec optimizer,
      ScheduleSpec schedule,
      RegularizationSpec regularization,
      @Nullable Double clipNorm,
      @Nullable Double maxNorm,
      @Nullable AveragingSpec averaging) {
    if (!optimizer.fullBatch()) {
      return;
    }
    String name = TypeName.of(optimizer);
    if (!(schedule instanceof ScheduleSpec.Constant)) {
      throw new InvalidSpecException(
          "/schedule",
          "must be constant with %s, which sets its own step sizes, was %s"
              .formatted(name, TypeName.of(schedule)));
    }
    if (clipNorm != null) {
      throw leftOut("/clipNorm", name, "which sets its own step sizes", clipNorm);
    }
    if (optimizer instanceof OptimizerSpec.Lbfgs) {
      if (maxNorm != null) {
        throw leftOut("/maxNorm", name, "which knows no bounds on weights", maxNorm);
      }
      if (averaging != null) {
        throw leftOut(
            "/averaging", name, "whose last parameters are its best", TypeName.of(averaging));
      }
      if (regularization.l1() != 0) {
        throw new InvalidSpecException(
            "/regularization/l1",
            "must be 0 with %s, which needs a gradient without jumps, was %s"
                .formatted(name, regularization.l1()));
      }
    }
  }

  /// @throws InvalidSpecException with a pointer into the training
  static void check(OptimizerSpec optimizer, LearningRateFactorsSpec factors) {
    factors
        .all()
        .forEach((name, factor) -> checkFactor(optimizer, "/learningRateFactors/" + name, factor));
  }

  static void checkLayerStatistics(OptimizerSpec optimizer) {
    if (optimizer.fullBatch()) {
      throw new InvalidSpecException(
          "/layerStatistics",
          "must be false with %s, which has no mini-batch to take them from, was true"
              .formatted(TypeName.of(optimizer)));
    }
  }

  private static InvalidSpecException leftOut(
      String pointer, String optimizer, String why, Object was) {
    return new InvalidSpecException(
        pointer, "must be left out with %s, %s, was %s".formatted(optimizer, why, was));
  }

  /// @param network resolved
  /// @throws InvalidSpecException with a pointer into the network
  public static void check(OptimizerSpec optimizer, NetworkSpec network) {
    if (!optimizer.fullBatch()) {
      return;
    }
    network.layersByPointer().forEach((pointer, layer) -> check(optimizer, pointer, layer));
    checkFactor(optimizer, "/output" + LAYER_FACTOR, network.resolvedOutput().learningRateFactor());
  }

  private static void check(OptimizerSpec optimizer, String pointer, LayerSpec layer) {
    switch (layer) {
      case LayerSpec.Dense dense ->
          checkFactor(optimizer, pointer + LAYER_FACTOR, dense.learningRateFactor());
      case LayerSpec.Dropout dropout ->
          throw new InvalidSpecException(
              pointer,
              "dropout does not go with %s, which needs the same function at every step, its rate was %s"
                  .formatted(TypeName.of(optimizer), dropout.rate()));
      case LayerSpec.BatchNorm batchNorm ->
          throw new InvalidSpecException(
              pointer,
              "batch normalization does not go with %s, which takes its rows through in parts, its momentum was %s"
                  .formatted(TypeName.of(optimizer), batchNorm.momentum()));
      case LayerSpec.LayerNorm _, LayerSpec.Residual _ -> {}
    }
  }

  /// A direction has one step length for all parameters; those that are held take no part in it.
  private static void checkFactor(OptimizerSpec optimizer, String pointer, double factor) {
    if (optimizer instanceof OptimizerSpec.Lbfgs && factor != 0 && factor != 1) {
      throw new InvalidSpecException(
          pointer,
          "must be 0 or 1 with lbfgs, which has one step length for all parameters, was " + factor);
    }
  }
}
