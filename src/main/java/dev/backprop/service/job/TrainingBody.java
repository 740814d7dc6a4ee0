package dev.backprop.service.job;

import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.Table;
import dev.backprop.service.dataset.SchemaRequest.ColumnUse;
import dev.backprop.service.dataset.SchemaRequest.TargetTask;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The body of a training request as it was read, in whatever order its keys came; null is what it
/// left out.
record TrainingBody(
    @Nullable String model,
    @Nullable Boolean activate,
    @Nullable Data data,
    @Nullable Validation validation,
    @Nullable WarmStart warmStart,
    @Nullable NetworkSpec network,
    @Nullable TrainingSpec training) {

  /// The same with what was decided to do with the target, unless the request says it: another
  /// version of the service may have inferred otherwise.
  ///
  /// @param task null for bare numbers
  TrainingBody decided(@Nullable TargetTask task) {
    return data == null || data.task() != null || task == null
        ? this
        : new TrainingBody(
            model, activate, data.with(task), validation, warmStart, network, training);
  }

  /// Where the training data are. Exactly one of rows, data set and inputs with targets makes
  /// sense.
  ///
  /// @param weight the column that says how much each row counts
  /// @param weights the same for inputs with targets: one row of them
  record Data(
      @Nullable List<String> target,
      @Nullable String weight,
      @Nullable TargetTask task,
      @Nullable Table rows,
      @Nullable String dataset,
      @Nullable DenseRows inputs,
      @Nullable DenseRows targets,
      @Nullable DenseRows weights,
      @Nullable Map<String, ColumnUse> columns,
      @Nullable List<String> missing,
      @Nullable SplitSpec split) {

    private Data with(TargetTask decided) {
      return new Data(
          target, weight, decided, rows, dataset, inputs, targets, weights, columns, missing,
          split);
    }
  }

  record Validation(@Nullable String dataset) {}

  /// @param version the latest if it is left out
  record WarmStart(@Nullable String model, @Nullable Integer version) {}
}
