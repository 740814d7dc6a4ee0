package dev.backprop.engine.training;

import dev.backprop.engine.nn.LayerFigures;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.spec.Monitor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one epoch came to.
///
/// @param epoch from 1
/// @param trainLoss mean over the training rows of the loss that is minimized, without penalty,
///   while the parameters moved; with lbfgs after its step. Weighted by the classes if they have
///   weights
/// @param validationLoss the same over the validation rows after the epoch, never weighted by their
///   classes; null without validation rows
/// @param weightedValidationLoss the same, weighted by their classes as the training loss is; null
///   without validation rows or weights of classes
/// @param validationAccuracy share of validation rows predicted right; null without classes
/// @param validationRmse in original units, the mean over several outputs, of several quantiles
///   that of the middle one; null without numbers
/// @param selected the figure that decides which epoch is the best; null unless the training names
///   one and has validation rows
/// @param layers how each fared in one mini-batch; null unless the training asks for it and made
///   that step
/// @param learningRate at the first step of the epoch; with lbfgs the length of its step
/// @param seconds from the start of the epoch to the end of its validation
public record EpochReport(
    int epoch,
    double trainLoss,
    @Nullable Double validationLoss,
    @Nullable Double weightedValidationLoss,
    @Nullable Double validationAccuracy,
    @Nullable Double validationRmse,
    @Nullable Selected selected,
    @Nullable List<LayerFigures> layers,
    double learningRate,
    double seconds) {

  /// The figure that tells whether this epoch was a better one.
  ///
  /// @param monitor null for the validation loss
  /// @return null without validation rows
  public @Nullable Double monitored(@Nullable Monitor monitor) {
    return monitor == Monitor.WEIGHTED_VALIDATION_LOSS ? weightedValidationLoss : validationLoss;
  }

  public EpochReport withoutLayers() {
    return layers == null
        ? this
        : new EpochReport(
            epoch,
            trainLoss,
            validationLoss,
            weightedValidationLoss,
            validationAccuracy,
            validationRmse,
            selected,
            null,
            learningRate,
            seconds);
  }

  /// A figure of the validation rows.
  ///
  /// @param metric its name
  public record Selected(Metric metric, double value) {}
}
