package dev.backprop.engine.plan;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Target;
import java.util.List;

/// Whether the targets of data suit the loss of a network.
final class TargetChecks {

  private TargetChecks() {}

  /// @throws InvalidSpecException if one does not
  static void check(TrainingData data, NetworkSpec resolved) {
    switch (data) {
      case TrainingData.Rows rows -> check(rows, resolved);
      case TrainingData.Bare(BareExamples examples) -> check(examples, resolved);
    }
  }

  private static void check(TrainingData.Rows data, NetworkSpec resolved) {
    if (resolved.resolvedLoss() instanceof LossSpec.Quantile(_, List<Double> taus)
        && taus != null
        && !(data.target() instanceof Target.Numbers numbers && numbers.outputs() == 1)) {
      throw new InvalidSpecException(
          "/network/loss/taus",
          "needs one numeric target, has %s"
              .formatted(
                  data.target() instanceof Target.Numbers numbers
                      ? numbers.outputs()
                      : "one of classes"));
    }
    // Classes and standardized numbers suit every other loss that resolving lets through.
    if (resolved.resolvedLoss() instanceof LossSpec.Poisson
        && data.target() instanceof Target.Numbers numbers) {
      numbers.names().forEach(name -> checkCounts(data.table(), name));
    }
  }

  private static void checkCounts(Table table, String name) {
    Column column = table.required(name);
    for (int row = 0; row < table.rows(); row++) {
      if (column.cell(row) < 0 || column.cell(row) > Float.MAX_VALUE) {
        throw new InvalidSpecException(
            "/network/loss",
            "poisson needs targets from 0 to %s, column '%s' has %s in row %d"
                .formatted(Float.MAX_VALUE, name, column.cell(row), row));
      }
    }
  }

  private static void check(BareExamples examples, NetworkSpec resolved) {
    boolean oneHot = resolved.outputActivation() instanceof Activation.Softmax;
    if (oneHot && examples.outputs() > Target.MAX_CLASSES) {
      throw new InvalidSpecException(
          "/data/targets",
          "must have at most %d numbers a row for a softmax output, have %d"
              .formatted(Target.MAX_CLASSES, examples.outputs()));
    }
    if (resolved.resolvedLoss() instanceof LossSpec.Quantile(_, List<Double> taus)
        && taus != null
        && taus.size() != examples.outputs()) {
      throw new InvalidSpecException(
          "/network/loss/taus",
          "must be as many as a row of targets has numbers, %d, were %d"
              .formatted(examples.outputs(), taus.size()));
    }
    boolean counts = resolved.resolvedLoss() instanceof LossSpec.Poisson;
    if (!counts && !resolved.resolvedLoss().ofProbabilities()) {
      return;
    }
    Matrix x = Matrix.allocate(1, examples.inputs());
    Matrix y = Matrix.allocate(1, examples.outputs());
    int[] row = new int[1];
    for (int i = 0; i < examples.size(); i++) {
      row[0] = i;
      examples.encode(row, 0, 1, x, y);
      if (counts) {
        checkCounts(y.values(), i);
      } else if (oneHot) {
        checkOneHot(y.values(), i);
      } else {
        checkProbabilities(y.values(), i);
      }
    }
  }

  private static void checkOneHot(float[] y, int row) {
    int ones = 0;
    int zeros = 0;
    for (float value : y) {
      ones += value == 1 ? 1 : 0;
      zeros += value == 0 ? 1 : 0;
    }
    if (ones != 1 || zeros != y.length - 1) {
      throw new InvalidSpecException(
          "/data/targets/" + row,
          "must be one-hot for a softmax output: one 1 and %d zeros, had %d and %d"
              .formatted(y.length - 1, ones, zeros));
    }
  }

  private static void checkCounts(float[] y, int row) {
    for (int j = 0; j < y.length; j++) {
      if (y[j] < 0) {
        throw new InvalidSpecException(
            "/data/targets/" + row + "/" + j, "must be at least 0 for poisson, was " + y[j]);
      }
    }
  }

  private static void checkProbabilities(float[] y, int row) {
    for (int j = 0; j < y.length; j++) {
      if (!(y[j] >= 0 && y[j] <= 1)) {
        throw new InvalidSpecException(
            "/data/targets/" + row + "/" + j,
            "must be from 0 to 1 for cross-entropy on a sigmoid output, was " + y[j]);
      }
    }
  }
}
