package dev.backprop.service.intake;

import dev.backprop.engine.nn.LayerShape;
import dev.backprop.engine.plan.Forecast;
import dev.backprop.engine.plan.MachineFigures;
import dev.backprop.engine.plan.RowCounts;
import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.spec.PresetName;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.artifact.SpecView;
import dev.backprop.platform.artifact.TargetView;
import dev.backprop.platform.problem.KeptWarnings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a training would be, as clients see it who only ask.
public record PlanResource(
    String model,
    PresetName preset,
    @Nullable ModelReference warmStart,
    RowCounts rows,
    TargetView target,
    SpecView spec,
    Shape network,
    Estimate estimate,
    List<String> warnings) {

  static PlanResource of(DecidedTraining training, MachineFigures speed) {
    TrainingPlan plan = training.plan();
    Forecast forecast = plan.forecast(speed, training.threads());
    return new PlanResource(
        training.model(),
        training.preset(),
        training.start() == null ? null : training.start().reference(),
        plan.rows(),
        training.target(),
        training.spec(),
        new Shape(plan.inputs(), plan.outputs(), plan.parameters(), plan.shapes()),
        new Estimate(
            training.bytes(),
            plan.modelBytes(),
            forecast.secondsPerEpoch(),
            Math.round(forecast.epochs()),
            forecast.seconds()),
        KeptWarnings.of(training.warnings()));
  }

  /// @param layers the output layer last
  record Shape(int inputs, int outputs, long parameters, List<LayerShape> layers) {}

  /// @param memoryBytes while it trains
  /// @param modelBytes of the model that comes of it
  /// @param secondsPerEpoch of a network, of folds that of one of them
  /// @param epochs that a network is expected to run, with early stopping three times its patience
  ///   if there are so many
  /// @param seconds of the whole training, from its turn on: within a factor of 3
  record Estimate(
      long memoryBytes, long modelBytes, double secondsPerEpoch, long epochs, double seconds) {}
}
