package dev.backprop.platform.artifact;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.training.EpochReport;
import org.jspecify.annotations.Nullable;

/// An epoch as clients see it: what there is no figure for is left out.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EpochView(
    int epoch,
    double trainLoss,
    @Nullable Double validationLoss,
    @Nullable Double weightedValidationLoss,
    @Nullable Double validationAccuracy,
    @Nullable Double validationRmse,
    double learningRate,
    double seconds) {

  public static EpochView of(EpochReport report) {
    return new EpochView(
        report.epoch(),
        report.trainLoss(),
        report.validationLoss(),
        report.weightedValidationLoss(),
        report.validationAccuracy(),
        report.validationRmse(),
        report.learningRate(),
        report.seconds());
  }
}
