package dev.backprop.engine.plan;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.data.Examples;
import dev.backprop.engine.figures.Threshold;
import dev.backprop.engine.scoring.Judging;
import dev.backprop.engine.scoring.Selection;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Whether a figure can select: the target has it, and the rows that it is taken from define it
/// whatever is answered to them.
///
/// @param training names the figure
/// @param network resolved
record SelectionChecks(
    Metric selection, TrainingSpec training, Target target, NetworkSpec network) {

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
  void checkRows(TrainingData data, int[] rows) {
    if (rows.length == 0) {
      return;
    }
    Examples examples = data.unencoded();
    int[] counting = Arrays.stream(rows).filter(row -> examples.weight(row) > 0).toArray();
    switch (selection) {
      case LOSS, LOG_LOSS, ACCURACY, EXACT_MATCH, BALANCED_ACCURACY, BRIER, RMSE, MAE, PINBALL -> {}
      case AUC, PR_AUC, MCC -> checkClasses(counts(examples, counting));
      case F1 -> checkPositive(counts(examples, counting));
      case R2 -> checkDifferent(data, counting);
      case MAPE -> checkZeros(data, counting);
    }
  }

  private void checkClasses(int[] counts) {
    if (counts.length == 2 && (counts[0] == 0 || counts[1] == 0)) {
      throw new InvalidSpecException(
          "/selection",
          "%s needs validation rows of both classes, there are %d of one and %d of the other"
              .formatted(selection, counts[0], counts[1]));
    }
    if (Arrays.stream(counts).filter(count -> count > 0).count() < 2) {
      throw new InvalidSpecException(
          "/selection",
          "%s needs validation rows of at least 2 classes, all %d are of one"
              .formatted(selection, Arrays.stream(counts).sum()));
    }
  }

  /// F1 of a class that neither occurs nor is answered says nothing. Of many classes one occurs.
  private void checkPositive(int[] counts) {
    Threshold threshold = Judging.threshold(training, target);
    int positive = (threshold == null ? Threshold.HALF : threshold).positive();
    if (counts.length == 2 && counts[positive] == 0) {
      throw new InvalidSpecException(
          "/selection",
          "%s needs validation rows of the positive class%s, of %d there are 0"
              .formatted(
                  selection,
                  target instanceof Target.Classes(_, List<Label> classes)
                      ? ", '%s'".formatted(classes.get(positive).text())
                      : "",
                  Arrays.stream(counts).sum()));
    }
  }

  private int[] counts(Examples examples, int[] rows) {
    int[] counts = new int[Math.max(2, target.outputs())];
    for (int row : rows) {
      counts[classOf(examples, row)]++;
    }
    return counts;
  }

  /// Bare numbers are of the class of the largest; a single one is of the second from 0.5 up.
  private static int classOf(Examples examples, int row) {
    if (!(examples instanceof BareExamples bare)) {
      return examples.stratum(row);
    }
    DenseRows targets = Objects.requireNonNull(bare.targetRows());
    if (targets.width() == 1) {
      return targets.value(row, 0) >= 0.5 ? 1 : 0;
    }
    int largest = 0;
    for (int j = 1; j < targets.width(); j++) {
      largest = targets.value(row, j) > targets.value(row, largest) ? j : largest;
    }
    return largest;
  }

  private void checkDifferent(TrainingData data, int[] rows) {
    for (IntToDoubleFunction numbers : numbers(data)) {
      long different = Arrays.stream(rows).mapToDouble(numbers).distinct().limit(2).count();
      if (different < 2) {
        throw new InvalidSpecException(
            "/selection",
            "%s needs validation rows of at least 2 different targets, there are %d in %d rows"
                .formatted(selection, different, rows.length));
      }
    }
  }

  private void checkZeros(TrainingData data, int[] rows) {
    List<IntToDoubleFunction> targets = numbers(data);
    long zeros =
        Arrays.stream(rows)
            .filter(row -> targets.stream().anyMatch(numbers -> numbers.applyAsDouble(row) == 0))
            .count();
    if (zeros > 0) {
      throw new InvalidSpecException(
          "/selection",
          "%s needs validation rows without a target of 0, %d of %d have one"
              .formatted(selection, zeros, rows.length));
    }
  }

  /// The numbers of each target, by row.
  private List<IntToDoubleFunction> numbers(TrainingData data) {
    return switch (data) {
      case TrainingData.Rows(var table, _, _, _) ->
          target.names().stream()
              .map(
                  name -> {
                    Column column = table.required(name);
                    return (IntToDoubleFunction) column::cell;
                  })
              .toList();
      case TrainingData.Bare(var examples) -> {
        DenseRows targets = Objects.requireNonNull(examples.targetRows());
        yield IntStream.range(0, targets.width())
            .mapToObj(j -> (IntToDoubleFunction) row -> targets.value(row, j))
            .toList();
      }
    };
  }
}
