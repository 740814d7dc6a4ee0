package dev.backprop.engine.plan;

import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Target;

/// What a preset knows of a table.
///
/// @param rows that have a target
/// @param numbers columns of numbers that are features
/// @param others inputs that all other features take together
/// @param outputs of the network
/// @param numeric whether the target is
public record TableShape(int rows, int numbers, int others, int outputs, boolean numeric) {

  /// The shape of data.
  public static TableShape of(TrainingData.Rows data) {
    int numbers = 0;
    int others = 0;
    for (Schema.Field field : data.schema().features()) {
      if (field.type() == ColumnType.NUMERIC) {
        numbers++;
      } else {
        others += field.slots(EncodingSpec.DEFAULT);
      }
    }
    Target target = data.target();
    return new TableShape(
        data.rows(), numbers, others, target.outputs(), target instanceof Target.Numbers);
  }

  /// Inputs of a network that takes so many for each number.
  long inputs(int perNumber) {
    return (long) numbers * perNumber + others;
  }
}
