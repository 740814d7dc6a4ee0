package dev.backprop.service.monitoring;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.drift.ColumnReference;
import dev.backprop.engine.drift.Drift;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/// How a column was spread in training and is now: shares of all rows, those with a missing cell
/// included.
///
/// @param edges of a column of numbers or dates, ascending
/// @param values of a column of categories, the most frequent in training first, at most 50
/// @param training by value; with edges there is one more than these: below the first, from each to
///   the next, and from the last on
/// @param now likewise
/// @param others the known categories that are not named; left out with edges
@JsonInclude(JsonInclude.Include.NON_NULL)
record DriftHistogram(
    @Nullable List<Label> edges,
    @Nullable List<Label> values,
    List<Double> training,
    List<Double> now,
    @Nullable Others others) {

  record Others(double training, double now) {}

  /// @param label shows a cell of the column
  static DriftHistogram of(Drift.Shares shares, DoubleFunction<Label> label) {
    return switch (shares.bins()) {
      case ColumnReference.Numbers numbers -> {
        int bins = numbers.edges().length + 1;
        yield new DriftHistogram(
            Arrays.stream(numbers.edges()).mapToObj(label).toList(),
            null,
            shares.training().subList(0, bins),
            shares.now().subList(0, bins),
            null);
      }
      case ColumnReference.Categories categories -> {
        int bins = categories.values().size();
        yield new DriftHistogram(
            null,
            categories.values().stream().map(label::apply).toList(),
            shares.training().subList(0, bins),
            shares.now().subList(0, bins),
            new Others(shares.training().get(bins), shares.now().get(bins)));
      }
    };
  }

  /// A class or a label by its place, or a number.
  static Label answer(Target target, double cell) {
    return switch (target) {
      case Target.Classes classes -> classes.classes().get((int) cell);
      case Target.MultiLabel labels -> labels.classes().get((int) cell);
      case Target.Numbers _, Target.Quantiles _, Target.Bare _ -> Label.number(cell);
    };
  }
}
