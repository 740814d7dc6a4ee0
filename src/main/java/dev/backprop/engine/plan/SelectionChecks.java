package dev.backprop.engine.plan;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.Examples;
import dev.backprop.engine.scoring.Selection;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.table.Target;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// Whether a figure can select: the target has it, and the rows that it is taken from define it.
///
/// @param network resolved
record SelectionChecks(Metric selection, Target target, NetworkSpec network) {

  /// @throws InvalidSpecException if the target has no such figure
  void checkTarget() {
    List<Metric> metrics = Selection.metrics(target, network);
    if (!metrics.contains(selection)) {
      throw new InvalidSpecException(
          "/selection",
          "must be one of %s for this target, was %s"
              .formatted(
                  metrics.stream().map(Metric::toString).collect(Collectors.joining(", ")),
                  selection));
    }
  }

  /// There are none if nothing is validated on, which is another fault.
  ///
  /// @param rows that are validated on
  /// @throws InvalidSpecException if the figure is not defined on them
  void checkRows(Examples examples, int[] rows) {
    if (selection != Metric.AUC || rows.length == 0) {
      return;
    }
    int positive = 0;
    int counted = 0;
    for (int row : rows) {
      if (examples.weight(row) > 0) {
        counted++;
        positive += isPositive(examples, row) ? 1 : 0;
      }
    }
    if (positive == 0 || positive == counted) {
      throw new InvalidSpecException(
          "/selection",
          "auc needs validation rows of both classes, there are %d of one and %d of the other"
              .formatted(counted - positive, positive));
    }
  }

  /// Whether a row is of the second of two classes.
  private static boolean isPositive(Examples examples, int row) {
    return examples instanceof BareExamples bare
        ? Objects.requireNonNull(bare.targetRows()).value(row, 0) >= 0.5
        : examples.stratum(row) == 1;
  }
}
