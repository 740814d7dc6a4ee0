package dev.backprop.service.job;

import dev.backprop.engine.nn.LayerShape;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.artifact.RowCounts;
import dev.backprop.platform.artifact.SpecView;
import dev.backprop.platform.artifact.TargetView;
import dev.backprop.platform.problem.KeptWarnings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a training would be, as clients see it who only ask.
record PlanResource(
    String model,
    @Nullable ModelReference warmStart,
    RowCounts rows,
    TargetView target,
    SpecView spec,
    Shape network,
    Estimate estimate,
    List<String> warnings) {

  static PlanResource of(TrainingIntake.Planned planned) {
    var plan = planned.plan();
    return new PlanResource(
        planned.request().model(),
        planned.start(),
        planned.rows(),
        planned.target(),
        planned.spec(),
        new Shape(plan.inputs(), plan.outputs(), plan.parameters(), plan.shapes()),
        new Estimate(planned.bytes(), plan.modelBytes(), plan.estimatedSecondsPerEpoch()),
        KeptWarnings.of(planned.warnings()));
  }

  /// @param layers the output layer last
  record Shape(int inputs, int outputs, long parameters, List<LayerShape> layers) {}

  /// @param memoryBytes while it trains
  /// @param modelBytes of the model that comes of it
  /// @param secondsPerEpoch roughly
  record Estimate(long memoryBytes, long modelBytes, double secondsPerEpoch) {}
}
